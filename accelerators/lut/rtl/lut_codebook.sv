// The weights of a word: the table's entries that its codes select, or the codes themselves. A filling word brings
// entries from fill_word words of bytes on.
module lut_codebook #(
  parameter int CODES = 4,
  parameter int WEIGHT_BITS = 8,
  parameter int CODEBOOK_BITS = 4
) (
  input  logic clk,
  input  logic fill,
  input  array_pkg::count_t fill_word,
  input  logic from_table,
  input  logic [(CODES*WEIGHT_BITS+7)/8*8-1:0] word,
  output logic [CODES*WEIGHT_BITS-1:0] weights
);

  localparam int COUNT_BITS = array_pkg::COUNT_BITS;
  localparam int BYTES = (CODES * WEIGHT_BITS + 7) / 8;
  localparam int ENTRIES = 1 << CODEBOOK_BITS;
  localparam int INDEX_BITS = CODEBOOK_BITS < WEIGHT_BITS ? CODEBOOK_BITS : WEIGHT_BITS;

  logic [ENTRIES*WEIGHT_BITS-1:0] entries;
  for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
    always_ff @(posedge clk)
      if (fill && fill_word == COUNT_BITS'(i / BYTES))
        entries[i*WEIGHT_BITS+:WEIGHT_BITS] <= word[i%BYTES*8+:WEIGHT_BITS];
  end

  logic unused;
  assign unused = &{1'b0, word};

  for (genvar i = 0; i < CODES; i++) begin : g_code
    logic [WEIGHT_BITS-1:0] code;
    logic [INDEX_BITS-1:0] index;
    assign code = word[i*WEIGHT_BITS+:WEIGHT_BITS];
    assign index = code[INDEX_BITS-1:0];
    logic [WEIGHT_BITS-1:0] value;
    lut_select #(
      .INDEX_BITS(INDEX_BITS),
      .BITS(WEIGHT_BITS)
    ) select (
      .index,
      .entries(entries[0+:(1<<INDEX_BITS)*WEIGHT_BITS]),
      .entry(value)
    );
    assign weights[i*WEIGHT_BITS+:WEIGHT_BITS] = from_table ? value : code;
  end

endmodule
