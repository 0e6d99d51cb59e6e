// Counts the ones among INPUTS bits; a level is a step of the datapath.
module count_tree #(
  parameter int INPUTS = 4,
  parameter int LEVELS = $clog2(INPUTS),
  parameter int STEPS = LEVELS,
  parameter int PIPELINE = array_pkg::EVERY_STEP
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
      logic [COUNT*WIDTH-1:0] added;
      for (genvar i = 0; i < COUNT; i++) begin : g_adder
        logic [WIDTH-2:0] left;
        assign left = g_level[level-1].counts[2*i*(WIDTH-1)+:WIDTH-1];
        if (2 * i + 1 < BEFORE) begin : g_pair
          logic [WIDTH-2:0] right;
          assign right = g_level[level-1].counts[(2*i+1)*(WIDTH-1)+:WIDTH-1];
          assign added[i*WIDTH+:WIDTH] = WIDTH'(left) + WIDTH'(right);
        end else begin : g_single
          assign added[i*WIDTH+:WIDTH] = WIDTH'(left);
        end
      end
      stage_register #(
        .STEP(level),
        .STEPS(STEPS),
        .PIPELINE(PIPELINE),
        .BITS(COUNT * WIDTH)
      ) level_register (
        .clk,
        .enable(1'b1),
        .value(added),
        .staged(counts)
      );
    end
  end

  assign count = g_level[LEVELS].counts;

endmodule
