// A memory of 16-byte words that stays from stream to stream: the map memory, the command memory. A word is read in two
// cycles; bytes are written from any byte on.
module resident_memory #(
  parameter int BYTES = 4096,
  parameter int PLACE_BITS = $clog2(BYTES)
) (
  input  logic                      clk,
  input  logic                      write,
  input  logic     [PLACE_BITS-1:0] write_position,
  input  transfer_pkg::piece_t      write_bytes,
  input  logic              [127:0] write_lanes,
  input  logic                      read,
  input  logic     [PLACE_BITS-1:0] read_position,  // of its first byte that counts
  output logic              [127:0] word            // two cycles later; byte p in lane p modulo 16
);

  logic [127:0] row;
  scratchpad #(
    .ROW_BYTES(16),
    .BYTES(BYTES),
    .PLACE_BITS(PLACE_BITS)
  ) words (
    .clk,
    .write,
    .write_position,
    .write_bytes,
    .write_lanes,
    .read,
    .read_position,
    .read_lanes(row)
  );
  always_ff @(posedge clk) word <= row;

endmodule
