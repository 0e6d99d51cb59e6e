// A value of BITS, or the nearest of them where it overflows.
module post_saturate #(
  parameter int BITS = 16
) (
  input  logic [BITS-1:0] value,
  input  logic overflow,
  input  logic negative,
  output logic [BITS-1:0] saturated
);

  assign saturated = overflow ? {negative, {(BITS - 1) {!negative}}} : value;

endmodule
