// Adds, subtracts or leaves out LANES activations: a step for each level of the tree, the first with the gates.
module gated_pe #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int SUM_BITS = ACTIVATION_BITS + 1 + $clog2(LANES),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic activation_signed,
  input  logic [LANES*ACTIVATION_BITS-1:0] activations,
  input  logic [LANES-1:0] not_zero,
  input  logic [LANES-1:0] negative,  // never without not_zero
  output logic [SUM_BITS-1:0] sum
);

  localparam int BITS = ACTIVATION_BITS + 1;
  logic [LANES*BITS-1:0] operands;

  // -x is the complement of x and a carry; the tree has one adder less than lanes, so the last lane has its own.
  for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
    logic [ACTIVATION_BITS-1:0] activation;
    logic [BITS-1:0] gated;
    assign activation = activations[lane*ACTIVATION_BITS+:ACTIVATION_BITS] & {ACTIVATION_BITS{not_zero[lane]}};
    assign gated = {activation_signed & activation[ACTIVATION_BITS-1], activation} ^ {BITS{negative[lane]}};
    if (lane < LANES - 1) begin : g_open
      assign operands[lane*BITS+:BITS] = gated;
    end else begin : g_closed
      assign operands[lane*BITS+:BITS] = gated + BITS'(negative[lane]);
    end
  end

  if (LANES > 1) begin : g_tree
    gated_tree #(
      .INPUTS(LANES),
      .BITS(BITS),
      .PIPELINE(PIPELINE)
    ) tree (
      .clk,
      .operands,
      .carries(negative[LANES-2:0]),
      .sum
    );
  end else begin : g_single
    assign sum = operands;
    logic unused;
    assign unused = clk;
  end

endmodule
