// Accumulators of every plane, and what drains of them: POST_LANES outputs per cycle, shifted and added behind.
module sub_filters_drain #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int PARALLEL = 2,
  parameter int POST_LANES = 4,
  parameter int SUM_BITS = 11,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int TABLE_DELAY = 2  // from the weight port's stage to the accumulators'
) (
  input  logic clk,
  input  logic reset,
  input  logic [ROWS*PARALLEL*4-1:0] tables,  // of the row block in stage 1
  input  logic turn_around,                   // stage 1
  input  array_pkg::index_t lookup_row_group, // stage 1: what drains
  input  array_pkg::control_t early,          // the stage before the accumulators'
  input  array_pkg::control_t now,            // the accumulators' stage
  input  logic leaves,                        // last stage: sums leave
  input  logic [ROWS*COLUMNS*PARALLEL*SUM_BITS-1:0] plane_sums,
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int INDEX_BITS = array_pkg::INDEX_BITS;
  localparam int COUNT_BITS = array_pkg::COUNT_BITS;
  localparam int LANE_BITS = PARALLEL * 4;

  // The coefficients that the sums which drain need are those of the block before the turn-around.
  logic [ROWS*LANE_BITS-1:0] drained_table;
  always_ff @(posedge clk) if (turn_around) drained_table <= tables;

  logic [POST_LANES*LANE_BITS-1:0] found, coefficients;
  row_share #(
    .ROWS(ROWS),
    .POST_LANES(POST_LANES),
    .BITS(LANE_BITS)
  ) lookup (
    .row_group(lookup_row_group),
    .entries(drained_table),
    .taken(found)
  );
  delay_line #(
    .BITS(POST_LANES * LANE_BITS),
    .STAGES(TABLE_DELAY)
  ) coefficient_delay (
    .clk,
    .reset,
    .now(found),
    .later(coefficients)
  );

  logic [PARALLEL*POST_LANES*ACCUMULATOR_BITS-1:0] drained;  // plane after plane
  logic [PARALLEL*POST_LANES-1:0] valid;
  logic [PARALLEL*INDEX_BITS-1:0] row_groups, column_groups;
  logic [PARALLEL*COUNT_BITS-1:0] row_blocks, column_blocks;
  for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_plane
    logic [ROWS*COLUMNS*SUM_BITS-1:0] addends;
    for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_addend
      assign addends[i*SUM_BITS+:SUM_BITS] = plane_sums[(i*PARALLEL+plane)*SUM_BITS+:SUM_BITS];
    end
    array_sums #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .POST_LANES(POST_LANES),
      .ADDEND_BITS(SUM_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
    ) sums (
      .clk,
      .reset,
      .early,
      .now,
      .addends,
      .drain_valid(valid[plane*POST_LANES+:POST_LANES]),
      .drain_row_group(row_groups[plane*INDEX_BITS+:INDEX_BITS]),
      .drain_column_group(column_groups[plane*INDEX_BITS+:INDEX_BITS]),
      .drain_row_block(row_blocks[plane*COUNT_BITS+:COUNT_BITS]),
      .drain_column_block(column_blocks[plane*COUNT_BITS+:COUNT_BITS]),
      .drain_sums(drained[plane*POST_LANES*ACCUMULATOR_BITS+:POST_LANES*ACCUMULATOR_BITS])
    );
  end

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    logic [PARALLEL*ACCUMULATOR_BITS-1:0] sums;
    logic [ACCUMULATOR_BITS+$clog2(PARALLEL)-1:0] sum;
    for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_operand
      assign sums[plane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] =
          drained[(plane*POST_LANES+lane)*ACCUMULATOR_BITS+:ACCUMULATOR_BITS];
    end
    plane_shift #(
      .PARALLEL(PARALLEL),
      .BITS(ACCUMULATOR_BITS),
      .SHIFTED_BITS(ACCUMULATOR_BITS)
    ) shifters (
      .clk,
      .coefficients(coefficients[lane*LANE_BITS+:LANE_BITS]),
      .sums,
      .sum
    );
    assign drain_sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] = sum[ACCUMULATOR_BITS-1:0];
    if (PARALLEL > 1) begin : g_carry
      logic unused;
      assign unused = &{1'b0, sum[ACCUMULATOR_BITS+$clog2(PARALLEL)-1:ACCUMULATOR_BITS]};
    end
  end

  // What the sums are, beside them through shifters and tree.
  localparam int PLACE_BITS = POST_LANES + 2 * INDEX_BITS + 2 * COUNT_BITS;
  logic [PLACE_BITS-1:0] place;
  delay_line #(
    .BITS(PLACE_BITS),
    .STAGES(1 + $clog2(PARALLEL))
  ) place_delay (
    .clk,
    .reset,
    .now({valid[POST_LANES-1:0], row_groups[INDEX_BITS-1:0], column_groups[INDEX_BITS-1:0], row_blocks[COUNT_BITS-1:0],
          column_blocks[COUNT_BITS-1:0]}),
    .later(place)
  );
  logic [POST_LANES-1:0] place_valid;
  assign {place_valid, drain_row_group, drain_column_group, drain_row_block, drain_column_block} = place;
  assign drain_valid = leaves ? place_valid : '0;

  if (PARALLEL > 1) begin : g_other_planes
    logic unused;
    assign unused = &{1'b0, valid[PARALLEL*POST_LANES-1:POST_LANES],
                      row_groups[PARALLEL*INDEX_BITS-1:INDEX_BITS], column_groups[PARALLEL*INDEX_BITS-1:INDEX_BITS],
                      row_blocks[PARALLEL*COUNT_BITS-1:COUNT_BITS], column_blocks[PARALLEL*COUNT_BITS-1:COUNT_BITS]};
  end

endmodule
