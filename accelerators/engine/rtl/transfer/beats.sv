// The beats of bursts that follow one another, one per `advance`: which lanes of the bus hold bytes of the burst. A beat
// stands at the outputs in the cycle in which its burst is put in, where nothing waits before it.
module beats #(
  parameter int BUS_BYTES = 8,
  parameter int BURST_BYTES = 64,
  parameter int DEPTH = 4,
  parameter int LANE_BITS = $clog2(BUS_BYTES),
  parameter int BYTES_BITS = $clog2(BURST_BYTES) + 1
) (
  input  logic                  clk,
  input  logic                  clear,
  input  logic                  put,    // at most DEPTH that are not over
  input  logic [LANE_BITS-1:0]  put_lane,
  input  logic [BYTES_BITS-1:0] put_bytes,
  output logic                  there,
  output logic [LANE_BITS-1:0]  lane,   // the first
  output logic [LANE_BITS:0]    bytes,
  output logic                  last,
  input  logic                  advance
);

  logic [LANE_BITS-1:0] head_lane;
  logic [BYTES_BITS-1:0] head_bytes, left, left_now;
  logic inside_burst;  // its first beat is over
  logic unused_ready;
  command_queue #(
    .BITS(LANE_BITS + BYTES_BITS),
    .DEPTH(DEPTH)
  ) bursts (
    .clk,
    .clear,
    .offered(put),
    .command({put_lane, put_bytes}),
    .ready(unused_ready),
    .waiting(there),
    .head({head_lane, head_bytes}),
    .take(advance && last)
  );

  logic [LANE_BITS:0] room;
  assign lane = inside_burst ? '0 : head_lane;
  assign left_now = inside_burst ? left : head_bytes;
  assign room = (LANE_BITS + 1)'(BUS_BYTES) - (LANE_BITS + 1)'(lane);
  assign last = left_now <= BYTES_BITS'(room);
  assign bytes = last ? (LANE_BITS + 1)'(left_now) : room;

  always_ff @(posedge clk) begin
    if (clear) inside_burst <= 1'b0;
    else if (advance) inside_burst <= !last;
    if (advance) left <= left_now - BYTES_BITS'(bytes);
  end

endmodule
