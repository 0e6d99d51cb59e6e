// One plane of weights against LANES operands, summed by a tree and put at its plane's place: a step for each level of
// the tree, the first with the gates, and one for the place. An operand is a signed activation of ACTIVATION_BITS + 1
// bits or, with PAIRS, a bit of one.
module serial_pe #(
  parameter bit PAIRS = 0,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int OPERAND_BITS = PAIRS ? 1 : ACTIVATION_BITS + 1,
  parameter int SUM_BITS = $clog2(LANES) + (PAIRS ? 2 : ACTIVATION_BITS + 1),
  parameter int SHIFTS = WEIGHT_BITS + (PAIRS ? ACTIVATION_BITS - 1 : 0),
  parameter int SHIFT_BITS = $clog2(SHIFTS),
  parameter int ADDEND_BITS = SUM_BITS + SHIFTS - 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic [LANES-1:0] weights,
  input  logic [LANES*OPERAND_BITS-1:0] operands,
  input  logic [SHIFT_BITS-1:0] shift,  // of what leaves the tree, below SHIFTS
  input  logic negative,
  output logic signed [ADDEND_BITS-1:0] addend
);

  localparam int STEPS = $clog2(LANES) + 1;

  logic signed [SUM_BITS-1:0] sum;
  if (PAIRS) begin : g_pairs
    count_tree #(
      .INPUTS(LANES),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) tree (
      .clk,
      .bits(weights & operands),
      .count(sum[SUM_BITS-2:0])
    );
    assign sum[SUM_BITS-1] = 1'b0;
  end else begin : g_gates
    logic [LANES*OPERAND_BITS-1:0] gated;
    for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
      assign gated[lane*OPERAND_BITS+:OPERAND_BITS] =
          operands[lane*OPERAND_BITS+:OPERAND_BITS] & {OPERAND_BITS{weights[lane]}};
    end
    adder_tree #(
      .INPUTS(LANES),
      .BITS(OPERAND_BITS),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) tree (
      .clk,
      .operands(gated),
      .sum
    );
  end

  logic signed [ADDEND_BITS-1:0] placed, signed_value;
  assign placed = ADDEND_BITS'(sum) <<< shift;

  assign signed_value = (placed ^ {ADDEND_BITS{negative}}) + ADDEND_BITS'({1'b0, negative});
  stage_register #(
    .STEP(STEPS),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(ADDEND_BITS)
  ) place_register (
    .clk,
    .enable(1'b1),
    .value(signed_value),
    .staged(addend)
  );

endmodule
