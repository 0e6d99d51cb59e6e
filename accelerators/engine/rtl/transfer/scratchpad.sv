// A buffer of bytes of which up to 16 are written and ROW_BYTES are read in a cycle, both from any byte on: two banks of
// rows, the even and the odd ones. A byte's lane is its place modulo ROW_BYTES.
module scratchpad #(
  parameter int ROW_BYTES = 16,  // a power of two, at least 16
  parameter int BYTES = 4096,
  parameter int PLACE_BITS = $clog2(BYTES)
) (
  input  logic                      clk,
  input  logic                      write,
  input  logic     [PLACE_BITS-1:0] write_position,
  input  transfer_pkg::piece_t      write_bytes,
  input  logic              [127:0] write_lanes,    // lane modulo 16
  // the bytes from the position on stand at the output from the cycle after `read` to the next read
  input  logic                      read,
  input  logic     [PLACE_BITS-1:0] read_position,
  output logic    [8*ROW_BYTES-1:0] read_lanes
);

  localparam int LANE_BITS = $clog2(ROW_BYTES);
  localparam int ROWS = (BYTES + 2 * ROW_BYTES - 1) / (2 * ROW_BYTES);  // of a bank
  localparam int ROW_BITS = ROWS > 1 ? $clog2(ROWS) : 1;

  // Of a position: its lane, and each bank's row, the odd bank's or the even one's behind it where the row it lies in is
  // the other's.
  function automatic logic [ROW_BITS-1:0] row_of(logic [PLACE_BITS-1:0] position, bit odd);
    logic [PLACE_BITS-1:0] row;
    row = position >> LANE_BITS;
    row_of = ROW_BITS'((row + PLACE_BITS'(!odd)) >> 1);
  endfunction

  logic [LANE_BITS-1:0] write_lane, read_lane;
  logic write_odd, read_odd;
  assign write_lane = LANE_BITS'(write_position);
  assign write_odd = 1'(write_position >> LANE_BITS);

  // Lanes that are written, as if the row went on behind it: those beyond are the first of the row behind.
  logic [2*ROW_BYTES-1:0] touched;
  assign touched = write ? ~({2 * ROW_BYTES{1'b1}} << write_bytes) << write_lane : '0;

  logic [8*ROW_BYTES-1:0] even_row, odd_row;
  for (genvar bank = 0; bank < 2; bank++) begin : g_bank
    logic [8*ROW_BYTES-1:0] held[ROWS], row;
    logic [ROW_BITS-1:0] write_row, read_row;
    logic [ROW_BYTES-1:0] enables;
    assign write_row = row_of(write_position, bank == 1);
    assign read_row = row_of(read_position, bank == 1);
    assign enables = write_odd == (bank == 1) ? touched[ROW_BYTES-1:0] : touched[2*ROW_BYTES-1:ROW_BYTES];
    always_ff @(posedge clk) begin
      for (int l = 0; l < ROW_BYTES; l++)
        if (enables[l]) held[write_row][8*l+:8] <= write_lanes[8*(l%16)+:8];
      if (read) row <= held[read_row];
    end
  end
  assign even_row = g_bank[0].row;
  assign odd_row = g_bank[1].row;

  // The lanes below the position's are of the row behind.
  always_ff @(posedge clk)
    if (read) begin
      read_lane <= LANE_BITS'(read_position);
      read_odd <= 1'(read_position >> LANE_BITS);
    end
  logic [8*ROW_BYTES-1:0] below, first_row, row_behind;
  assign below = ~({8 * ROW_BYTES{1'b1}} << {read_lane, 3'd0});
  assign first_row = read_odd ? odd_row : even_row;
  assign row_behind = read_odd ? even_row : odd_row;
  assign read_lanes = (first_row & ~below) | (row_behind & below);

endmodule
