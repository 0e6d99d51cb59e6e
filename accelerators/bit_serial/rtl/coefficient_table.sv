// Coefficients of two row blocks, one of which may still drain, and activation levels, as headers bring them: words of
// WORD_BITS, whole bytes, levels in words of their own before the first row block's coefficients.
module coefficient_table #(
  parameter int ROWS = 4,
  parameter int POST_LANES = 4,
  parameter int COEFFICIENTS = 4,  // of a row
  parameter int LEVEL_BITS = 0,    // of an activation's code; 0: no levels
  parameter int WORD_BITS = 16
) (
  input  logic clk,
  input  array_pkg::control_t now,  // stage 1
  input  logic [WORD_BITS-1:0] word,
  input  array_pkg::count_t level_words,
  input  logic [6:0] row_coefficients,
  input  logic [6:0] plane,
  output logic [POST_LANES*16-1:0] coefficients,  // of the outputs that drain
  output logic [(16<<LEVEL_BITS)-1:0] levels
);

  localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);
  localparam int COUNT_BITS = array_pkg::COUNT_BITS;
  localparam int BYTES = WORD_BITS / 8;
  localparam int ENTRIES = ROWS * COEFFICIENTS;

  logic of_levels, drained_bank;
  array_pkg::count_t from_coefficients;
  assign of_levels = now.row_block == '0 && now.word < level_words;
  assign from_coefficients = now.row_block == '0 ? now.word - level_words : now.word;

  logic [2*ENTRIES*16-1:0] entries;
  always_ff @(posedge clk) begin
    if (now.turn_around) drained_bank <= now.row_block[0];
    if (now.header)
      for (int i = 0; i < 4 * ENTRIES; i++)
        if (!of_levels && now.row_block[0] == (i >= 2 * ENTRIES) &&
            from_coefficients == COUNT_BITS'(i % (2 * ENTRIES) / BYTES))
          entries[i*8+:8] <= word[i%(2*ENTRIES)%BYTES*8+:8];
  end

  if (LEVEL_BITS > 0) begin : g_levels
    always_ff @(posedge clk)
      if (now.header)
        for (int i = 0; i < 2 << LEVEL_BITS; i++)
          if (of_levels && now.word == COUNT_BITS'(i / BYTES)) levels[i*8+:8] <= word[i%BYTES*8+:8];
  end else begin : g_no_levels
    assign levels = '0;
  end

  // A lane of the drain has its rows, ROW_LANES apart (drain_share).
  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    localparam int ROW = lane % ROW_LANES;
    array_pkg::count_t place;
    assign place = (COUNT_BITS'(now.drain_row_group) * COUNT_BITS'(ROW_LANES) + COUNT_BITS'(ROW)) *
                   COUNT_BITS'(row_coefficients) + COUNT_BITS'(plane);
    always_comb begin
      coefficients[lane*16+:16] = '0;
      for (int i = 0; i < ENTRIES; i++)
        if (place == COUNT_BITS'(i)) coefficients[lane*16+:16] = entries[(drained_bank?ENTRIES+i:i)*16+:16];
    end
  end

endmodule
