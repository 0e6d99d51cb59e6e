// What the tile sequencer tells an array in every cycle.
package array_pkg;

  localparam int COUNT_BITS = 20;
  typedef logic [COUNT_BITS-1:0] count_t;

  localparam int INDEX_BITS = 9;  // rows and columns of an array: up to 256
  typedef logic [INDEX_BITS-1:0] index_t;

  // The sums that leave in a cycle, at most: so many rows of so many columns. ../README.md, "Drain".
  function automatic int row_lanes(int post_lanes, int rows);
    row_lanes = post_lanes < rows ? post_lanes : rows;
  endfunction
  function automatic int column_lanes(int post_lanes, int rows, int columns);
    column_lanes = post_lanes / row_lanes(post_lanes, rows);
    if (column_lanes > columns) column_lanes = columns;
  endfunction

  // The pipeline of a datapath: accelerators/array/README.md, "Pipeline". Registers behind steps 1 to `step` of `steps`.
  localparam int EVERY_STEP = 16;
  function automatic int registers(int step, int steps, int pipeline);
    registers = step * ((pipeline < steps ? pipeline : steps) + 1) / (steps + 1);
  endfunction

  typedef struct packed {
    logic   header;           // a table word goes to the array's registers
    logic   accumulate;       // a pass
    logic   weight_read;      // the pass takes a new weight word
    logic   activation_read;  // the pass takes new activation words
    logic   first;            // first pass of a block: its sum starts from zero
    logic   last;
    logic   turn_around;      // sums move to the drain registers, accumulators are cleared
    logic   drain;
    logic   empty;            // the block that drains had no pass
    count_t row_block;
    count_t column_block;
    count_t word;             // of the row block; in a header, the header's cycle
    count_t pass;             // of the word
    index_t rows_used;
    index_t columns_used;
    logic   drain_last;       // the last of the sums that these outputs keep apart
    index_t drain_sum;        // which of them
    index_t drain_row_group;  // which of its rows, and of its columns, each lane of the drain takes in this cycle
    index_t drain_column_group;
    index_t drain_rows_left;  // of the block that drains, with those that leave in this cycle
    index_t drain_columns_left;
  } control_t;

  // Of a control_t; the controls of all stages are a vector of them, stage 0 at its low end: Yosys 0.23 reads no arrays of
  // structures.
  localparam int CONTROL_BITS = 10 + 4 * COUNT_BITS + 7 * INDEX_BITS;

  // The controls of the stages at which arrays look: README.md, "Stages".
  typedef struct packed {
    control_t stage_0;
    control_t stage_1;
    control_t stage_2;
    control_t stage_before;  // the one before
    control_t stage_fill;    // the accumulators'
  } stages_t;

endpackage
