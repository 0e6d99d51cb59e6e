// Multiplies the sums that drain and adds those of an output: POST_LANES outputs leave behind the last of their sums.
module coefficient_drain #(
  parameter int POST_LANES = 4,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit LEVELS = 0  // a coefficient of the activations' plane, too
) (
  input  logic clk,
  input  array_pkg::control_t now,  // the stage in which sums leave the array
  input  logic [POST_LANES-1:0] valid,
  input  logic [POST_LANES*16-1:0] coefficients,
  input  logic [15:0] level,
  input  logic [POST_LANES*ACCUMULATOR_BITS-1:0] sums,
  output logic [POST_LANES-1:0] total_valid,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] totals
);

  always_ff @(posedge clk) total_valid <= now.drain_last ? valid : '0;

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    logic signed [15:0] coefficient;
    assign coefficient = coefficients[lane*16+:16];
    logic signed [31:0] factor;
    if (LEVELS) begin : g_level
      logic signed [15:0] of_activations;
      assign of_activations = level;
      assign factor = 32'(coefficient) * 32'(of_activations);
    end else begin : g_plain
      assign factor = 32'(coefficient);
      logic unused;
      assign unused = &{1'b0, level};
    end

    logic signed [ACCUMULATOR_BITS-1:0] sum, total;
    assign sum = sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS];
    always_ff @(posedge clk)
      total <= (now.drain_sum == '0 ? '0 : total) + sum * ACCUMULATOR_BITS'(factor);
    assign totals[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] = total;
  end

endmodule
