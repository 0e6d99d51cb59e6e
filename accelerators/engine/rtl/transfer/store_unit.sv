// The store unit: reads the output buffer and sends it over the write channels of AXI4 or into the map memory. A buffer
// read takes a cycle, so the first beat, and its burst, leave in the cycle after the one in which the transfer begins.
module store_unit #(
  parameter int BUS_BYTES = 8,     // 4, 8 or 16
  parameter int BURST_BYTES = 64,  // at most 256 beats
  parameter int OUTSTANDING = 4
) (
  input  logic clk,
  input  logic reset,
  input  logic stop,    // the stream has failed: no burst is issued any more
  // the transfer: unit_control
  input  logic begins,
  input  logic busy,
  input  transfer_pkg::transfer_t transfer,
  output logic done,
  output logic [3:0] error,  // enum lutra_engine_error, with done
  // the output buffer: lane l has the byte of the one place of [position, position + 16) that is l modulo 16, in the
  // cycles from the read to the next
  output logic                   read,
  output transfer_pkg::length_t  read_position,
  input  logic [127:0]           read_lanes,
  // AXI4, one identifier
  output logic                   awvalid,
  input  logic                   awready,
  output transfer_pkg::address_t awaddr,
  output logic [7:0]             awlen,
  output logic [2:0]             awsize,
  output logic [1:0]             awburst,
  output logic                   wvalid,
  input  logic                   wready,
  output logic [8*BUS_BYTES-1:0] wdata,
  output logic [BUS_BYTES-1:0]   wstrb,
  output logic                   wlast,
  input  logic                   bvalid,
  output logic                   bready,
  input  logic [1:0]             bresp,
  // the map memory
  output logic                   map_write,
  input  logic                   map_taken,  // its port is busy otherwise: the word waits
  output transfer_pkg::length_t  map_position,
  output transfer_pkg::piece_t   map_bytes,
  output logic [127:0]           map_lanes
);

  localparam int LENGTH_BITS = transfer_pkg::LENGTH_BITS;
  localparam int LANE_BITS = $clog2(BUS_BYTES);
  localparam int BYTES_BITS = $clog2(BURST_BYTES > transfer_pkg::PORT_BYTES ? BURST_BYTES : transfer_pkg::PORT_BYTES) + 1;
  localparam int BURST_BITS = $clog2(BURST_BYTES) + 1;
  localparam int COUNT_BITS = $clog2(OUTSTANDING + 1);

  logic more, issue, cut_last, all_issued, refused, refuses, halts;
  transfer_pkg::address_t cut_address;
  logic [BYTES_BITS-1:0] cut_bytes;
  assign more = busy && (begins || !all_issued);
  burst_cutter #(
    .BURST_BYTES(BURST_BYTES)
  ) cutter (
    .clk,
    .begins,
    .words(transfer.maps),
    .address(transfer.address),
    .run_bytes(transfer.run_bytes),
    .runs(transfer.runs),
    .rows(transfer.rows),
    .row_pitch(transfer.row_pitch),
    .column_pitch(transfer.column_pitch),
    .advance(issue),
    .at(cut_address),
    .bytes(cut_bytes),
    .last(cut_last)
  );

  // Bursts in flight, from the cycle before their address is offered.
  logic [COUNT_BITS-1:0] in_flight;
  logic room, retires, sends;
  assign bready = 1'b1;
  assign retires = bvalid;
  assign refuses = bvalid && bresp[1];
  assign halts = stop || refused || refuses;
  assign room = in_flight != COUNT_BITS'(OUTSTANDING) || retires;
  assign sends = more && !transfer.maps && room && (!awvalid || awready) && !halts;
  logic [LANE_BITS:0] last_lane;
  assign last_lane = (LANE_BITS + 1)'(cut_address[LANE_BITS-1:0]) + (LANE_BITS + 1)'(BUS_BYTES - 1);
  assign awsize = 3'(LANE_BITS);
  assign awburst = 2'b01;

  // Pieces: beats of those bursts, or words of the map memory. One is read, the one before it leaves.
  logic beat_there, beat_last, advance;
  logic [LANE_BITS-1:0] beat_lane;
  logic [LANE_BITS:0] beat_bytes;
  beats #(
    .BUS_BYTES(BUS_BYTES),
    .BURST_BYTES(BURST_BYTES),
    .DEPTH(OUTSTANDING)
  ) leaving (
    .clk,
    .clear(reset),
    .put(sends),
    .put_lane(cut_address[LANE_BITS-1:0]),
    .put_bytes(BURST_BITS'(cut_bytes)),
    .there(beat_there),
    .lane(beat_lane),
    .bytes(beat_bytes),
    .last(beat_last),
    .advance(advance && beat_there)
  );

  logic read_word, word_there, word_last, map_last, moves;
  transfer_pkg::lane_t lane, shift;
  transfer_pkg::piece_t bytes;
  transfer_pkg::length_t position, position_now, word_position;
  transfer_pkg::piece_t word_bytes;
  assign moves = !map_write || !map_taken;
  assign read_word = more && transfer.maps && moves;
  assign advance = !wvalid || wready;
  assign issue = sends || read_word;
  assign position_now = begins ? transfer.offset : position;
  assign read = transfer.maps ? read_word : beat_there && advance;
  assign read_position = position_now;
  assign lane = transfer.maps ? 4'(cut_address) : 4'(beat_lane);
  assign bytes = transfer.maps ? 5'(cut_bytes) : 5'(beat_bytes);

  // What was read, on its way to the lanes of the bus or of the word.
  logic [127:0] placed;
  lane_rotator to_place (
    .bytes(read_lanes),
    .by(shift),
    .rotated(placed)
  );
  assign wdata = placed[8*BUS_BYTES-1:0];

  logic [BUS_BYTES-1:0] first_lanes, strobes;
  always_comb
    for (int l = 0; l < BUS_BYTES; l++) begin
      first_lanes[l] = (LANE_BITS + 1)'(l) >= (LANE_BITS + 1)'(beat_lane);
      strobes[l] = first_lanes[l] && (LANE_BITS + 2)'(l) < (LANE_BITS + 2)'(beat_lane) + (LANE_BITS + 2)'(beat_bytes);
    end

  // Over in the cycle of the last response, or of the last word's write.
  logic none_left, over;
  assign none_left = !sends && in_flight == COUNT_BITS'(retires);
  assign over = transfer.maps ? map_write && map_last && moves : !begins && none_left && (all_issued || halts);
  assign done = busy && over;
  assign error = refused || refuses ? transfer_pkg::ERROR_BUS : 4'd0;

  always_ff @(posedge clk) begin
    all_issued <= issue ? cut_last : !begins && all_issued;
    position <= position_now + (read ? LENGTH_BITS'(bytes) : '0);
    if (read) shift <= lane - position_now[3:0];
    if (sends) begin
      awaddr <= cut_address;
      awlen <= 8'(((BYTES_BITS + 4)'(last_lane) + (BYTES_BITS + 4)'(cut_bytes)) >> LANE_BITS) - 8'd1;
    end
    if (advance) begin
      wstrb <= strobes;
      wlast <= beat_last;
    end
    if (moves) begin
      word_position <= LENGTH_BITS'(cut_address);
      word_bytes <= 5'(cut_bytes);
      word_last <= cut_last;
      map_position <= word_position;
      map_bytes <= word_bytes;
      map_last <= word_last;
      map_lanes <= placed;
    end
    if (reset) begin
      in_flight <= '0;
      awvalid <= 1'b0;
      wvalid <= 1'b0;
      refused <= 1'b0;
      word_there <= 1'b0;
      map_write <= 1'b0;
    end else begin
      in_flight <= in_flight + COUNT_BITS'(sends) - COUNT_BITS'(retires);
      if (!awvalid || awready) awvalid <= sends;
      if (advance) wvalid <= beat_there;
      refused <= busy && !done && (refused || refuses);
      if (moves) begin
        word_there <= read_word;
        map_write <= word_there;
      end
    end
  end

  logic unused;
  assign unused = &{1'b0, bresp[0]};

endmodule
