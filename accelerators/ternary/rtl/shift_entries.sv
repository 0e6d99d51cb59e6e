// The shifts of the row blocks that are on their way: a header writes them by the byte, ENTRIES row blocks may be between
// their header and their drain.
module shift_entries #(
  parameter int ROWS = 4,
  parameter int PORT_BYTES = 4,
  parameter int ENTRIES = 8,
  parameter int COUNT_BITS = 20
) (
  input  logic clk,
  input  logic write,
  input  logic [COUNT_BITS-1:0] cycle,  // of the header
  input  logic [$clog2(ENTRIES)-1:0] entry,
  input  logic [PORT_BYTES*8-1:0] bytes,
  input  logic [$clog2(ENTRIES)-1:0] read_entry,
  output logic [ROWS*3-1:0] shifts
);

  logic [ROWS*3-1:0] stored[ENTRIES];

  always_ff @(posedge clk)
    if (write)
      for (int row = 0; row < ROWS; row++)
        if (cycle == COUNT_BITS'(row / PORT_BYTES)) stored[entry][row*3+:3] <= bytes[(row%PORT_BYTES)*8+:3];

  assign shifts = stored[read_entry];

  logic unused;
  assign unused = &{1'b0, bytes};

endmodule
