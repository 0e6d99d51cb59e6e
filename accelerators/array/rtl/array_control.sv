// Sequencer and control pipeline of an array whose accumulators stand in stage FILL (at least 2).
module array_control #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int FILL = 3
) (
  input  logic clk,
  input  logic reset,
  input  logic start,
  input  array_pkg::count_t outputs,
  input  array_pkg::count_t group_outputs,
  input  array_pkg::count_t first_group_outputs,
  input  array_pkg::count_t pixels,
  input  array_pkg::count_t passes_per_word,
  input  array_pkg::count_t header,
  input  array_pkg::count_t words,
  output array_pkg::count_t fetch_row_block,
  output array_pkg::stages_t at,
  output logic [(FILL+1)*array_pkg::CONTROL_BITS-1:0] stages,  // all of them
  output logic busy  // from the tile's first cycle to its last
);

  array_pkg::control_t issue;
  logic sequencing, in_flight;
  assign busy = sequencing | in_flight;

  tile_sequencer #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .WEIGHT_STATIONARY(WEIGHT_STATIONARY)
  ) sequencer (
    .clk,
    .reset,
    .start,
    .outputs,
    .group_outputs,
    .first_group_outputs,
    .pixels,
    .passes_per_word,
    .header,
    .words,
    .sums(array_pkg::INDEX_BITS'(1)),
    .fetch_row_block,
    .issue,
    .busy(sequencing)
  );

  control_delay #(
    .FILL(FILL)
  ) delay (
    .clk,
    .reset,
    .issue,
    .at,
    .stages,
    .in_flight
  );

endmodule
