// An AXI4-Lite slave of 32-bit registers: one access of each direction at a time. A write is taken when its address and
// its data are there, a read when the answer before it is gone; `read` and `write` stand in that cycle, and so must what
// they are answered with. What is not a whole aligned word, or `refused`, is answered with SLVERR and does nothing.
module axi_lite_port #(
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
  // the registers
  output logic                    write,
  output logic [ADDRESS_BITS-3:0] write_word,
  output logic [31:0]             write_value,
  input  logic                    write_refused,
  output logic [ADDRESS_BITS-3:0] read_word,
  input  logic [31:0]             read_value,
  input  logic                    read_refused
);

  localparam logic [1:0] OKAY = 2'b00;
  localparam logic [1:0] SLVERR = 2'b10;

  logic taken, whole, asked;
  assign taken = awvalid && wvalid && (!bvalid || bready);
  assign awready = taken;
  assign wready = taken;
  assign whole = awaddr[1:0] == 2'd0 && (&wstrb);
  assign write = taken && whole && !write_refused;
  assign write_word = awaddr[ADDRESS_BITS-1:2];
  assign write_value = wdata;
  assign arready = !rvalid || rready;
  assign asked = arvalid && arready;
  assign read_word = araddr[ADDRESS_BITS-1:2];

  logic read_fails;
  assign read_fails = araddr[1:0] != 2'd0 || read_refused;

  always_ff @(posedge clk) begin
    if (taken) bresp <= whole && !write_refused ? OKAY : SLVERR;
    if (asked) begin
      rdata <= read_fails ? '0 : read_value;
      rresp <= read_fails ? SLVERR : OKAY;
    end
    if (reset) begin
      bvalid <= 1'b0;
      rvalid <= 1'b0;
    end else begin
      bvalid <= taken || (bvalid && !bready);
      rvalid <= asked || (rvalid && !rready);
    end
  end

endmodule
