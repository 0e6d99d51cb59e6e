// The engine's registers (accelerators/interface/registers.h) behind AXI4-Lite, the interrupt and the counters.
module engine_registers #(
  parameter logic [31:0] FAMILY = 32'd0,      // FNV-1a of its name
  parameter logic [31:0] SHAPE = 32'd0,       // rows | columns << 8 | lanes << 16
  parameter bit COMMAND_MEMORY = 1'b0,        // there is one
  parameter int ADDRESS_BITS = 12
) (
  input  logic                    clk,
  input  logic                    reset,
  input  logic                    awvalid,
  output logic                    awready,
  input  logic [ADDRESS_BITS-1:0] awaddr,
  input  logic                    wvalid,
  output logic                    wready,
  input  logic [31:0]             wdata,
  input  logic [3:0]              wstrb,
  output logic                    bvalid,
  input  logic                    bready,
  output logic [1:0]              bresp,
  input  logic                    arvalid,
  output logic                    arready,
  input  logic [ADDRESS_BITS-1:0] araddr,
  output logic                    rvalid,
  input  logic                    rready,
  output logic [31:0]             rdata,
  output logic [1:0]              rresp,
  output logic                    irq,
  // the stream: `starts` stands in the cycle before its first, `ends` in its last
  output logic                    starts,
  output logic                    restarts,        // while one runs: an error of it
  output logic                    running,
  output logic [31:0]             stream_address,
  output logic [31:0]             stream_bytes,
  input  logic                    ends,
  input  logic                    failed,          // with ends
  input  logic [3:0]              error_code,      // zero, as those below, until something is known of this stream
  input  logic [31:0]             error_detail,
  input  logic [31:0]             operation,
  input  logic [12:0]             states           // that hold in this cycle: enum lutra_engine_counter, from 1 on
);

  // Words, of the offsets of registers.h.
  localparam int WORD_BITS = ADDRESS_BITS - 2;
  localparam int ID = 0, VERSION = 1, CONTROL = 2, STATUS = 3, STREAM_ADDRESS = 4, STREAM_BYTES = 5, IRQ_ENABLE = 6;
  localparam int IRQ_STATUS = 7, ERROR_CODE = 8, ERROR_DETAIL = 9, FAMILY_ID = 10, SHAPE_ID = 11, OPERATION = 12;
  localparam int COUNTERS = 32;
  localparam int COUNT = 14;
  localparam logic [31:0] ID_VALUE = 32'h4152544C;
  localparam logic [31:0] VERSION_VALUE = 32'd2;

  logic write, write_refused, read_refused;
  logic [ADDRESS_BITS-3:0] write_word, read_word;
  logic [31:0] write_value, read_value;
  axi_lite_port #(
    .ADDRESS_BITS(ADDRESS_BITS)
  ) port (
    .clk,
    .reset,
    .awvalid,
    .awready,
    .awaddr,
    .wvalid,
    .wready,
    .wdata,
    .wstrb,
    .bvalid,
    .bready,
    .bresp,
    .arvalid,
    .arready,
    .araddr,
    .rvalid,
    .rready,
    .rdata,
    .rresp,
    .write,
    .write_word,
    .write_value,
    .write_refused,
    .read_word,
    .read_value,
    .read_refused
  );

  logic done, has_failed, irq_enable, irq_status;
  logic writes_control;
  assign writes_control = write && write_word == WORD_BITS'(CONTROL) && write_value[0];
  assign starts = writes_control && !running;
  assign restarts = writes_control && running;
  assign irq = irq_enable && irq_status;

  always_comb
    case (write_word)
      WORD_BITS'(CONTROL), WORD_BITS'(STREAM_ADDRESS), WORD_BITS'(STREAM_BYTES), WORD_BITS'(IRQ_ENABLE), WORD_BITS'(IRQ_STATUS):
        write_refused = 1'b0;
      default: write_refused = 1'b1;
    endcase

  always_ff @(posedge clk)
    if (reset) begin
      running <= 1'b0;
      done <= 1'b0;
      has_failed <= 1'b0;
      irq_enable <= 1'b0;
      irq_status <= 1'b0;
      stream_address <= '0;
      stream_bytes <= '0;
    end else begin
      running <= starts || (running && !ends);
      if (starts) begin
        done <= 1'b0;
        has_failed <= 1'b0;
      end else if (ends) begin
        done <= !failed;
        has_failed <= failed;
      end
      if (write && write_word == WORD_BITS'(STREAM_ADDRESS))
        stream_address <= {write_value[31:2], 1'b0, write_value[0] && COMMAND_MEMORY};
      if (write && write_word == WORD_BITS'(STREAM_BYTES)) stream_bytes <= {write_value[31:2], 2'd0};
      if (write && write_word == WORD_BITS'(IRQ_ENABLE)) irq_enable <= write_value[0];
      if (ends) irq_status <= 1'b1;
      else if (write && write_word == WORD_BITS'(IRQ_STATUS) && write_value[0]) irq_status <= 1'b0;
    end

  // Counters: the first counts every cycle of the stream.
  logic [64*COUNT-1:0] counters;
  logic [COUNT-1:0] counts;
  assign counts = {states, 1'b1};
  for (genvar i = 0; i < COUNT; i++) begin : g_counter
    logic [63:0] value;
    always_ff @(posedge clk)
      if (reset || starts) value <= '0;
      else if (running && counts[i]) value <= value + 64'd1;
    assign counters[64*i+:64] = value;
  end

  logic [31:0] counter;
  logic counted;
  always_comb begin
    counter = '0;
    counted = 1'b0;
    for (int i = 0; i < 2 * COUNT; i++)
      if (read_word == WORD_BITS'(COUNTERS + i)) begin
        counter = counters[32*i+:32];
        counted = 1'b1;
      end
  end

  always_comb begin
    read_refused = 1'b0;
    case (read_word)
      WORD_BITS'(ID): read_value = ID_VALUE;
      WORD_BITS'(VERSION): read_value = VERSION_VALUE;
      WORD_BITS'(STATUS): read_value = {29'd0, has_failed, done, running};
      WORD_BITS'(STREAM_ADDRESS): read_value = stream_address;
      WORD_BITS'(STREAM_BYTES): read_value = stream_bytes;
      WORD_BITS'(IRQ_ENABLE): read_value = {31'd0, irq_enable};
      WORD_BITS'(IRQ_STATUS): read_value = {31'd0, irq_status};
      WORD_BITS'(ERROR_CODE): read_value = {28'd0, error_code};
      WORD_BITS'(ERROR_DETAIL): read_value = error_detail;
      WORD_BITS'(FAMILY_ID): read_value = FAMILY;
      WORD_BITS'(SHAPE_ID): read_value = SHAPE;
      WORD_BITS'(OPERATION): read_value = operation;
      default: begin
        read_value = counter;
        read_refused = !counted;
      end
    endcase
  end

  logic unused;
  assign unused = &{1'b0, write_value[1]};

endmodule
