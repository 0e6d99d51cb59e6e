// What moves data: load and store unit with their queues, the tokens of the ring load, compute, store, and the buffers
// and memories they fill and empty. The compute unit and the command processor are beside it.
module transfer_units
#(
  parameter int QUEUE = 4,
  parameter int BUS_BYTES = 8,
  parameter int BURST_BYTES = 64,
  parameter int OUTSTANDING = 4,
  parameter int WEIGHT_ROW_BYTES = 16,     // a word of the array, and at least 16; a power of two
  parameter int PARAMETER_ROW_BYTES = 32,
  parameter int SKIP_ROW_BYTES = 16,
  parameter int WEIGHT_BYTES = 2048,
  parameter int PARAMETER_BYTES = 512,
  parameter int SKIP_BYTES = 2048,
  parameter int OUTPUT_BYTES = 2048,
  parameter int WEIGHT_MEMORY_BYTES = 2048,
  parameter int MAP_MEMORY_BYTES = 4096,
  parameter int COMMAND_MEMORY_BYTES = 1024
) (
  input  logic clk,
  input  logic reset,
  input  logic clear,  // a stream begins; every unit is idle
  // what the command processor and the compute unit find wrong, and what stops them
  input  logic [3:0]  command_error,
  input  logic [31:0] command_offset,
  input  logic [3:0]  compute_error,
  input  logic [31:0] compute_offset,
  output logic        failed,
  output logic [3:0]  error_code,
  output logic [31:0] error_detail,
  // commands: dispatched where offered and the unit's queue is ready
  input  logic                     load_offered,
  output logic                     load_ready,
  input  logic                     store_offered,
  output logic                     store_ready,
  input  logic [transfer_pkg::TRANSFER_BITS-1:0] command,  // transfer_pkg::transfer_t
  // tokens of the compute unit
  output logic load_token,
  output logic store_token,
  input  logic take_load,
  input  logic take_store,
  input  logic give_load,
  input  logic give_store,
  // states, from below: busy, waits for a command, for the previous unit, for the next unit
  output logic [3:0] load_state,
  output logic [3:0] store_state,
  // main memory: AXI4, one identifier, only what is not constant besides
  output logic                   arvalid,
  input  logic                   arready,
  output logic [31:0]            araddr,
  output logic [7:0]             arlen,
  output logic [2:0]             arsize,
  output logic [1:0]             arburst,
  input  logic                   rvalid,
  output logic                   rready,
  input  logic [8*BUS_BYTES-1:0] rdata,
  input  logic [1:0]             rresp,
  output logic                   awvalid,
  input  logic                   awready,
  output logic [31:0]            awaddr,
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
  // the compute unit's reads, a cycle before the rows: from any byte on, lanes modulo the row
  input  logic                             weight_read,
  input  logic                             weight_resident,  // of the weight memory
  input  transfer_pkg::length_t                          weight_position,
  output logic [8*WEIGHT_ROW_BYTES-1:0]    weight_lanes,
  input  logic                             parameter_read,
  input  transfer_pkg::length_t                          parameter_position,
  output logic [8*PARAMETER_ROW_BYTES-1:0] parameter_lanes,
  input  logic                             skip_read,
  input  transfer_pkg::length_t                          skip_position,
  output logic [8*SKIP_ROW_BYTES-1:0]      skip_lanes,
  // the command processor's, two cycles before the word
  input  logic         command_read,
  input  transfer_pkg::length_t      command_position,
  output logic [127:0] command_word
);

  // enum lutra_buffer
  localparam logic [2:0] WEIGHT = 3'd1;
  localparam logic [2:0] PARAMETER = 3'd2;
  localparam logic [2:0] SKIP = 3'd3;
  localparam logic [2:0] OUTPUT = 3'd4;
  localparam logic [2:0] COMMAND_MEMORY = 3'd7;

  logic load_done, load_begins, load_busy, store_done, store_begins, store_busy;
  logic [3:0] load_error, store_error;
  transfer_pkg::transfer_t load_command, store_command;

  // Queues and control of both units.
  transfer_pkg::transfer_t load_head, store_head;
  logic load_waiting, load_take, store_waiting, store_take;
  command_queue #(
    .BITS(transfer_pkg::TRANSFER_BITS),
    .DEPTH(QUEUE)
  ) load_queue (
    .clk,
    .clear(reset || clear || failed),
    .offered(load_offered),
    .command,
    .ready(load_ready),
    .waiting(load_waiting),
    .head(load_head),
    .take(load_take)
  );
  command_queue #(
    .BITS(transfer_pkg::TRANSFER_BITS),
    .DEPTH(QUEUE)
  ) store_queue (
    .clk,
    .clear(reset || clear || failed),
    .offered(store_offered),
    .command,
    .ready(store_ready),
    .waiting(store_waiting),
    .head(store_head),
    .take(store_take)
  );

  // Tokens: load -> compute, compute -> load, compute -> store, store -> compute, store -> load.
  logic load_gives, store_gives_compute, store_gives_load;
  logic compute_for_load, store_for_load, load_takes_store, load_takes_compute;
  logic compute_for_store, store_takes_compute;
  token_queue load_to_compute (
    .clk, .clear(reset || clear), .give(load_gives), .take(take_load), .there(load_token));
  token_queue compute_to_load (
    .clk, .clear(reset || clear), .give(give_load), .take(load_takes_compute), .there(compute_for_load));
  token_queue compute_to_store (
    .clk, .clear(reset || clear), .give(give_store), .take(store_takes_compute), .there(compute_for_store));
  token_queue store_to_compute (
    .clk, .clear(reset || clear), .give(store_gives_compute), .take(take_store), .there(store_token));
  token_queue store_to_load (
    .clk, .clear(reset || clear), .give(store_gives_load), .take(load_takes_store), .there(store_for_load));

  unit_control #(
    .BITS(transfer_pkg::TRANSFER_BITS)
  ) load_control (
    .clk,
    .clear(reset),
    .stop(failed),
    .waiting(load_waiting),
    .head(load_head),
    .head_tokens(load_head.tokens),
    .take(load_take),
    .previous_there(store_for_load),
    .next_there(compute_for_load),
    .take_previous(load_takes_store),
    .take_next(load_takes_compute),
    .give_previous(),
    .give_next(load_gives),
    .begins(load_begins),
    .command(load_command),
    .done(load_done),
    .failed(load_error != '0),
    .busy(load_busy),
    .waits_command(load_state[1]),
    .waits_previous(load_state[2]),
    .waits_next(load_state[3])
  );
  assign load_state[0] = load_busy;
  unit_control #(
    .BITS(transfer_pkg::TRANSFER_BITS)
  ) store_control (
    .clk,
    .clear(reset),
    .stop(failed),
    .waiting(store_waiting),
    .head(store_head),
    .head_tokens(store_head.tokens),
    .take(store_take),
    .previous_there(compute_for_store),
    .next_there(1'b0),
    .take_previous(store_takes_compute),
    .take_next(),
    .give_previous(store_gives_compute),
    .give_next(store_gives_load),
    .begins(store_begins),
    .command(store_command),
    .done(store_done),
    .failed(store_error != '0),
    .busy(store_busy),
    .waits_command(store_state[1]),
    .waits_previous(store_state[2]),
    .waits_next(store_state[3])
  );
  assign store_state[0] = store_busy;

  stream_failure failure (
    .clk,
    .clear(reset || clear),
    .codes({store_done ? store_error : 4'd0, compute_error, load_done ? load_error : 4'd0, command_error}),
    .offsets({store_command.stream_offset, compute_offset, load_command.stream_offset, command_offset}),
    .failed,
    .code(error_code),
    .detail(error_detail)
  );

  logic write, map_read;
  logic [2:0] write_buffer;
  transfer_pkg::length_t write_position, map_read_position;
  transfer_pkg::piece_t write_bytes;
  logic [127:0] write_lanes, map_word;
  load_unit #(
    .BUS_BYTES(BUS_BYTES),
    .BURST_BYTES(BURST_BYTES),
    .OUTSTANDING(OUTSTANDING)
  ) load (
    .clk,
    .reset,
    .stop(failed),
    .begins(load_begins),
    .busy(load_busy),
    .transfer(load_command),
    .done(load_done),
    .error(load_error),
    .arvalid,
    .arready,
    .araddr,
    .arlen,
    .arsize,
    .arburst,
    .rvalid,
    .rready,
    .rdata,
    .rresp,
    .map_read,
    .map_position(map_read_position),
    .map_word,
    .write,
    .write_buffer,
    .write_position,
    .write_bytes,
    .write_lanes
  );

  logic output_read, map_write, fills_maps;
  transfer_pkg::length_t output_position, map_write_position;
  transfer_pkg::piece_t map_bytes;
  logic [127:0] output_lanes, map_lanes;
  assign fills_maps = write && write_buffer == transfer_pkg::MAP_MEMORY;
  store_unit #(
    .BUS_BYTES(BUS_BYTES),
    .BURST_BYTES(BURST_BYTES),
    .OUTSTANDING(OUTSTANDING)
  ) store (
    .clk,
    .reset,
    .stop(failed),
    .begins(store_begins),
    .busy(store_busy),
    .transfer(store_command),
    .done(store_done),
    .error(store_error),
    .read(output_read),
    .read_position(output_position),
    .read_lanes(output_lanes),
    .awvalid,
    .awready,
    .awaddr,
    .awlen,
    .awsize,
    .awburst,
    .wvalid,
    .wready,
    .wdata,
    .wstrb,
    .wlast,
    .bvalid,
    .bready,
    .bresp,
    .map_write,
    .map_taken(fills_maps),
    .map_position(map_write_position),
    .map_bytes,
    .map_lanes
  );

  // Buffers.
  localparam int WEIGHT_PLACE = $clog2(WEIGHT_BYTES);
  localparam int PARAMETER_PLACE = $clog2(PARAMETER_BYTES);
  localparam int SKIP_PLACE = $clog2(SKIP_BYTES);
  localparam int OUTPUT_PLACE = $clog2(OUTPUT_BYTES);
  logic [8*WEIGHT_ROW_BYTES-1:0] streamed_lanes;
  scratchpad #(
    .ROW_BYTES(WEIGHT_ROW_BYTES),
    .BYTES(WEIGHT_BYTES)
  ) weights (
    .clk,
    .write(write && write_buffer == WEIGHT),
    .write_position(WEIGHT_PLACE'(write_position)),
    .write_bytes,
    .write_lanes,
    .read(weight_read && !weight_resident),
    .read_position(WEIGHT_PLACE'(weight_position)),
    .read_lanes(streamed_lanes)
  );
  scratchpad #(
    .ROW_BYTES(PARAMETER_ROW_BYTES),
    .BYTES(PARAMETER_BYTES)
  ) parameters (
    .clk,
    .write(write && write_buffer == PARAMETER),
    .write_position(PARAMETER_PLACE'(write_position)),
    .write_bytes,
    .write_lanes,
    .read(parameter_read),
    .read_position(PARAMETER_PLACE'(parameter_position)),
    .read_lanes(parameter_lanes)
  );
  scratchpad #(
    .ROW_BYTES(SKIP_ROW_BYTES),
    .BYTES(SKIP_BYTES)
  ) skips (
    .clk,
    .write(write && write_buffer == SKIP),
    .write_position(SKIP_PLACE'(write_position)),
    .write_bytes,
    .write_lanes,
    .read(skip_read),
    .read_position(SKIP_PLACE'(skip_position)),
    .read_lanes(skip_lanes)
  );
  scratchpad #(
    .ROW_BYTES(16),
    .BYTES(OUTPUT_BYTES)
  ) outputs (
    .clk,
    .write(write && write_buffer == OUTPUT),
    .write_position(OUTPUT_PLACE'(write_position)),
    .write_bytes,
    .write_lanes,
    .read(output_read),
    .read_position(OUTPUT_PLACE'(output_position)),
    .read_lanes(output_lanes)
  );

  // Memories that stay.
  if (WEIGHT_MEMORY_BYTES > 0) begin : g_weight_memory
    localparam int PLACE = $clog2(WEIGHT_MEMORY_BYTES);
    logic [8*WEIGHT_ROW_BYTES-1:0] resident_lanes;
    logic resident;
    scratchpad #(
      .ROW_BYTES(WEIGHT_ROW_BYTES),
      .BYTES(WEIGHT_MEMORY_BYTES)
    ) memory (
      .clk,
      .write(write && write_buffer == transfer_pkg::WEIGHT_MEMORY),
      .write_position(PLACE'(write_position)),
      .write_bytes,
      .write_lanes,
      .read(weight_read && weight_resident),
      .read_position(PLACE'(weight_position)),
      .read_lanes(resident_lanes)
    );
    always_ff @(posedge clk) if (weight_read) resident <= weight_resident;
    assign weight_lanes = resident ? resident_lanes : streamed_lanes;
  end else begin : g_no_weight_memory
    assign weight_lanes = streamed_lanes;
  end
  if (MAP_MEMORY_BYTES > 0) begin : g_map_memory
    localparam int PLACE = $clog2(MAP_MEMORY_BYTES);
    resident_memory #(
      .BYTES(MAP_MEMORY_BYTES)
    ) memory (
      .clk,
      .write(map_write || fills_maps),
      .write_position(PLACE'(fills_maps ? write_position : map_write_position)),
      .write_bytes(fills_maps ? write_bytes : map_bytes),
      .write_lanes(fills_maps ? write_lanes : map_lanes),
      .read(map_read),
      .read_position(PLACE'(map_read_position)),
      .word(map_word)
    );
  end else begin : g_no_map_memory
    assign map_word = '0;
    logic unused_maps;
    assign unused_maps = &{1'b0, map_read, map_read_position, map_write, map_write_position, map_bytes, map_lanes};
  end
  if (COMMAND_MEMORY_BYTES > 0) begin : g_command_memory
    localparam int PLACE = $clog2(COMMAND_MEMORY_BYTES);
    resident_memory #(
      .BYTES(COMMAND_MEMORY_BYTES)
    ) memory (
      .clk,
      .write(write && write_buffer == COMMAND_MEMORY),
      .write_position(PLACE'(write_position)),
      .write_bytes,
      .write_lanes,
      .read(command_read),
      .read_position(PLACE'(command_position)),
      .word(command_word)
    );
  end else begin : g_no_command_memory
    assign command_word = '0;
    logic unused_commands;
    assign unused_commands = &{1'b0, command_read, command_position};
  end

endmodule
