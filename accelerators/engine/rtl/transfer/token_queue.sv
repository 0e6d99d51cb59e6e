// Tokens from one unit to a neighbour: they carry nothing, so a queue of them is a counter. A command that gives one
// takes at least eight bytes of a stream of less than 2^32, so it cannot overflow.
module token_queue #(
  parameter int BITS = 29
) (
  input  logic clk,
  input  logic clear,
  input  logic give,
  input  logic take,
  output logic there
);

  logic [BITS-1:0] count;
  assign there = count != '0;

  always_ff @(posedge clk)
    if (clear) count <= '0;
    else if (give != take) count <= give ? count + 1'b1 : count - 1'b1;

endmodule
