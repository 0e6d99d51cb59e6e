// What the load and the store unit run: struct lutra_transfer of accelerators/interface/commands.h once it is checked,
// its elements merged into runs: `rows` times `runs` of `run_bytes`.
package transfer_pkg;

  localparam int LENGTH_BITS = 25;  // of a buffer's bytes: accelerators/family/engine_knobs.h
  typedef logic [LENGTH_BITS-1:0] length_t;
  typedef logic [31:0] address_t;

  localparam int PORT_BYTES = 16;  // that the transfer port moves in a cycle
  typedef logic [3:0] lane_t;      // of a byte in it
  typedef logic [4:0] piece_t;     // bytes of it, 1 to 16

  // enum lutra_buffer
  localparam logic [2:0] WEIGHT_MEMORY = 3'd5;
  localparam logic [2:0] MAP_MEMORY = 3'd6;

  // enum lutra_engine_error
  localparam logic [3:0] ERROR_BUS = 4'd3;
  localparam logic [3:0] ERROR_UNWRITTEN = 4'd8;

  // enum lutra_token, by place
  localparam int WAIT_PREVIOUS = 0;
  localparam int WAIT_NEXT = 1;
  localparam int SIGNAL_PREVIOUS = 2;
  localparam int SIGNAL_NEXT = 3;

  typedef struct packed {
    logic [31:0] stream_offset;
    logic [3:0]  tokens;
    logic [2:0]  buffer;
    logic        maps;  // its memory is the map memory
    length_t     offset;
    address_t    address;
    length_t     run_bytes;
    length_t     runs;
    length_t     rows;
    address_t    row_pitch;
    address_t    column_pitch;
  } transfer_t;
  localparam int TRANSFER_BITS = 32 + 4 + 3 + 1 + 4 * LENGTH_BITS + 3 * 32;

endpackage
