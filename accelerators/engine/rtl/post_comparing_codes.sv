// Codes by thresholds, a search per lane, of the stream or of the sums; and other codes by one requantiser, at which the
// lanes of a group take turns.
module post_comparing_codes #(
  parameter int POST_LANES = 4,
  parameter int ACCUMULATOR_BITS = 31,
  parameter int MULTIPLIER_BITS = 16
) (
  input  logic clk,
  input  logic reset,
  input  logic hold,
  // of the tile
  input  logic searches,
  input  logic direct,
  input  logic takes_turns,
  input  logic [MULTIPLIER_BITS-1:0] factor,
  input  logic [63:0] bias,
  input  logic [5:0] shift,
  input  logic [15:0] low,
  input  logic [15:0] high,
  // stage scale multiply
  input  logic [POST_LANES*ACCUMULATOR_BITS-1:0] sums,
  // stage code multiply
  input  logic [POST_LANES*16-1:0] streams,
  input  logic [POST_LANES-1:0] lanes,  // of its group
  // the stage before either, and that stage
  input  logic [POST_LANES*3*32-1:0] upper,
  input  logic [POST_LANES*12*32-1:0] lower,
  output logic more_turns,  // the group's last lane has not had its turn
  output logic [POST_LANES*16-1:0] codes
);

  // The lane whose turn it is, one-hot; that of the cycle before has its code now.
  logic [POST_LANES-1:0] turn, turn_before, turn_next, left;
  logic [15:0] turn_stream, turn_code;
  assign left = lanes & ~turn & ~(turn - 1'b1);  // behind it
  assign more_turns = takes_turns && left != '0;
  if (POST_LANES > 1) begin : g_next
    assign turn_next = {turn[POST_LANES-2:0], 1'b0};
  end else begin : g_only
    assign turn_next = turn;
  end
  always_ff @(posedge clk)
    if (reset) begin
      turn <= POST_LANES'(1);
      turn_before <= '0;
    end else if (!hold) begin
      turn <= more_turns ? turn_next : POST_LANES'(1);
      turn_before <= takes_turns ? turn : '0;
    end

  always_comb begin
    turn_stream = '0;
    for (int lane = 0; lane < POST_LANES; lane++) turn_stream |= streams[lane*16+:16] & {16{turn[lane]}};
  end
  post_code #(
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) shared (
    .clk,
    .enable(!hold),
    .factor,
    .bias,
    .shift,
    .low,
    .high,
    .stream(turn_stream),
    .code(turn_code)
  );

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    logic signed [ACCUMULATOR_BITS-1:0] sum;
    logic signed [15:0] stream;
    logic [31:0] value;
    logic [3*32-1:0] upper_now;
    logic [3:0] reached;
    assign sum = sums[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS];
    assign stream = streams[lane*16+:16];
    assign value = direct ? 32'(sum) : 32'(stream);
    always_ff @(posedge clk) if (!hold) upper_now <= upper[lane*96+:96];
    post_search search (
      .clk,
      .enable(!hold),
      .count(high[3:0] - low[3:0]),
      .value,
      .upper(upper_now),
      .lower(lower[lane*384+:384]),
      .reached
    );
    always_ff @(posedge clk)
      if (!hold && (searches || turn_before[lane])) codes[lane*16+:16] <= searches ? low + 16'(reached) : turn_code;
  end

endmodule
