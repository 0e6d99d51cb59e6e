// pop(m) - 2 pop(m & (sign of w ^ sign of x)) over LANES, m = both not zero: a counter per 16 lanes, a step, then
// a tree of counters, a step for each level.
module popcount_pe #(
  parameter int LANES = 16,
  parameter int COUNTERS = (LANES + 15) / 16,
  parameter int SUM_BITS = 6 + $clog2(COUNTERS),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic [LANES-1:0] weight_not_zero,
  input  logic [LANES-1:0] weight_negative,
  input  logic [LANES-1:0] activation_not_zero,
  input  logic [LANES-1:0] activation_negative,
  output logic [SUM_BITS-1:0] sum
);

  logic [LANES-1:0] lane_match, lane_minus;
  assign lane_match = weight_not_zero & activation_not_zero;
  assign lane_minus = lane_match & (weight_negative ^ activation_negative);
  logic [COUNTERS*16-1:0] match, minus;
  always_comb begin
    match = '0;
    minus = '0;
    match[LANES-1:0] = lane_match;
    minus[LANES-1:0] = lane_minus;
  end

  localparam int STEPS = 1 + $clog2(COUNTERS);
  logic [COUNTERS*6-1:0] counted, counts;
  for (genvar counter = 0; counter < COUNTERS; counter++) begin : g_counter
    logic [4:0] hits, losses;
    always_comb begin
      hits = '0;
      losses = '0;
      for (int lane = 0; lane < 16; lane++) begin
        hits = hits + 5'(match[counter*16+lane]);
        losses = losses + 5'(minus[counter*16+lane]);
      end
    end
    assign counted[counter*6+:6] = {1'b0, hits} - {losses, 1'b0};
  end
  stage_register #(
    .STEP(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(COUNTERS * 6)
  ) counter_register (
    .clk,
    .enable(1'b1),
    .value(counted),
    .staged(counts)
  );

  if (COUNTERS > 1) begin : g_tree
    adder_tree #(
      .INPUTS(COUNTERS),
      .BITS(6),
      .STEPS_BEFORE(1),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) tree (
      .clk,
      .operands(counts),
      .sum
    );
  end else begin : g_single
    assign sum = counts;
  end

endmodule
