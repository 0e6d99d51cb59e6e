// The table of GROUP activations, each entry a register. Full: entry i holds the sum of the activations whose bit in i
// is set, from 1 on. Half: entry i holds the sum of all, the last added, each other added where its bit in i is set and
// else subtracted.
module lut_table #(
  parameter int GROUP = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter bit HALF = 0,
  parameter int ENTRY_BITS = ACTIVATION_BITS + 1 + $clog2(GROUP),
  parameter int ENTRIES = HALF ? 1 << (GROUP - 1) : (1 << GROUP) - 1
) (
  input  logic clk,
  input  logic build,
  input  logic activation_signed,
  input  logic [GROUP*ACTIVATION_BITS-1:0] activations,
  output logic [ENTRIES*ENTRY_BITS-1:0] entries
);

  localparam int OPERAND_BITS = ACTIVATION_BITS + 1;
  localparam int LOW = GROUP / 2;  // activations of the lower half of an index
  localparam int HIGH = GROUP - LOW;

  logic [GROUP*OPERAND_BITS-1:0] operands;
  for (genvar i = 0; i < GROUP; i++) begin : g_operand
    logic guard;
    assign guard = activation_signed & activations[(i+1)*ACTIVATION_BITS-1];
    assign operands[i*OPERAND_BITS+:OPERAND_BITS] = {guard, activations[i*ACTIVATION_BITS+:ACTIVATION_BITS]};
  end

  logic [ENTRIES*ENTRY_BITS-1:0] sums;
  always_ff @(posedge clk) if (build) entries <= sums;

  if (HALF) begin : g_half
    logic [(1<<(LOW-1))*ENTRY_BITS-1:0] low;
    logic [(1<<(HIGH-1))*ENTRY_BITS-1:0] high;
    lut_signs #(
      .N(LOW),
      .OPERAND_BITS(OPERAND_BITS),
      .BITS(ENTRY_BITS)
    ) low_signs (
      .operands(operands[0+:LOW*OPERAND_BITS]),
      .sums(low)
    );
    lut_signs #(
      .N(HIGH),
      .OPERAND_BITS(OPERAND_BITS),
      .BITS(ENTRY_BITS)
    ) high_signs (
      .operands(operands[LOW*OPERAND_BITS+:HIGH*OPERAND_BITS]),
      .sums(high)
    );
    for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
      localparam int OF_LOW = i % (1 << LOW);
      localparam bit ADD = OF_LOW >= 1 << (LOW - 1);
      localparam int LOW_INDEX = ADD ? OF_LOW - (1 << (LOW - 1)) : (1 << (LOW - 1)) - 1 - OF_LOW;
      logic signed [ENTRY_BITS-1:0] left, right;
      assign left = high[(i>>LOW)*ENTRY_BITS+:ENTRY_BITS];
      assign right = low[LOW_INDEX*ENTRY_BITS+:ENTRY_BITS];
      assign sums[i*ENTRY_BITS+:ENTRY_BITS] = ADD ? left + right : left - right;
    end
  end else begin : g_full
    for (genvar i = 1; i <= ENTRIES; i++) begin : g_entry
      localparam int OF_LOW = i % (1 << LOW);
      localparam int OF_HIGH = i - OF_LOW;
      localparam int PART = OF_LOW != 0 && OF_HIGH != 0 ? OF_LOW : i & -i;  // one of two parts of the sum
      logic signed [ENTRY_BITS-1:0] sum;
      if (i == PART) begin : g_operand
        logic signed [OPERAND_BITS-1:0] operand;
        assign operand = operands[$clog2(i)*OPERAND_BITS+:OPERAND_BITS];
        assign sum = ENTRY_BITS'(operand);
      end else begin : g_sum
        logic signed [ENTRY_BITS-1:0] left, right;
        assign left = g_entry[PART].sum;
        assign right = g_entry[i-PART].sum;
        assign sum = left + right;
      end
      assign sums[(i-1)*ENTRY_BITS+:ENTRY_BITS] = sum;
    end
  end

endmodule
