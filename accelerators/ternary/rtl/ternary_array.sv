// ROWS x COLUMNS x LANES gated adders, or, with POPCOUNT, bit counters: accelerators/ternary/README.md. Every pass is a
// word to the sequencer, so `words` of a row block are all of its passes; `word` and `pass` on the ports are the word of
// a plane and the weight plane, the top one 0. A header's bytes come a port, a bitmap's window at a time.
module ternary_array #(
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
  parameter bit POPCOUNT = 0,
  parameter bit GROUPS = 0,
  parameter int PORT_BYTES = ROWS * LANES * 2 > 32 ? (ROWS * LANES * 2 + 7) / 8 : 4
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
  input  array_pkg::count_t passes_per_word,  // 1
  input  array_pkg::count_t header,
  input  array_pkg::count_t words,
  output array_pkg::count_t fetch_row_block,
  input  logic activation_signed,
  input  array_pkg::count_t plane_words,
  input  logic [3:0] weight_planes,
  input  logic weight_codes,       // a non-zero bit and a sign, not a bit of a plane
  input  logic [3:0] activation_planes,
  input  logic activation_codes,   // POPCOUNT: the same for activations
  input  logic output_shifts,      // a header begins with them
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [PORT_BYTES*8-1:0] weight_word,
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int COUNTERS = (LANES + 15) / 16;
  localparam int ADDRESS = GROUPS ? 1 : 0;  // the stage that addresses words
  localparam int OPERANDS = ADDRESS + 1;    // and the one in which they stand at the ports
  localparam int STEPS = POPCOUNT ? 1 + $clog2(COUNTERS) : $clog2(LANES);  // counters; levels of the tree
  localparam int FILL = OPERANDS + 1 + array_pkg::registers(STEPS, STEPS, PIPELINE);
  localparam int LANE_SUM_BITS = POPCOUNT ? 6 + $clog2(COUNTERS) : ACTIVATION_BITS + 1 + $clog2(LANES);
  localparam int ADDEND_BITS = WEIGHT_STATIONARY ? ACCUMULATOR_BITS : LANE_SUM_BITS;
  localparam int ENTRIES = 8;
  localparam int ENTRY_BITS = $clog2(ENTRIES);

  logic [(FILL+1)*array_pkg::CONTROL_BITS-1:0] stages;
  array_pkg::stages_t at;
  array_pkg::control_t stage_address, stage_operands;
  assign stage_address = stages[ADDRESS*array_pkg::CONTROL_BITS+:array_pkg::CONTROL_BITS];
  assign stage_operands = stages[OPERANDS*array_pkg::CONTROL_BITS+:array_pkg::CONTROL_BITS];
  array_control #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
    .FILL(FILL)
  ) control (
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
    .fetch_row_block,
    .at,
    .stages,
    .busy
  );

  // Header cycles that bring shifts, a byte per row.
  array_pkg::count_t shift_cycles;
  always_comb begin
    shift_cycles = '0;
    for (int row = 0; row < ROWS; row += PORT_BYTES)
      if (output_shifts && at.stage_1.rows_used > array_pkg::INDEX_BITS'(row)) shift_cycles = shift_cycles + 1'b1;
  end

  // What a pass takes, from the stage that addresses it to the accumulators.
  typedef struct packed {
    logic bubble;
    logic doubles;
    logic [3:0] weight_plane;
    logic [3:0] activation_plane;
  } pass_t;
  pass_t walked, held, addressed;
  localparam int PASS_BITS = 10;
  logic [(FILL-ADDRESS+1)*PASS_BITS-1:0] taken;
  pass_t pass_operands, pass_fill;
  assign pass_operands = taken[PASS_BITS+:PASS_BITS];
  assign pass_fill = taken[(FILL-ADDRESS)*PASS_BITS+:PASS_BITS];
  array_pkg::count_t walked_word, word_held;
  plane_walk #(
    .GROUPS(GROUPS),
    .COUNT_BITS(array_pkg::COUNT_BITS)
  ) walk (
    .clk,
    .step(stage_address.weight_read),
    .first(stage_address.first),
    .words(plane_words),
    .weight_planes,
    .activation_planes,
    .window_write(at.stage_1.header && at.stage_1.word >= shift_cycles),
    .window_index(at.stage_1.word - shift_cycles),
    .window_bits(weight_word[31:0]),
    .word(walked_word),
    .bubble(walked.bubble),
    .weight_plane(walked.weight_plane),
    .activation_plane(walked.activation_plane),
    .doubles(walked.doubles)
  );
  // Weight-stationary, the column blocks after the first take the same pass.
  always_ff @(posedge clk)
    if (stage_address.weight_read) begin
      held <= walked;
      word_held <= walked_word;
    end
  logic [(FILL-ADDRESS)*PASS_BITS-1:0] delayed;
  assign addressed = stage_address.weight_read ? walked : held;
  assign taken = {delayed, addressed};
  always_ff @(posedge clk) delayed <= taken[(FILL-ADDRESS)*PASS_BITS-1:0];

  assign header_read = at.stage_0.header;
  assign weight_read = stage_address.weight_read & !addressed.bubble;
  assign activation_read = stage_address.activation_read & !addressed.bubble;
  assign row_block = header_read ? at.stage_0.row_block : stage_address.row_block;
  assign column_block = stage_address.column_block;
  assign word = header_read ? at.stage_0.word : stage_address.weight_read ? walked_word : word_held;
  assign pass = array_pkg::COUNT_BITS'(addressed.weight_plane);

  // Operand registers: weights as a non-zero bit and a sign, all zero in a bubble.
  logic [ROWS*LANES-1:0] not_zero, negative;
  always_ff @(posedge clk)
    if (stage_operands.weight_read)
      for (int place = 0; place < ROWS * LANES; place++) begin
        not_zero[place] <= weight_word[weight_codes?2*place : place] & !pass_operands.bubble;
        negative[place] <= !pass_operands.bubble &
            (weight_codes ? &weight_word[2*place+:2] : weight_word[place] & pass_operands.weight_plane == '0);
      end

  logic [ROWS*COLUMNS*LANE_SUM_BITS-1:0] lane_sums;
  if (POPCOUNT) begin : g_popcount
    logic [COLUMNS*LANES-1:0] x_not_zero, x_negative;
    // An index within the lane alone: one into the whole word is a choice of sixteen bits to Yosys.
    localparam int PLANE_BITS = ACTIVATION_BITS > 1 ? $clog2(ACTIVATION_BITS) : 1;
    logic [3:0] bit_;
    assign bit_ = activation_codes ? '0 : activation_planes - 1'b1 - pass_operands.activation_plane;
    logic [COLUMNS*LANES-1:0] x_bit;
    logic unused_bit;
    assign unused_bit = &{1'b0, bit_};
    for (genvar place = 0; place < COLUMNS * LANES; place++) begin : g_bit
      logic [(1<<PLANE_BITS)-1:0] planes;
      assign planes = (1<<PLANE_BITS)'(activation_words[place*ACTIVATION_BITS+:ACTIVATION_BITS]);
      assign x_bit[place] = planes[bit_[PLANE_BITS-1:0]];
    end
    always_ff @(posedge clk)
      if (stage_operands.activation_read)
        for (int place = 0; place < COLUMNS * LANES; place++) begin
          x_not_zero[place] <= x_bit[place];
          x_negative[place] <= activation_codes ? activation_words[place*ACTIVATION_BITS+1] :
                               activation_signed & pass_operands.activation_plane == '0;
        end
    for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
      popcount_pe #(
        .LANES(LANES),
        .PIPELINE(PIPELINE)
      ) pe (
        .clk,
        .weight_not_zero(not_zero[i/COLUMNS*LANES+:LANES]),
        .weight_negative(negative[i/COLUMNS*LANES+:LANES]),
        .activation_not_zero(x_not_zero[i%COLUMNS*LANES+:LANES]),
        .activation_negative(x_negative[i%COLUMNS*LANES+:LANES]),
        .sum(lane_sums[i*LANE_SUM_BITS+:LANE_SUM_BITS])
      );
    end
  end else begin : g_gated
    logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
    always_ff @(posedge clk) if (stage_operands.activation_read) activations <= activation_words;
    for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
      gated_pe #(
        .LANES(LANES),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .PIPELINE(PIPELINE)
      ) pe (
        .clk,
        .activation_signed,
        .activations(activations[i%COLUMNS*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
        .not_zero(not_zero[i/COLUMNS*LANES+:LANES]),
        .negative(negative[i/COLUMNS*LANES+:LANES]),
        .sum(lane_sums[i*LANE_SUM_BITS+:LANE_SUM_BITS])
      );
    end
    logic unused;
    assign unused = activation_codes;
  end

  logic [ROWS*3-1:0] shifts;
  shift_entries #(
    .ROWS(ROWS),
    .PORT_BYTES(PORT_BYTES),
    .ENTRIES(ENTRIES),
    .COUNT_BITS(array_pkg::COUNT_BITS)
  ) shift_table (
    .clk,
    .write(at.stage_1.header && at.stage_1.word < shift_cycles),
    .cycle(at.stage_1.word),
    .entry(at.stage_1.row_block[ENTRY_BITS-1:0]),
    .bytes(weight_word),
    .read_entry(WEIGHT_STATIONARY ? at.stage_fill.row_block[ENTRY_BITS-1:0] : drain_row_block[ENTRY_BITS-1:0]),
    .shifts
  );

  // Output-stationary, sums double between planes and are shifted as they leave; sums in a memory take addends that are.
  logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends;
  logic [POST_LANES*ACCUMULATOR_BITS-1:0] leaving;
  array_pkg::control_t now;
  if (WEIGHT_STATIONARY) begin : g_shift_addends
    logic [3:0] exponent;
    assign exponent = (weight_planes - 1'b1 - pass_fill.weight_plane) +
                      (activation_planes - 1'b1 - pass_fill.activation_plane);
    for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
      logic signed [LANE_SUM_BITS-1:0] lane_sum;
      assign lane_sum = lane_sums[i*LANE_SUM_BITS+:LANE_SUM_BITS];
      assign addends[i*ADDEND_BITS+:ADDEND_BITS] =
          ADDEND_BITS'(lane_sum) << (5'(exponent) + (output_shifts ? 5'(shifts[i/COLUMNS*3+:3]) : '0));
    end
    assign now = at.stage_fill;
    assign drain_sums = leaving;
  end else begin : g_shift_sums
    assign addends = lane_sums;
    always_comb begin
      now = at.stage_fill;
      now.first = pass_fill.doubles;
    end
    logic [POST_LANES*3-1:0] lane_shifts;
    row_share #(
      .ROWS(ROWS),
      .POST_LANES(POST_LANES),
      .BITS(3)
    ) shift_share (
      .row_group(drain_row_group),
      .entries(shifts),
      .taken(lane_shifts)
    );
    always_comb
      for (int lane = 0; lane < POST_LANES; lane++)
        drain_sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] =
            leaving[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] << (output_shifts ? lane_shifts[lane*3+:3] : '0);
  end

  array_sums #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .ADDEND_BITS(ADDEND_BITS),
    .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
    .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
    .DEPTH(DEPTH),
    .DOUBLES(1)
  ) sums (
    .clk,
    .reset,
    .early(at.stage_before),
    .now,
    .addends,
    .drain_valid,
    .drain_row_group,
    .drain_column_group,
    .drain_row_block,
    .drain_column_block,
    .drain_sums(leaving)
  );

  if (WEIGHT_BITS > 8) begin : g_check
    $error("WEIGHT_BITS is above 8");
  end

endmodule
