// The coefficients of a row block, for each of its sweeps, read from the weight port in the header's cycles.
module plane_table #(
  parameter int ROWS = 4,
  parameter int LANES = 4,
  parameter int PARALLEL = 2,
  parameter int SWEEPS = 1
) (
  input  logic clk,
  input  logic reset,
  input  logic header,  // a table word stands on the port
  input  array_pkg::index_t rows_used,
  input  logic [ROWS*LANES*PARALLEL-1:0] word,
  output logic [SWEEPS*ROWS*PARALLEL*4-1:0] tables  // row after row
);

  localparam int WORD_BITS = ROWS * LANES * PARALLEL;
  localparam int TABLE_BITS = ROWS * PARALLEL * 4;
  localparam int WORDS = (TABLE_BITS + WORD_BITS - 1) / WORD_BITS;
  localparam int WORD_COUNT_BITS = $clog2(WORDS + 1);
  localparam int SWEEP_COUNT_BITS = $clog2(SWEEPS + 1);

  logic [WORD_COUNT_BITS-1:0] table_word;
  logic [SWEEP_COUNT_BITS-1:0] sweep;
  logic last_of_table;  // a table takes rows_used * 4 / (ROWS * LANES) words, rounded up
  assign last_of_table = (32'(table_word) + 32'd1) * 32'(ROWS * LANES) >= 32'(rows_used) * 32'd4;

  always_ff @(posedge clk) begin
    if (reset || !header) begin
      table_word <= '0;
      sweep <= '0;
    end else if (last_of_table) begin
      table_word <= '0;
      sweep <= sweep + 1'b1;
    end else begin
      table_word <= table_word + 1'b1;
    end
  end

  for (genvar s = 0; s < SWEEPS; s++) begin : g_sweep
    for (genvar w = 0; w < WORDS; w++) begin : g_word
      localparam int FIRST = w * WORD_BITS;
      localparam int COUNT = TABLE_BITS - FIRST < WORD_BITS ? TABLE_BITS - FIRST : WORD_BITS;
      always_ff @(posedge clk)
        if (header && sweep == SWEEP_COUNT_BITS'(s) && table_word == WORD_COUNT_BITS'(w))
          tables[s*TABLE_BITS+FIRST+:COUNT] <= word[COUNT-1:0];
    end
  end

  if (WORD_BITS > TABLE_BITS) begin : g_wide
    logic unused;
    assign unused = &{1'b0, word[WORD_BITS-1:TABLE_BITS]};
  end

endmodule
