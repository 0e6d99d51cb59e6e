// ROWS x COLUMNS x LANES lanes that see a plane of the weights per pass: accelerators/bit_serial/README.md. PAIRS is the
// variant planes. A pass reads weight plane `pass` of its word; the plane of ones is not read.
module bit_serial_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16,
  parameter bit PAIRS = 0,
  parameter int COEFFICIENTS = 0,  // sums an output may keep apart; 0: no coefficients at all
  parameter bit LEVELS = 0,
  parameter int WORD_BITS = (ROWS * LANES + 7) / 8 * 8
) (
  input  logic clk,
  input  logic reset,
  input  logic start,
  output logic busy,
  // the tile
  input  array_pkg::count_t outputs,
  input  array_pkg::count_t group_outputs,
  input  array_pkg::count_t first_group_outputs,
  input  array_pkg::count_t pixels,
  input  array_pkg::count_t passes_per_word,
  input  array_pkg::count_t header,
  input  array_pkg::count_t words,
  output array_pkg::count_t fetch_row_block,
  input  logic activation_signed,
  input  logic [3:0] activation_bits,
  input  logic [6:0] weight_planes,           // stored
  input  logic ones,
  input  logic has_coefficients,
  input  logic has_levels,
  input  array_pkg::index_t sums_per_output,
  input  array_pkg::count_t level_words,      // of the first row block's header
  input  array_pkg::count_t words_per_run,
  input  array_pkg::index_t last_word_lanes,  // of a run that hold an operand
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [WORD_BITS-1:0] weight_word,
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int INDEX_BITS = array_pkg::INDEX_BITS;
  localparam int OPERAND_BITS = PAIRS ? 1 : ACTIVATION_BITS + 1;
  localparam int SUM_BITS = $clog2(LANES) + (PAIRS ? 2 : ACTIVATION_BITS + 1);
  localparam int ADDEND_BITS = SUM_BITS + WEIGHT_BITS - 1 + (PAIRS ? ACTIVATION_BITS - 1 : 0);
  localparam int STEPS = $clog2(LANES) + 1;  // levels of the tree, the shifter
  localparam int PLACE = 2 + array_pkg::registers(STEPS - 1, STEPS, PIPELINE);
  localparam int FILL = 2 + array_pkg::registers(STEPS, STEPS, PIPELINE);  // buffer read, operands
  localparam int WIDEST_CODE = ACTIVATION_BITS < 4 ? ACTIVATION_BITS : 4;
  localparam int CODE_BITS = LEVELS ? WIDEST_CODE : 0;

  array_pkg::control_t issue;
  array_pkg::stages_t at;
  logic sequencing, in_flight, leaving;
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
    .sums(sums_per_output),
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
    .stages(),
    .in_flight
  );
  assign busy = sequencing | in_flight | leaving;

  // The planes of a pass, at every stage.
  localparam int PLANE_BITS = 7 + 4;
  logic [(FILL+1)*PLANE_BITS-1:0] planes;
  logic [FILL*PLANE_BITS-1:0] planes_behind;
  logic [6:0] read_plane, placed_plane, summed_plane;
  logic [3:0] activation_planes, read_bit, placed_bit, summed_bit;
  assign activation_planes = PAIRS ? activation_bits : 4'd1;
  plane_walk #(
    .INDEX_BITS(array_pkg::COUNT_BITS)
  ) pass_planes (
    .clk,
    .count(at.stage_0.pass),
    .activation_planes,
    .weight_plane(read_plane),
    .activation_plane(read_bit)
  );
  assign planes = {planes_behind, {read_plane, read_bit}};
  always_ff @(posedge clk) planes_behind <= planes[FILL*PLANE_BITS-1:0];
  assign {placed_plane, placed_bit} = planes[PLACE*PLANE_BITS+:PLANE_BITS];
  assign {summed_plane, summed_bit} = planes[FILL*PLANE_BITS+:PLANE_BITS];

  assign header_read = at.stage_0.header;
  assign weight_read = at.stage_0.weight_read && !(ones && read_plane == weight_planes);
  assign activation_read = at.stage_0.activation_read;
  assign row_block = at.stage_0.row_block;
  assign column_block = at.stage_0.column_block;
  assign word = at.stage_0.word;
  assign pass = array_pkg::COUNT_BITS'(read_plane);

  // The plane of ones leaves out the lanes behind a run's end: their code 0 may have a level.
  array_pkg::count_t word_before, of_run_before, of_run;
  assign of_run = at.stage_1.word == '0 ? '0 :
                  at.stage_1.word == word_before ? of_run_before :
                  of_run_before + 1'b1 == words_per_run ? '0 : of_run_before + 1'b1;
  logic [LANES-1:0] ones_lanes;
  always_comb
    for (int lane = 0; lane < LANES; lane++)
      ones_lanes[lane] = of_run + 1'b1 != words_per_run || INDEX_BITS'(lane) < last_word_lanes;

  logic [ROWS*LANES-1:0] weights;
  logic ones_pass;
  assign ones_pass = ones && planes[PLANE_BITS+4+:7] == weight_planes;
  always_ff @(posedge clk) begin
    word_before <= at.stage_1.word;
    of_run_before <= of_run;
    if (at.stage_1.weight_read) weights <= ones_pass ? {ROWS{ones_lanes}} : weight_word[ROWS*LANES-1:0];
  end

  logic [POST_LANES*16-1:0] coefficients;
  logic [(16<<CODE_BITS)-1:0] levels;
  logic [COLUMNS*LANES*OPERAND_BITS-1:0] operands;
  for (genvar column = 0; column < COLUMNS; column++) begin : g_operands
    operand_column #(
      .PAIRS(PAIRS),
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .CODE_BITS(CODE_BITS)
    ) column_operands (
      .clk,
      .read(at.stage_1.activation_read),
      .word(activation_words[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .activation_signed,
      .decode(has_levels),
      .code_bits(activation_bits),
      .levels,
      .plane(planes[2*PLANE_BITS+:4]),
      .operands(operands[column*LANES*OPERAND_BITS+:LANES*OPERAND_BITS])
    );
  end

  // A plane with a coefficient stays where it is; the top planes of two's complement are negative.
  localparam int SHIFT_BITS = $clog2(WEIGHT_BITS + (PAIRS ? ACTIVATION_BITS - 1 : 0));
  logic [SHIFT_BITS-1:0] weight_shift, activation_shift;
  logic weight_negative, activation_negative;
  assign weight_shift = has_coefficients ? '0 : SHIFT_BITS'(placed_plane);
  assign activation_shift = PAIRS && !has_levels ? SHIFT_BITS'(placed_bit) : '0;
  assign weight_negative = !has_coefficients && placed_plane != '0 && placed_plane + 1'b1 == weight_planes;
  assign activation_negative =
      PAIRS && !has_levels && activation_signed && placed_bit + 1'b1 == activation_bits;

  logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends;
  for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
    serial_pe #(
      .PAIRS(PAIRS),
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .PIPELINE(PIPELINE)
    ) pe (
      .clk,
      .weights(weights[i/COLUMNS*LANES+:LANES]),
      .operands(operands[i%COLUMNS*LANES*OPERAND_BITS+:LANES*OPERAND_BITS]),
      .shift(weight_shift + activation_shift),
      .negative(weight_negative ^ activation_negative),
      .addend(addends[i*ADDEND_BITS+:ADDEND_BITS])
    );
  end

  logic [POST_LANES-1:0] valid;
  array_pkg::index_t row_group, column_group;
  array_pkg::count_t row_block_out, column_block_out;
  logic [POST_LANES*ACCUMULATOR_BITS-1:0] sums;
  if (COEFFICIENTS > 1 && !WEIGHT_STATIONARY) begin : g_apart
    localparam int SUM_INDEX_BITS = $clog2(COEFFICIENTS);
    logic [SUM_INDEX_BITS-1:0] index;
    logic levels_apart, first;
    assign levels_apart = PAIRS && has_levels;
    assign first = at.stage_fill.word == '0 && (has_coefficients || summed_plane == '0) &&
                   (levels_apart || summed_bit == '0);
    assign index = has_coefficients && levels_apart ? SUM_INDEX_BITS'(at.stage_fill.pass) :
                   has_coefficients ? SUM_INDEX_BITS'(summed_plane) :
                   levels_apart ? SUM_INDEX_BITS'(summed_bit) : '0;
    plane_sums #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .POST_LANES(POST_LANES),
      .SUMS(COEFFICIENTS),
      .ADDEND_BITS(ADDEND_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
    ) apart (
      .clk,
      .reset,
      .now(at.stage_fill),
      .first,
      .index,
      .addends,
      .drain_valid(valid),
      .drain_row_group(row_group),
      .drain_column_group(column_group),
      .drain_row_block(row_block_out),
      .drain_column_block(column_block_out),
      .drain_sums(sums)
    );
  end else begin : g_one
    array_sums #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .POST_LANES(POST_LANES),
      .ADDEND_BITS(ADDEND_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
      .DEPTH(DEPTH)
    ) one (
      .clk,
      .reset,
      .early(at.stage_before),
      .now(at.stage_fill),
      .addends,
      .drain_valid(valid),
      .drain_row_group(row_group),
      .drain_column_group(column_group),
      .drain_row_block(row_block_out),
      .drain_column_block(column_block_out),
      .drain_sums(sums)
    );
    logic unused;
    assign unused = &{1'b0, summed_plane, summed_bit};
  end

  if (COEFFICIENTS > 0 || LEVELS) begin : g_tables
    logic [6:0] drained_plane;
    logic [3:0] drained_bit;
    logic [POST_LANES*16-1:0] found;
    plane_walk #(
      .INDEX_BITS(INDEX_BITS)
    ) drained_planes (
      .clk,
      .count(at.stage_1.drain_sum),
      .activation_planes(has_levels ? activation_planes : 4'd1),
      .weight_plane(drained_plane),
      .activation_plane(drained_bit)
    );
    coefficient_table #(
      .ROWS(ROWS),
      .POST_LANES(POST_LANES),
      .COEFFICIENTS(COEFFICIENTS > 0 ? COEFFICIENTS : 1),
      .LEVEL_BITS(CODE_BITS),
      .WORD_BITS(WORD_BITS)
    ) coefficient_words (
      .clk,
      .now(at.stage_1),
      .word(weight_word),
      .level_words,
      .row_coefficients(weight_planes + 7'(ones)),
      .plane(drained_plane),
      .coefficients(found),
      .levels
    );

    // What the sums that drain in stage 1 need, beside them to stage FILL.
    logic [15:0] level;
    always_comb begin
      level = 16'd1;
      if (PAIRS && LEVELS && has_levels)
        for (int p = 0; p < CODE_BITS; p++) if (drained_bit == 4'(p)) level = levels[(16<<p)+:16];
    end
    localparam int FACTOR_BITS = POST_LANES * 16 + 16;
    logic [(FILL-1)*FACTOR_BITS-1:0] factors;  // of stages 2 to FILL
    always_ff @(posedge clk)
      factors <= ((FILL-1)*FACTOR_BITS)'({factors, has_coefficients ? found : {POST_LANES{16'd1}}, level});
    assign coefficients = factors[(FILL-2)*FACTOR_BITS+16+:FACTOR_BITS-16];

    logic multiplies;
    assign multiplies = has_coefficients || (PAIRS && has_levels);
    logic [POST_LANES-1:0] total_valid;
    logic [POST_LANES*ACCUMULATOR_BITS-1:0] totals;
    coefficient_drain #(
      .POST_LANES(POST_LANES),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .LEVELS(PAIRS && LEVELS)
    ) multiplied (
      .clk,
      .now(at.stage_fill),
      .valid,
      .coefficients,
      .level(factors[(FILL-2)*FACTOR_BITS+:16]),
      .sums,
      .total_valid,
      .totals
    );
    array_pkg::index_t total_row_group, total_column_group;
    array_pkg::count_t total_row_block, total_column_block;
    logic left;
    always_ff @(posedge clk) begin
      left <= at.stage_fill.drain && !reset;
      total_row_group <= row_group;
      total_column_group <= column_group;
      total_row_block <= row_block_out;
      total_column_block <= column_block_out;
    end
    assign leaving = multiplies && left;
    assign drain_valid = multiplies ? (left ? total_valid : '0) : valid;
    assign drain_row_group = multiplies ? total_row_group : row_group;
    assign drain_column_group = multiplies ? total_column_group : column_group;
    assign drain_row_block = multiplies ? total_row_block : row_block_out;
    assign drain_column_block = multiplies ? total_column_block : column_block_out;
    assign drain_sums = multiplies ? totals : sums;
  end else begin : g_no_tables
    assign levels = '0;
    assign coefficients = '0;
    assign leaving = 1'b0;
    assign drain_valid = valid;
    assign drain_row_group = row_group;
    assign drain_column_group = column_group;
    assign drain_row_block = row_block_out;
    assign drain_column_block = column_block_out;
    assign drain_sums = sums;
    logic unused;
    assign unused = &{1'b0, level_words, coefficients};
  end

endmodule
