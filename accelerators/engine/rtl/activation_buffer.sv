// The activation buffer: banks, the addresses of every column's read, and the rotations between columns and banks.
// activation_buffer.md beside this folder has the layout; what of a tile and a word the inputs hold stands beside them.
//
// A read's words stand at the outputs in the cycle after it. `prepare` takes COLUMNS cycles and may run while the tile
// before still reads; the inputs under it must stand until begin_tile, and are the running tile's from then on.
module activation_buffer #(
  parameter int COLUMNS = 16,
  parameter int ROW_BITS = 16,   // of a bank
  parameter int WORD_BITS = 8,   // that a column takes
  parameter int DEPTH = 2048,    // rows of a bank
  parameter int BEAT = 8,        // rows that a load writes at most, of as many banks
  parameter int LOW_BITS = 4,    // of a column's number; one where there is one column
  parameter int ADDRESS_BITS = 11,
  parameter int PIXEL_BITS = 15,
  parameter int SHIFT_BITS = 4   // of a bit's place in a row
) (
  input  logic                        clk,
  input  logic                        reset,
  // a beat: rows of one cell, or a row each of successive cells
  input  logic [BEAT-1:0]             write,
  input  logic [LOW_BITS-1:0]         write_bank,     // of the first row
  input  logic [ADDRESS_BITS-1:0]     write_address,  // of the first row
  input  logic                        same_cell,
  input  logic [LOW_BITS:0]           carry_from,     // the first row that lies in the next stripe of cells
  input  logic [ADDRESS_BITS-1:0]     carry_rows,     // what that adds
  input  logic [BEAT*ROW_BITS-1:0]    write_rows,
  // the tile to come
  input  logic                        prepare,
  input  logic                        spread,         // a block is one output, its columns the rows of its cell
  input  logic [PIXEL_BITS-1:0]       row_outputs,
  input  logic [LOW_BITS-1:0]         end_low,        // from an image row's last output to the next one's first
  input  logic [ADDRESS_BITS-1:0]     end_high,
  input  logic [PIXEL_BITS-1:0]       step_x,         // outputs of a block, modulo row_outputs
  input  logic [LOW_BITS-1:0]         step_low,       // cells from a block to the next: in the same image row,
  input  logic [ADDRESS_BITS-1:0]     step_high,
  input  logic [LOW_BITS-1:0]         wrapped_low,    // and an image row further
  input  logic [ADDRESS_BITS-1:0]     wrapped_high,
  input  logic [LOW_BITS-1:0]         step_bank,      // banks, likewise
  input  logic [LOW_BITS-1:0]         wrapped_bank,
  input  logic [ADDRESS_BITS-1:0]     stripe_rows,    // bank rows of a stripe of cells
  // the running tile
  input  logic                        begin_tile,
  input  logic                        restart,
  input  logic                        advance,
  input  logic                        read,
  input  logic [LOW_BITS-1:0]         tap_low,        // cells from the output's first to the word's
  input  logic [ADDRESS_BITS-1:0]     tap_high,       // with the region's first row, the phase's and the word's in the cell
  input  logic [LOW_BITS-1:0]         tap_bank,
  input  logic [SHIFT_BITS-1:0]       tap_shift,      // the word's first bit in its row
  output logic [COLUMNS*WORD_BITS-1:0] words,
  output logic [COLUMNS*ROW_BITS-1:0]  rows           // for the post-processor
);

  // What was prepared is the running tile's.
  logic [PIXEL_BITS-1:0]   tile_row_outputs, tile_step_x;
  logic [LOW_BITS-1:0]     tile_step_low, tile_wrapped_low, tile_step_bank, tile_wrapped_bank;
  logic [ADDRESS_BITS-1:0] tile_step_high, tile_wrapped_high, tile_stripe_rows;
  always_ff @(posedge clk) begin
    if (begin_tile) begin
      tile_row_outputs <= row_outputs;
      tile_step_x <= step_x;
      tile_step_low <= step_low;
      tile_step_high <= step_high;
      tile_wrapped_low <= wrapped_low;
      tile_wrapped_high <= wrapped_high;
      tile_step_bank <= step_bank;
      tile_wrapped_bank <= wrapped_bank;
      tile_stripe_rows <= stripe_rows;
    end
  end

  logic push;
  logic [PIXEL_BITS-1:0]   chain_x[COLUMNS+1];
  logic [LOW_BITS-1:0]     chain_low[COLUMNS+1];
  logic [ADDRESS_BITS-1:0] chain_high[COLUMNS+1];
  activation_walk #(
    .COLUMNS(COLUMNS),
    .LOW_BITS(LOW_BITS),
    .ADDRESS_BITS(ADDRESS_BITS),
    .PIXEL_BITS(PIXEL_BITS)
  ) walk (
    .clk,
    .reset,
    .prepare,
    .spread,
    .row_outputs,
    .end_low,
    .end_high,
    .stripe_rows,
    .push,
    .x(chain_x[COLUMNS]),
    .low(chain_low[COLUMNS]),
    .high(chain_high[COLUMNS])
  );

  logic [COLUMNS-1:0] wraps;
  logic [COLUMNS*ADDRESS_BITS-1:0] column_addresses, bank_addresses;
  for (genvar column = 0; column < COLUMNS; column++) begin : columns
    activation_column #(
      .COLUMNS(COLUMNS),
      .LOW_BITS(LOW_BITS),
      .ADDRESS_BITS(ADDRESS_BITS),
      .PIXEL_BITS(PIXEL_BITS)
    ) place (
      .clk,
      .push,
      .begin_tile,
      .restart,
      .advance,
      .push_x(chain_x[column+1]),
      .push_low(chain_low[column+1]),
      .push_high(chain_high[column+1]),
      .next_x(chain_x[column]),
      .next_low(chain_low[column]),
      .next_high(chain_high[column]),
      .row_outputs(tile_row_outputs),
      .step_x(tile_step_x),
      .step_low(tile_step_low),
      .step_high(tile_step_high),
      .wrapped_low(tile_wrapped_low),
      .wrapped_high(tile_wrapped_high),
      .stripe_rows(tile_stripe_rows),
      .tap_low,
      .tap_high,
      .wraps(wraps[column]),
      .address(column_addresses[column*ADDRESS_BITS+:ADDRESS_BITS])
    );
  end

  function automatic logic [LOW_BITS-1:0] bank_sum(logic [LOW_BITS-1:0] a, logic [LOW_BITS-1:0] b);
    logic [LOW_BITS:0] sum;
    sum = {1'b0, a} + {1'b0, b};
    bank_sum = LOW_BITS'(sum >= (LOW_BITS + 1)'(COLUMNS) ? sum - (LOW_BITS + 1)'(COLUMNS) : sum);
  endfunction

  // The rotation that undoes one.
  function automatic logic [LOW_BITS-1:0] undone(logic [LOW_BITS-1:0] amount);
    undone = amount == '0 ? '0 : LOW_BITS'((LOW_BITS + 1)'(COLUMNS) - {1'b0, amount});
  endfunction

  // The bank that the first column reads.
  logic [LOW_BITS-1:0] block_bank, rotation, read_rotation;
  assign rotation = bank_sum(block_bank, tap_bank);
  always_ff @(posedge clk) begin
    if (begin_tile || restart) block_bank <= '0;
    else if (advance) block_bank <= bank_sum(block_bank, wraps[0] ? tile_wrapped_bank : tile_step_bank);
  end

  rotator #(
    .ELEMENTS(COLUMNS),
    .BITS(ADDRESS_BITS),
    .AMOUNT_BITS(LOW_BITS)
  ) to_banks (
    .elements(column_addresses),
    .amount(undone(rotation)),
    .rotated(bank_addresses)
  );

  logic [COLUMNS*ROW_BITS-1:0] beat_rows, written_rows;
  logic [LOW_BITS-1:0] write_back;
  assign write_back = undone(write_bank);
  assign beat_rows = (COLUMNS * ROW_BITS)'(write_rows);
  rotator #(
    .ELEMENTS(COLUMNS),
    .BITS(ROW_BITS),
    .AMOUNT_BITS(LOW_BITS)
  ) to_write (
    .elements(beat_rows),
    .amount(write_back),
    .rotated(written_rows)
  );

  logic [COLUMNS-1:0] writes;
  assign writes = COLUMNS'(write);
  logic [COLUMNS*ROW_BITS-1:0] read_rows;
  for (genvar bank = 0; bank < COLUMNS; bank++) begin : banks
    logic [LOW_BITS-1:0] beat_row;  // what of the beat this bank takes
    logic [ADDRESS_BITS-1:0] address;
    assign beat_row = bank_sum(LOW_BITS'(bank), write_back);
    assign address = write_address + (same_cell ? ADDRESS_BITS'(beat_row) : '0) +
                     ({1'b0, beat_row} >= carry_from ? carry_rows : '0);
    activation_bank #(
      .ROW_BITS(ROW_BITS),
      .DEPTH(DEPTH),
      .ADDRESS_BITS(ADDRESS_BITS)
    ) memory (
      .clk,
      .write(writes[beat_row]),
      .write_address(address),
      .write_row(written_rows[bank*ROW_BITS+:ROW_BITS]),
      .read,
      .read_address(bank_addresses[bank*ADDRESS_BITS+:ADDRESS_BITS]),
      .read_row(read_rows[bank*ROW_BITS+:ROW_BITS])
    );
  end

  logic [SHIFT_BITS-1:0] read_shift;
  always_ff @(posedge clk) begin
    if (read) begin
      read_rotation <= rotation;
      read_shift <= tap_shift;
    end
  end

  rotator #(
    .ELEMENTS(COLUMNS),
    .BITS(ROW_BITS),
    .AMOUNT_BITS(LOW_BITS)
  ) to_columns (
    .elements(read_rows),
    .amount(read_rotation),
    .rotated(rows)
  );
  for (genvar column = 0; column < COLUMNS; column++) begin : selections
    assign words[column*WORD_BITS+:WORD_BITS] = WORD_BITS'(rows[column*ROW_BITS+:ROW_BITS] >> read_shift);
  end

endmodule
