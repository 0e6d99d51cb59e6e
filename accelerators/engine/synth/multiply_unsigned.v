// A signed product whose second factor is never negative (its top bit is a constant zero) as one row of carry chain per
// bit below that: no row of the sign.
(* techmap_celltype = "$mul" *)
module lutra_multiply_unsigned (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTVAL_B_ = 0;

  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  localparam ROWS = B_WIDTH - 1;
  localparam PRODUCT = A_WIDTH + ROWS;
  localparam [B_WIDTH-1:0] ZEROS = _TECHMAP_CONSTMSK_B_ & ~_TECHMAP_CONSTVAL_B_;
  wire _TECHMAP_FAIL_ = !A_SIGNED || !B_SIGNED || ROWS < 2 || A_WIDTH < 2 || ZEROS[B_WIDTH-1] !== 1'b1;

  // Row i holds bits i.. of the sum of the first i + 1 partial products, one bit wider than a factor.
  wire [ROWS*(A_WIDTH+1)-1:0] sums;
  wire [PRODUCT-1:0] product;
  assign sums[A_WIDTH:0] = {A[A_WIDTH-1] & B[0], A & {A_WIDTH{B[0]}}};

  genvar i;
  generate
    for (i = 1; i < ROWS; i = i + 1) begin : row
      wire [A_WIDTH-1:0] partial = A & {A_WIDTH{B[i]}};
      wire [A_WIDTH:0] propagate, carry;
      \$alu #(
        .A_SIGNED(1),
        .B_SIGNED(1),
        .A_WIDTH(A_WIDTH),
        .B_WIDTH(A_WIDTH),
        .Y_WIDTH(A_WIDTH + 1)
      ) alu (
        .A(sums[(i-1)*(A_WIDTH+1)+1+:A_WIDTH]),
        .B(partial),
        .CI(1'b0),
        .BI(1'b0),
        .X(propagate),
        .Y(sums[i*(A_WIDTH+1)+:A_WIDTH+1]),
        .CO(carry)
      );
      assign product[i-1] = sums[(i-1)*(A_WIDTH+1)];
    end
  endgenerate

  assign product[PRODUCT-1:ROWS-1] = sums[(ROWS-1)*(A_WIDTH+1)+:A_WIDTH+1];

  generate
    if (Y_WIDTH > PRODUCT) assign Y = {{(Y_WIDTH - PRODUCT) {product[PRODUCT-1]}}, product};
    else assign Y = product[Y_WIDTH-1:0];
  endgenerate
endmodule
