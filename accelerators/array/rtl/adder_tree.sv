// Adds INPUTS signed operands of BITS, a register per level; the sum has BITS + levels bits.
module adder_tree #(
  parameter int INPUTS = 4,
  parameter int BITS = 16,
  parameter int LEVELS = $clog2(INPUTS)
) (
  input  logic clk,
  input  logic [INPUTS*BITS-1:0] operands,
  output logic [BITS+LEVELS-1:0] sum
);

  for (genvar level = 0; level <= LEVELS; level++) begin : g_level
    localparam int COUNT = (INPUTS + (1 << level) - 1) >> level;
    localparam int WIDTH = BITS + level;
    logic [COUNT*WIDTH-1:0] sums;
    if (level == 0) begin : g_inputs
      assign sums = operands;
    end else begin : g_adders
      localparam int BEFORE = (INPUTS + (1 << (level - 1)) - 1) >> (level - 1);
      for (genvar i = 0; i < COUNT; i++) begin : g_adder
        logic signed [WIDTH-2:0] left;
        assign left = g_level[level-1].sums[2*i*(WIDTH-1)+:WIDTH-1];
        if (2 * i + 1 < BEFORE) begin : g_pair
          logic signed [WIDTH-2:0] right;
          assign right = g_level[level-1].sums[(2*i+1)*(WIDTH-1)+:WIDTH-1];
          always_ff @(posedge clk) sums[i*WIDTH+:WIDTH] <= WIDTH'(left) + WIDTH'(right);
        end else begin : g_single
          always_ff @(posedge clk) sums[i*WIDTH+:WIDTH] <= WIDTH'(left);
        end
      end
    end
  end

  assign sum = g_level[LEVELS].sums;

endmodule
