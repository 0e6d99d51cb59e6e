// How many of up to three thresholds of its channel a stream value reaches: all compared at once, in the stage in which
// the code multiplier works. What the parameter buffer answers a stage earlier is taken at its end.
module post_compare #(
  parameter int COMPARATORS = 3
) (
  input  logic clk,
  input  logic enable,
  input  logic [1:0] count,         // thresholds
  input  logic [3*32-1:0] thresholds,
  input  logic [15:0] stream,
  output logic [1:0] reached        // belongs to the next cycle
);

  localparam int BITS = 17;  // a stream's value, and one beyond its reach
  logic [BITS-1:0] value;
  assign value = {stream[15], stream};

  logic [2:0] reaches;
  for (genvar i = 0; i < 3; i++) begin : g_threshold
    if (i < COMPARATORS) begin : g_compared
      logic [BITS-1:0] threshold;
      logic reached_one;
      always_ff @(posedge clk) if (enable) threshold <= thresholds[i*32+:BITS];
      post_reaches #(.BITS(BITS)) reaches_it (.value, .threshold, .reached(reached_one));
      assign reaches[i] = count > 2'(i) && reached_one;
    end else begin : g_absent
      assign reaches[i] = 1'b0;
    end
  end
  always_ff @(posedge clk) if (enable) reached <= 2'(reaches[0]) + 2'(reaches[1]) + 2'(reaches[2]);

  logic unused;
  assign unused = &{1'b0, thresholds, count};

endmodule
