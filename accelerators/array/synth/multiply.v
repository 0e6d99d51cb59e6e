// A signed product as one row of carry chain per bit of its narrower factor; the sign's row is subtracted. Products of
// DSP_SMALLEST bits and more are left alone where that is defined.
(* techmap_celltype = "$mul" *)
module lutra_multiply (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;

  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  localparam WIDE = A_WIDTH > B_WIDTH ? A_WIDTH : B_WIDTH;
  localparam ROWS = A_WIDTH > B_WIDTH ? B_WIDTH : A_WIDTH;
  localparam PRODUCT = WIDE + ROWS;

`ifdef DSP_SMALLEST
  wire _TECHMAP_FAIL_ = !A_SIGNED || !B_SIGNED || ROWS < 2 || Y_WIDTH >= `DSP_SMALLEST;
`else
  wire _TECHMAP_FAIL_ = !A_SIGNED || !B_SIGNED || ROWS < 2;
`endif

  wire [WIDE-1:0] wide;
  wire [ROWS-1:0] narrow;
  generate
    if (A_WIDTH > B_WIDTH) begin
      assign wide = A;
      assign narrow = B;
    end else begin
      assign wide = B;
      assign narrow = A;
    end
  endgenerate

  // Row i holds bits i.. of the sum of the first i + 1 partial products, one bit wider than a factor.
  wire [ROWS*(WIDE+1)-1:0] sums;
  wire [PRODUCT-1:0] product;
  assign sums[WIDE:0] = {wide[WIDE-1] & narrow[0], wide & {WIDE{narrow[0]}}};

  genvar i;
  generate
    for (i = 1; i < ROWS; i = i + 1) begin : row
      wire [WIDE-1:0] partial = wide & {WIDE{narrow[i]}};
      wire [WIDE:0] propagate, carry;
      \$alu #(
        .A_SIGNED(1),
        .B_SIGNED(1),
        .A_WIDTH(WIDE),
        .B_WIDTH(WIDE),
        .Y_WIDTH(WIDE + 1)
      ) alu (
        .A(sums[(i-1)*(WIDE+1)+1+:WIDE]),
        .B(partial),
        .CI(i == ROWS - 1),
        .BI(i == ROWS - 1),
        .X(propagate),
        .Y(sums[i*(WIDE+1)+:WIDE+1]),
        .CO(carry)
      );
      assign product[i-1] = sums[(i-1)*(WIDE+1)];
    end
  endgenerate

  assign product[PRODUCT-1:ROWS-1] = sums[(ROWS-1)*(WIDE+1)+:WIDE+1];

  generate
    if (Y_WIDTH > PRODUCT) assign Y = {{(Y_WIDTH - PRODUCT) {product[PRODUCT-1]}}, product};
    else assign Y = product[Y_WIDTH-1:0];
  endgenerate
endmodule
