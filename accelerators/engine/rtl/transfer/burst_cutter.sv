// The bursts of a transfer, one per `advance`: each run is cut at the multiples of a block. The first stands at the
// outputs in the cycle in which the transfer begins. Equals Bursts of accelerators/engine/transfer.h.
module burst_cutter #(
  parameter int BURST_BYTES = 64,
  parameter int BYTES_BITS = $clog2(BURST_BYTES > transfer_pkg::PORT_BYTES ? BURST_BYTES : transfer_pkg::PORT_BYTES) + 1
) (
  input  logic                                    clk,
  input  logic                                    begins,
  input  logic                                    words,     // blocks of the transfer port, not bursts
  input  transfer_pkg::address_t                  address,   // of the transfer
  input  transfer_pkg::length_t                   run_bytes,
  input  transfer_pkg::length_t                   runs,
  input  transfer_pkg::length_t                   rows,
  input  transfer_pkg::address_t                  row_pitch,
  input  transfer_pkg::address_t                  column_pitch,
  input  logic                                    advance,
  output transfer_pkg::address_t                  at,
  output logic                   [BYTES_BITS-1:0] bytes,
  output logic                                    last
);

  localparam int LENGTH_BITS = transfer_pkg::LENGTH_BITS;
  localparam int WORD_BITS = $clog2(transfer_pkg::PORT_BYTES);
  localparam int BURST_BITS = $clog2(BURST_BYTES);

  // At the transfer's beginning, and then: where the row and the run begin, what is left of run, row and transfer.
  transfer_pkg::address_t row, run, row_now, run_now, at_now, at_next;
  transfer_pkg::length_t bytes_left, runs_left, rows_left, bytes_now, runs_now, rows_now;
  assign row_now = begins ? address : row;
  assign run_now = begins ? address : run;
  assign at = begins ? address : at_now;
  assign bytes_now = begins ? run_bytes : bytes_left;
  assign runs_now = begins ? runs : runs_left;
  assign rows_now = begins ? rows : rows_left;

  logic [BYTES_BITS-1:0] block_left;
  assign block_left = words ? BYTES_BITS'(transfer_pkg::PORT_BYTES) - BYTES_BITS'(at[WORD_BITS-1:0])
                            : BYTES_BITS'(BURST_BYTES) - BYTES_BITS'(at[BURST_BITS-1:0]);

  logic run_ends, row_ends;
  assign run_ends = bytes_now <= LENGTH_BITS'(block_left);
  assign row_ends = runs_now == LENGTH_BITS'(1);
  assign bytes = run_ends ? BYTES_BITS'(bytes_now) : block_left;
  assign last = run_ends && row_ends && rows_now == LENGTH_BITS'(1);

  transfer_pkg::address_t row_next, run_next;
  assign row_next = run_ends && row_ends ? row_now + row_pitch : row_now;
  assign run_next = !run_ends ? run_now : row_ends ? row_next : run_now + column_pitch;
  assign at_next = run_ends ? run_next : at + 32'(bytes);

  always_ff @(posedge clk) begin
    if (advance) begin
      row <= row_next;
      run <= run_next;
      at_now <= at_next;
      bytes_left <= run_ends ? run_bytes : bytes_now - LENGTH_BITS'(bytes);
      runs_left <= !run_ends ? runs_now : row_ends ? runs : runs_now - 1'b1;
      rows_left <= run_ends && row_ends ? rows_now - 1'b1 : rows_now;
    end else if (begins) begin
      row <= address;
      run <= address;
      at_now <= address;
      bytes_left <= run_bytes;
      runs_left <= runs;
      rows_left <= rows;
    end
  end

endmodule
