// The post-processor: a group of up to POST_LANES outputs per cycle in nine stages (accelerators/family/timing.h). A
// group is the lanes 0, 1, ... that are valid. It enters where `ready` says so, window element after window element;
// the last sends it on, or into the accumulator buffer.
//
// Buffers are not part of it. The reads say in which stage a group stands; the answer must be there in the same cycle.
module post_processor #(
  parameter int POST_LANES = 4,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit SHIFTS = 0,
  parameter bit THRESHOLDS = 0,
  parameter int MULTIPLIER_BITS = 16,
  parameter int COMPARATORS = 0  // per lane, of a post-processor without a search
) (
  input  logic clk,
  input  logic reset,
  input  logic hold,  // nothing moves, nothing is written
  // of the tile; they change while not busy
  input  logic matrix,
  input  logic maximum,
  input  logic accumulate,
  input  logic keep,
  input  logic adds_skip,
  input  logic has_prelu,
  input  logic writes_stream,
  input  logic writes_codes,
  input  logic searches,  // codes by thresholds
  input  logic direct,    // of the sums
  input  logic [MULTIPLIER_BITS-1:0] skip_multiplier,
  input  logic [63:0] skip_bias,
  input  logic [5:0] skip_shift,
  input  logic [MULTIPLIER_BITS-1:0] code_multiplier,  // one where codes are the stream
  input  logic [63:0] code_bias,
  input  logic [5:0] code_shift,
  input  logic [15:0] code_low,
  input  logic [15:0] code_high,
  // a group
  input  logic [POST_LANES-1:0] valid,
  input  logic first,
  input  logic last,
  output logic ready,
  input  logic [POST_LANES*ACCUMULATOR_BITS-1:0] drained,
  input  logic [POST_LANES*16-1:0] values,
  input  logic [POST_LANES*ACCUMULATOR_BITS-1:0] held,
  output logic [POST_LANES-1:0] keep_valid,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] kept,
  // reads
  output logic read_scale,  // and the skip value
  input  logic [POST_LANES*MULTIPLIER_BITS-1:0] scale_multipliers,
  input  logic [POST_LANES*16-1:0] skip_values,
  output logic read_scale_bias,
  input  logic [POST_LANES*64-1:0] scale_biases,
  input  logic [POST_LANES*6-1:0] scale_shifts,
  output logic read_prelu,
  input  logic [POST_LANES*MULTIPLIER_BITS-1:0] prelu_multipliers,
  output logic read_prelu_bias,
  input  logic [POST_LANES*64-1:0] prelu_biases,
  input  logic [POST_LANES*6-1:0] prelu_shifts,
  output logic read_upper,
  input  logic [POST_LANES*3*32-1:0] upper_thresholds,   // 3, 7, 11; of comparators: 0, 1, 2
  output logic read_lower,
  input  logic [POST_LANES*12*32-1:0] lower_thresholds,  // the others, in order
  // results
  output logic [POST_LANES-1:0] stream_valid,
  output logic [POST_LANES*16-1:0] streams,
  output logic [POST_LANES-1:0] code_valid,
  output logic [POST_LANES*16-1:0] codes,
  output logic busy
);

  localparam int FACTOR_BITS = SHIFTS ? 5 : MULTIPLIER_BITS;
  localparam int STAGES = 9;

  // Lanes of the group in stages 1 to 9. Stages 8 and 9 go on while lanes take turns at stage 7.
  logic [STAGES*POST_LANES-1:0] stage_valid;
  logic moves, more_turns;
  for (genvar stage = 1; stage <= STAGES; stage++) begin : g_stage
    logic [POST_LANES-1:0] lanes, next;
    if (stage == 1) begin : g_enter
      assign next = last && !keep ? valid : '0;
    end else if (stage == 8) begin : g_leave
      assign next = moves ? g_stage[stage-1].lanes : '0;
    end else begin : g_follow
      assign next = g_stage[stage-1].lanes;
    end
    always_ff @(posedge clk)
      if (reset) lanes <= '0;
      else if (stage < 8 ? moves : !hold) lanes <= next;
    assign stage_valid[(stage-1)*POST_LANES+:POST_LANES] = lanes;
  end
  assign moves = !hold && !more_turns;
  assign ready = moves;
  assign busy = |stage_valid;
  assign read_scale = g_stage[1].lanes[0] && moves && !direct;
  assign read_scale_bias = g_stage[2].lanes[0] && moves && !direct;
  assign read_prelu = g_stage[4].lanes[0] && moves && has_prelu;
  assign read_prelu_bias = g_stage[5].lanes[0] && moves && has_prelu;

  logic [FACTOR_BITS-1:0] skip_factor, code_factor;
  post_factor #(
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) of_skip (
    .multiplier(skip_multiplier),
    .factor(skip_factor)
  );
  post_factor #(
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) of_code (
    .multiplier(code_multiplier),
    .factor(code_factor)
  );

  assign keep_valid = last && keep && moves ? valid : '0;
  assign stream_valid = writes_stream && moves ? g_stage[7].lanes : '0;
  logic [POST_LANES*ACCUMULATOR_BITS-1:0] sums, scaled_sums;
  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    post_accumulate #(
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
    ) accumulator (
      .clk,
      .load(moves && valid[0]),
      .matrix,
      .maximum,
      .accumulate,
      .first,
      .drained(drained[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]),
      .value(values[lane*16+:16]),
      .held(held[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]),
      .total(kept[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]),
      .sum(sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS])
    );
    post_stream #(
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .SHIFTS(SHIFTS),
      .MULTIPLIER_BITS(MULTIPLIER_BITS)
    ) lane_stream (
      .clk,
      .enable(moves),
      .adds_skip,
      .has_prelu,
      .skip_factor,
      .skip_bias,
      .skip_shift,
      .sum(sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]),
      .scale_multiplier(scale_multipliers[lane*MULTIPLIER_BITS+:MULTIPLIER_BITS]),
      .skip_value(skip_values[lane*16+:16]),
      .scale_bias(scale_biases[lane*64+:64]),
      .scale_shift(scale_shifts[lane*6+:6]),
      .scaled_sum(scaled_sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]),
      .prelu_multiplier(prelu_multipliers[lane*MULTIPLIER_BITS+:MULTIPLIER_BITS]),
      .prelu_bias(prelu_biases[lane*64+:64]),
      .prelu_shift(prelu_shifts[lane*6+:6]),
      .stream(streams[lane*16+:16])
    );
  end

  if (THRESHOLDS) begin : g_thresholds
    post_comparing_codes #(
      .POST_LANES(POST_LANES),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .MULTIPLIER_BITS(MULTIPLIER_BITS)
    ) codes_of (
      .clk,
      .reset,
      .hold,
      .searches,
      .direct,
      .takes_turns(writes_codes && !searches),
      .factor(code_factor),
      .bias(code_bias),
      .shift(code_shift),
      .low(code_low),
      .high(code_high),
      .sums(scaled_sums),
      .streams,
      .lanes(g_stage[7].lanes),
      .upper(upper_thresholds),
      .lower(lower_thresholds),
      .more_turns,
      .codes
    );
    assign read_upper = searches && moves && (direct ? g_stage[1].lanes[0] : g_stage[6].lanes[0]);
    assign read_lower = searches && moves && (direct ? g_stage[2].lanes[0] : g_stage[7].lanes[0]);
    assign code_valid = !writes_codes || hold ? '0 : direct ? g_stage[4].lanes : g_stage[9].lanes;
  end else begin : g_requantisers
    logic [POST_LANES*16-1:0] made;
    for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_code
      post_code #(
        .SHIFTS(SHIFTS),
        .MULTIPLIER_BITS(MULTIPLIER_BITS)
      ) lane_code (
        .clk,
        .enable(moves),
        .factor(code_factor),
        .bias(code_bias),
        .shift(code_shift),
        .low(code_low),
        .high(code_high),
        .stream(streams[lane*16+:16]),
        .code(made[lane*16+:16])
      );
    end
    assign more_turns = 1'b0;
    assign read_lower = 1'b0;
    assign code_valid = writes_codes && !hold ? g_stage[9].lanes : '0;

    if (COMPARATORS > 0) begin : g_compare
      for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane_compare
        logic [1:0] reached;
        post_compare #(
          .COMPARATORS(COMPARATORS)
        ) compare (
          .clk,
          .enable(moves),
          .count(code_high[1:0] - code_low[1:0]),
          .thresholds(upper_thresholds[lane*96+:96]),
          .stream(streams[lane*16+:16]),
          .reached
        );
        always_ff @(posedge clk)
          if (moves) codes[lane*16+:16] <= searches ? code_low + 16'(reached) : made[lane*16+:16];
      end
      assign read_upper = searches && moves && g_stage[6].lanes[0];
      logic unused_upper;
      assign unused_upper = 1'b0;
    end else begin : g_requantise
      always_ff @(posedge clk) if (moves) codes <= made;
      assign read_upper = 1'b0;
      logic unused_upper;
      assign unused_upper = &{1'b0, searches, upper_thresholds};
    end

    logic unused;
    assign unused = &{1'b0, lower_thresholds, scaled_sums};
  end

endmodule
