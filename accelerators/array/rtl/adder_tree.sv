// Adds INPUTS signed operands of BITS; the sum has BITS + levels bits. A level is a step of the datapath, the first one
// behind STEPS_BEFORE others.
module adder_tree #(
  parameter int INPUTS = 4,
  parameter int BITS = 16,
  parameter int LEVELS = $clog2(INPUTS),
  parameter int STEPS_BEFORE = 0,
  parameter int STEPS = STEPS_BEFORE + LEVELS,
  parameter int PIPELINE = array_pkg::EVERY_STEP
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
      logic [COUNT*WIDTH-1:0] added;
      for (genvar i = 0; i < COUNT; i++) begin : g_adder
        logic signed [WIDTH-2:0] left;
        assign left = g_level[level-1].sums[2*i*(WIDTH-1)+:WIDTH-1];
        if (2 * i + 1 < BEFORE) begin : g_pair
          logic signed [WIDTH-2:0] right;
          assign right = g_level[level-1].sums[(2*i+1)*(WIDTH-1)+:WIDTH-1];
          assign added[i*WIDTH+:WIDTH] = WIDTH'(left) + WIDTH'(right);
        end else begin : g_single
          assign added[i*WIDTH+:WIDTH] = WIDTH'(left);
        end
      end
      stage_register #(
        .STEP(STEPS_BEFORE + level),
        .STEPS(STEPS),
        .PIPELINE(PIPELINE),
        .BITS(COUNT * WIDTH)
      ) level_register (
        .clk,
        .enable(1'b1),
        .value(added),
        .staged(sums)
      );
    end
  end

  assign sum = g_level[LEVELS].sums;

  if (LEVELS == 0) begin : g_no_level
    logic unused;
    assign unused = clk;
  end

endmodule
