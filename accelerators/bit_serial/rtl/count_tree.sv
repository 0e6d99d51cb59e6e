// Counts the ones among INPUTS bits, a register per level.
module count_tree #(
  parameter int INPUTS = 4,
  parameter int LEVELS = $clog2(INPUTS)
) (
  input  logic clk,
  input  logic [INPUTS-1:0] bits,
  output logic [LEVELS:0] count
);

  for (genvar level = 0; level <= LEVELS; level++) begin : g_level
    localparam int COUNT = (INPUTS + (1 << level) - 1) >> level;
    localparam int WIDTH = 1 + level;
    logic [COUNT*WIDTH-1:0] counts;
    if (level == 0) begin : g_inputs
      assign counts = bits;
    end else begin : g_adders
      localparam int BEFORE = (INPUTS + (1 << (level - 1)) - 1) >> (level - 1);
      for (genvar i = 0; i < COUNT; i++) begin : g_adder
        logic [WIDTH-2:0] left;
        assign left = g_level[level-1].counts[2*i*(WIDTH-1)+:WIDTH-1];
        if (2 * i + 1 < BEFORE) begin : g_pair
          logic [WIDTH-2:0] right;
          assign right = g_level[level-1].counts[(2*i+1)*(WIDTH-1)+:WIDTH-1];
          always_ff @(posedge clk) counts[i*WIDTH+:WIDTH] <= WIDTH'(left) + WIDTH'(right);
        end else begin : g_single
          always_ff @(posedge clk) counts[i*WIDTH+:WIDTH] <= WIDTH'(left);
        end
      end
    end
  end

  assign count = g_level[LEVELS].counts;

endmodule
