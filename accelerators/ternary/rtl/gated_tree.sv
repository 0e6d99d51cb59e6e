// adder_tree with a carry into every adder: adds the operands, two at least, and INPUTS - 1 single bits. A level is a step.
module gated_tree #(
  parameter int INPUTS = 4,
  parameter int BITS = 9,
  parameter int LEVELS = $clog2(INPUTS),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic [INPUTS*BITS-1:0] operands,
  input  logic [INPUTS-2:0] carries,
  output logic [BITS+LEVELS-1:0] sum
);

  for (genvar level = 0; level <= LEVELS; level++) begin : g_level
    localparam int COUNT = (INPUTS + (1 << level) - 1) >> level;
    localparam int WIDTH = BITS + level;
    localparam int PENDING = COUNT > 1 ? COUNT - 1 : 1;  // bits that no adder has taken yet
    logic [COUNT*WIDTH-1:0] sums;
    logic [PENDING-1:0] pending;
    if (level == 0) begin : g_inputs
      assign sums = operands;
      assign pending = carries;
    end else begin : g_adders
      localparam int BEFORE = (INPUTS + (1 << (level - 1)) - 1) >> (level - 1);
      localparam int ADDERS = BEFORE / 2;
      logic [COUNT*WIDTH-1:0] added;
      logic [PENDING-1:0] waiting;
      for (genvar i = 0; i < COUNT; i++) begin : g_adder
        logic signed [WIDTH-2:0] left;
        assign left = g_level[level-1].sums[2*i*(WIDTH-1)+:WIDTH-1];
        if (i < ADDERS) begin : g_pair
          logic signed [WIDTH-2:0] right;
          logic signed [WIDTH:0] augend, addend, total;
          assign right = g_level[level-1].sums[(2*i+1)*(WIDTH-1)+:WIDTH-1];
          assign augend = {left[WIDTH-2], left, 1'b1};  // the two lowest bits make the carry
          assign addend = {right[WIDTH-2], right, g_level[level-1].pending[i]};
          assign total = augend + addend;
          assign added[i*WIDTH+:WIDTH] = total[WIDTH:1];
          logic unused;
          assign unused = total[0];
        end else begin : g_single
          assign added[i*WIDTH+:WIDTH] = WIDTH'(left);
        end
      end
      if (COUNT > 1) begin : g_pending
        assign waiting = g_level[level-1].pending[BEFORE-2:ADDERS];
      end else begin : g_taken
        assign waiting = '0;
      end
      stage_register #(
        .STEP(level),
        .STEPS(LEVELS),
        .PIPELINE(PIPELINE),
        .BITS(PENDING + COUNT * WIDTH)
      ) level_register (
        .clk,
        .enable(1'b1),
        .value({waiting, added}),
        .staged({pending, sums})
      );
    end
  end

  assign sum = g_level[LEVELS].sums;

  logic unused;
  assign unused = &{1'b0, g_level[LEVELS].pending};

endmodule
