// One bank: a row is written and a row is read per cycle.
module activation_bank #(
  parameter int ROW_BITS = 16,
  parameter int DEPTH = 2048,
  parameter int ADDRESS_BITS = 11
) (
  input  logic                    clk,
  input  logic                    write,
  input  logic [ADDRESS_BITS-1:0] write_address,
  input  logic [ROW_BITS-1:0]     write_row,
  input  logic                    read,
  input  logic [ADDRESS_BITS-1:0] read_address,
  output logic [ROW_BITS-1:0]     read_row
);

  logic [ROW_BITS-1:0] rows[DEPTH];

  always_ff @(posedge clk) begin
    if (write) rows[write_address] <= write_row;
    if (read) read_row <= rows[read_address];
  end

endmodule
