// The activations that a column holds: signed values of ACTIVATION_BITS + 1 bits, codes decoded on their way in where the
// tile has levels, or, with PAIRS, the plane of them that a pass takes.
module operand_column #(
  parameter bit PAIRS = 0,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int CODE_BITS = 0,  // of codes with levels; 0: no levels are decoded
  parameter int OPERAND_BITS = PAIRS ? 1 : ACTIVATION_BITS + 1
) (
  input  logic clk,
  input  logic read,
  input  logic [LANES*ACTIVATION_BITS-1:0] word,
  input  logic activation_signed,
  input  logic decode,
  input  logic [3:0] code_bits,
  input  logic [(16<<CODE_BITS)-1:0] levels,
  input  logic [3:0] plane,
  output logic [LANES*OPERAND_BITS-1:0] operands
);

  localparam int BITS = PAIRS || CODE_BITS == 0 ? ACTIVATION_BITS : ACTIVATION_BITS + 1;

  for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
    logic [ACTIVATION_BITS-1:0] activation;
    logic [BITS-1:0] entering, held;
    assign activation = word[lane*ACTIVATION_BITS+:ACTIVATION_BITS];
    if (!PAIRS && CODE_BITS > 0) begin : g_decode
      logic [CODE_BITS-1:0] code;
      always_comb begin
        for (int bit_ = 0; bit_ < CODE_BITS; bit_++) code[bit_] = activation[bit_] & (4'(bit_) < code_bits);
        entering = {activation_signed & activation[ACTIVATION_BITS-1], activation};
        for (int c = 0; c < 1 << CODE_BITS; c++)
          if (decode && code == CODE_BITS'(c)) entering = levels[c*16+:BITS];
      end
    end else begin : g_code
      assign entering = activation;
    end
    always_ff @(posedge clk) if (read) held <= entering;

    if (PAIRS) begin : g_plane
      localparam int PLANE_BITS = ACTIVATION_BITS > 1 ? $clog2(ACTIVATION_BITS) : 1;
      logic [(1<<PLANE_BITS)-1:0] planes;
      assign planes = (1<<PLANE_BITS)'(held);
      assign operands[lane] = planes[plane[PLANE_BITS-1:0]];
    end else if (CODE_BITS > 0) begin : g_value
      assign operands[lane*OPERAND_BITS+:OPERAND_BITS] = held;
    end else begin : g_extended
      assign operands[lane*OPERAND_BITS+:OPERAND_BITS] = {activation_signed & held[ACTIVATION_BITS-1], held};
    end
  end

  if (PAIRS) begin : g_pairs
    logic unused;
    assign unused = &{1'b0, activation_signed, decode, code_bits, levels, plane};
  end else begin : g_values
    logic unused;
    assign unused = &{1'b0, plane, decode, code_bits, levels};
  end

endmodule
