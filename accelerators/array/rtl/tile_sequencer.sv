// Steps an array through a tile: accelerators/array/README.md, "Cycles". `issue` is the cycle in which buffers are
// addressed; control_delay carries it along the array's pipeline.
//
// A row block's descriptor (header, words) must stand on the inputs while fetch_row_block names it; all other inputs
// while busy. `start` is taken while not busy; the next cycle is the tile's first.
module tile_sequencer #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter bit WEIGHT_STATIONARY = 0
) (
  input  logic clk,
  input  logic reset,
  input  logic start,
  input  array_pkg::count_t outputs,              // output channels of the tile, at least 1
  input  array_pkg::count_t group_outputs,        // of a group
  input  array_pkg::count_t first_group_outputs,  // left of the tile's first group
  input  array_pkg::count_t pixels,               // at least 1
  input  array_pkg::count_t passes_per_word,      // at least 1
  input  array_pkg::count_t header,               // cycles, of row block fetch_row_block
  input  array_pkg::count_t words,                // of row block fetch_row_block; may be 0
  input  array_pkg::index_t sums,                 // that an output keeps apart and that leave one by one, at least 1
  output array_pkg::count_t fetch_row_block,
  output array_pkg::control_t issue,
  output logic   busy
);

  localparam int COUNT_BITS = array_pkg::COUNT_BITS;
  localparam int INDEX_BITS = array_pkg::INDEX_BITS;
  localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);
  localparam int COLUMN_LANES = array_pkg::column_lanes(POST_LANES, ROWS, COLUMNS);

  typedef enum logic [2:0] {
    IDLE,
    HEADER,
    PASS,
    TURN,
    DRAIN  // weight-stationary: nothing accumulates meanwhile
  } state_t;

  state_t state;
  array_pkg::count_t row_block, column_block, word, pass, block_words;
  array_pkg::count_t outputs_left, group_left;  // beyond this row block
  array_pkg::count_t pixels_left;               // beyond this column block
  array_pkg::index_t rows_used, columns_used;
  array_pkg::count_t header_cycles;
  logic draining, empty;
  array_pkg::index_t drain_rows, drain_rows_left, drain_columns_left;
  array_pkg::index_t drain_row_group, drain_column_group, drain_sum;

  function automatic array_pkg::index_t at_most(array_pkg::count_t left, array_pkg::count_t limit);
    at_most = INDEX_BITS'(left < limit ? left : limit);
  endfunction

  function automatic state_t first_state(array_pkg::count_t headers, array_pkg::count_t passes);
    first_state = headers != '0 ? HEADER : passes != '0 ? PASS : TURN;
  endfunction

  // Where a row block begins: its rows are of one group.
  logic new_row_block;
  array_pkg::count_t outputs_now, group_now;
  array_pkg::index_t rows_next;
  assign outputs_now = state == IDLE ? outputs : outputs_left;
  assign group_now = state == IDLE ? first_group_outputs : group_left == '0 ? group_outputs : group_left;
  assign rows_next = at_most(group_now < outputs_now ? group_now : outputs_now, COUNT_BITS'(ROWS));

  logic last_pass, last_word, last_column, last_row_block;
  assign last_pass = pass + 1'b1 == passes_per_word;
  assign last_word = word + 1'b1 == block_words;
  assign last_column = pixels_left == '0;
  assign last_row_block = outputs_left == '0;

  logic turn_around, last_sum, last_rows, last_columns, drain_ends;
  assign turn_around = state == TURN && !draining;
  assign last_sum = drain_sum + 1'b1 == sums;
  assign drain_ends = last_rows && last_columns && last_sum;

  drain_step #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES)
  ) step (
    .rows_left(drain_rows_left),
    .columns_left(drain_columns_left),
    .valid(),
    .last_rows,
    .last_columns
  );

  // What moves in this cycle.
  logic end_of_row_block, next_column, restart_columns;
  always_comb begin
    end_of_row_block = 1'b0;
    next_column = 1'b0;
    restart_columns = 1'b0;
    if (WEIGHT_STATIONARY) begin
      next_column = (state == PASS || (state == DRAIN && drain_ends)) && !last_column;
      restart_columns = (state == PASS || (state == DRAIN && drain_ends)) && last_column;
      end_of_row_block = state == DRAIN && drain_ends && last_column;
    end else begin
      next_column = turn_around && !last_column;
      restart_columns = turn_around && last_column;
      end_of_row_block = turn_around && last_column;
    end
  end
  assign new_row_block = (state == IDLE && start && !busy) || (end_of_row_block && !last_row_block);

  logic end_of_pass;
  assign end_of_pass = state == PASS && (!WEIGHT_STATIONARY || last_column);

  always_ff @(posedge clk) begin
    if (reset) begin
      state <= IDLE;
      fetch_row_block <= '0;
    end else begin
      if (new_row_block) begin
        state <= first_state(header, words);
        fetch_row_block <= fetch_row_block + 1'b1;
      end else if (end_of_row_block) begin
        state <= IDLE;
        fetch_row_block <= '0;
      end else if (turn_around) begin
        state <= WEIGHT_STATIONARY ? DRAIN : first_state('0, block_words);
      end else if (state == HEADER) begin
        if (word + 1'b1 == header_cycles) state <= first_state('0, block_words);
      end else if (end_of_pass && last_pass && last_word) begin
        state <= TURN;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (new_row_block) begin
      row_block <= state == IDLE ? '0 : row_block + 1'b1;
      rows_used <= rows_next;
      outputs_left <= outputs_now - COUNT_BITS'(rows_next);
      group_left <= group_now - COUNT_BITS'(rows_next);
      header_cycles <= header;
      block_words <= words;
    end
    if (new_row_block || restart_columns) begin
      column_block <= '0;
      columns_used <= at_most(pixels, COUNT_BITS'(COLUMNS));
      pixels_left <= pixels - COUNT_BITS'(at_most(pixels, COUNT_BITS'(COLUMNS)));
    end else if (next_column) begin
      column_block <= column_block + 1'b1;
      columns_used <= at_most(pixels_left, COUNT_BITS'(COLUMNS));
      pixels_left <= pixels_left - COUNT_BITS'(at_most(pixels_left, COUNT_BITS'(COLUMNS)));
    end
    if (new_row_block || turn_around) begin
      word <= '0;
      pass <= '0;
    end else if (state == HEADER) begin
      word <= word + 1'b1 == header_cycles ? '0 : word + 1'b1;
    end else if (end_of_pass) begin
      pass <= last_pass ? '0 : pass + 1'b1;
      if (last_pass) word <= word + 1'b1;
    end
  end

  // The sums of a block leave while the next accumulates, or, weight-stationary, those of all column blocks in turn.
  always_ff @(posedge clk) begin
    if (reset) draining <= 1'b0;
    else if (turn_around) draining <= 1'b1;
    else if (draining && drain_ends) draining <= WEIGHT_STATIONARY && !last_column;
    if (turn_around) begin
      drain_sum <= '0;
      drain_rows <= rows_used;
      drain_rows_left <= rows_used;
      drain_columns_left <= columns_used;
      drain_row_group <= '0;
      drain_column_group <= '0;
      empty <= block_words == '0;
    end else if (draining) begin
      drain_sum <= last_sum ? '0 : drain_sum + 1'b1;
      if (last_sum) begin
        drain_rows_left <= last_rows ? drain_rows : drain_rows_left - INDEX_BITS'(ROW_LANES);
        drain_row_group <= last_rows ? '0 : drain_row_group + 1'b1;
      end
      if (last_sum && last_rows) begin
        drain_columns_left <= drain_columns_left - INDEX_BITS'(COLUMN_LANES);
        drain_column_group <= drain_column_group + 1'b1;
      end
      if (WEIGHT_STATIONARY && drain_ends) begin
        drain_columns_left <= at_most(pixels_left, COUNT_BITS'(COLUMNS));
        drain_column_group <= '0;
      end
    end
  end

  assign busy = state != IDLE || draining;

  always_comb begin
    issue = '0;
    issue.header = state == HEADER;
    issue.accumulate = state == PASS;
    issue.weight_read = state == PASS && (!WEIGHT_STATIONARY || column_block == '0);
    issue.activation_read = state == PASS && (WEIGHT_STATIONARY || pass == '0);
    issue.first = state == PASS && word == '0 && pass == '0;
    issue.last = state == PASS && last_word && last_pass;
    issue.turn_around = turn_around;
    issue.drain = draining;
    issue.empty = empty;
    issue.row_block = row_block;
    issue.column_block = column_block;
    issue.word = word;
    issue.pass = pass;
    issue.rows_used = rows_used;
    issue.columns_used = columns_used;
    issue.drain_sum = drain_sum;
    issue.drain_last = last_sum;
    issue.drain_row_group = drain_row_group;
    issue.drain_column_group = drain_column_group;
    issue.drain_rows_left = drain_rows_left;
    issue.drain_columns_left = drain_columns_left;
  end

endmodule
