// The load unit: bursts over the read channels of AXI4 or words of the map memory, and from there piece by piece into the
// buffer. Piece: up to a beat, in successive bytes of the buffer, in the cycle in which it arrives: nothing waits
// between bus and buffer, so the unit never holds back data.
module load_unit #(
  parameter int BUS_BYTES = 8,     // 4, 8 or 16
  parameter int BURST_BYTES = 64,  // at most 256 beats
  parameter int OUTSTANDING = 4
) (
  input  logic clk,
  input  logic reset,   // what the weight memory holds is forgotten
  input  logic stop,    // the stream has failed: no burst is issued any more
  // the transfer: unit_control
  input  logic begins,
  input  logic busy,
  input  transfer_pkg::transfer_t transfer,
  output logic done,
  output logic [3:0] error,  // enum lutra_engine_error, with done
  // AXI4, one identifier
  output logic                   arvalid,
  input  logic                   arready,
  output transfer_pkg::address_t araddr,
  output logic [7:0]             arlen,
  output logic [2:0]             arsize,
  output logic [1:0]             arburst,
  input  logic                   rvalid,
  output logic                   rready,
  input  logic [8*BUS_BYTES-1:0] rdata,
  input  logic [1:0]             rresp,
  // the map memory: a word stands at the input two cycles after its read
  output logic                   map_read,
  output transfer_pkg::length_t  map_position,
  input  logic [127:0]           map_word,
  // a piece: byte of buffer position p in lane p modulo 16
  output logic                   write,
  output logic [2:0]             write_buffer,
  output transfer_pkg::length_t  write_position,
  output transfer_pkg::piece_t   write_bytes,
  output logic [127:0]           write_lanes
);

  localparam int LENGTH_BITS = transfer_pkg::LENGTH_BITS;
  localparam int LANE_BITS = $clog2(BUS_BYTES);
  localparam int BYTES_BITS = $clog2(BURST_BYTES > transfer_pkg::PORT_BYTES ? BURST_BYTES : transfer_pkg::PORT_BYTES) + 1;
  localparam int BURST_BITS = $clog2(BURST_BYTES) + 1;
  localparam int COUNT_BITS = $clog2(OUTSTANDING + 1);

  // A load of resident weights begins where the loads before it have ended, or before.
  transfer_pkg::length_t level;
  logic resident, unwritten, works;
  assign resident = transfer.buffer == transfer_pkg::WEIGHT_MEMORY;
  assign unwritten = begins && resident && transfer.offset > level;
  assign works = busy && !unwritten;

  logic more, issue, cut_last, all_issued, refused, pending;
  logic [BYTES_BITS-1:0] cut_bytes;
  assign more = works && (begins || !all_issued);
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
    .at(araddr),
    .bytes(cut_bytes),
    .last(cut_last)
  );

  // Bursts in flight.
  logic [COUNT_BITS-1:0] in_flight;
  logic full, halts, retires, refuses, asks;
  assign full = in_flight == COUNT_BITS'(OUTSTANDING);
  assign halts = stop || refused;
  assign arvalid = more && !transfer.maps && !full && (!halts || pending);
  assign asks = arvalid && arready;
  logic [LANE_BITS:0] last_lane;
  assign last_lane = (LANE_BITS + 1)'(araddr[LANE_BITS-1:0]) + (LANE_BITS + 1)'(BUS_BYTES - 1);
  assign arlen = 8'(((BYTES_BITS + 4)'(last_lane) + (BYTES_BITS + 4)'(cut_bytes)) >> LANE_BITS) - 8'd1;
  assign arsize = 3'(LANE_BITS);
  assign arburst = 2'b01;

  logic beat_there, beat_last, spoilt;  // an earlier beat of the burst was refused
  logic [LANE_BITS-1:0] beat_lane;
  logic [LANE_BITS:0] beat_bytes;
  assign rready = 1'b1;
  beats #(
    .BUS_BYTES(BUS_BYTES),
    .BURST_BYTES(BURST_BYTES),
    .DEPTH(OUTSTANDING)
  ) arriving (
    .clk,
    .clear(reset),
    .put(asks),
    .put_lane(araddr[LANE_BITS-1:0]),
    .put_bytes(BURST_BITS'(cut_bytes)),
    .there(beat_there),
    .lane(beat_lane),
    .bytes(beat_bytes),
    .last(beat_last),
    .advance(rvalid)
  );
  assign retires = rvalid && beat_last;
  assign refuses = retires && (rresp[1] || spoilt);

  // Words of the map memory: the places of those that are on their way.
  assign map_read = more && transfer.maps;
  assign map_position = LENGTH_BITS'(araddr);
  logic [1:0] word_there, word_last;
  transfer_pkg::lane_t first_lane, word_lane;
  transfer_pkg::piece_t first_bytes, word_bytes;

  assign issue = asks || map_read;

  // A piece, wherever it comes from.
  logic there;
  transfer_pkg::lane_t lane;
  logic [127:0] source;
  transfer_pkg::length_t position;
  always_comb begin
    if (transfer.maps) begin
      there = word_there[1];
      lane = word_lane;
      write_bytes = word_bytes;
      source = map_word;
    end else begin
      there = rvalid && !rresp[1];
      lane = 4'(beat_lane);
      write_bytes = 5'(beat_bytes);
      source = 128'(rdata);
    end
  end
  assign write = there;
  assign write_buffer = transfer.buffer;
  assign write_position = position;
  transfer_pkg::lane_t by;
  assign by = position[3:0] - lane;
  lane_rotator to_place (
    .bytes(source),
    .by,
    .rotated(write_lanes)
  );

  // Over in the cycle of its last piece; after a failure, of the last burst in flight.
  logic none_left, fails, over;
  assign none_left = !arvalid && in_flight == COUNT_BITS'(retires);
  assign fails = refused || refuses;
  assign over = transfer.maps ? word_there[1] && word_last[1] : !begins && none_left && (all_issued || stop || fails);
  assign done = busy && (unwritten || over);
  assign error = unwritten ? transfer_pkg::ERROR_UNWRITTEN : fails ? transfer_pkg::ERROR_BUS : 4'd0;

  transfer_pkg::length_t end_position;
  assign end_position = position + (there ? LENGTH_BITS'(write_bytes) : '0);

  always_ff @(posedge clk) begin
    all_issued <= issue ? cut_last : !begins && all_issued;
    if (begins) position <= transfer.offset;
    else position <= end_position;
    first_lane <= 4'(araddr);
    first_bytes <= 5'(cut_bytes);
    word_last <= {word_last[0], cut_last};
    word_lane <= first_lane;
    word_bytes <= first_bytes;
    if (reset) begin
      in_flight <= '0;
      pending <= 1'b0;
      refused <= 1'b0;
      spoilt <= 1'b0;
      word_there <= '0;
      level <= '0;
    end else begin
      in_flight <= in_flight + COUNT_BITS'(asks) - COUNT_BITS'(retires);
      pending <= arvalid && !arready;
      if (rvalid) spoilt <= !beat_last && (spoilt || rresp[1]);
      refused <= busy && !done && fails;
      word_there <= {word_there[0], map_read};
      if (done && resident && error == 4'd0 && !stop && end_position > level) level <= end_position;
    end
  end

  logic unused;
  assign unused = &{1'b0, beat_there, rresp[0]};

endmodule
