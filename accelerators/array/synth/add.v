// Additions of 6 bits and more become carry chains, before any pass may fuse them into compressor trees.
(* techmap_celltype = "$add $sub" *)
module lutra_add (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  parameter _TECHMAP_CELLTYPE_ = "";

  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  localparam SUBTRACT = _TECHMAP_CELLTYPE_ == "$sub";
  wire _TECHMAP_FAIL_ = Y_WIDTH < 6;

  wire [Y_WIDTH-1:0] propagate, carry;
  \$alu #(
    .A_SIGNED(A_SIGNED && B_SIGNED),
    .B_SIGNED(A_SIGNED && B_SIGNED),
    .A_WIDTH(A_WIDTH),
    .B_WIDTH(B_WIDTH),
    .Y_WIDTH(Y_WIDTH)
  ) alu (
    .A(A),
    .B(B),
    .CI(SUBTRACT),
    .BI(SUBTRACT),
    .X(propagate),
    .Y(Y),
    .CO(carry)
  );
endmodule
