// Byte l of `bytes` goes to lane (l + by) modulo 16.
module lane_rotator (
  input  logic                [127:0] bytes,
  input  transfer_pkg::lane_t         by,
  output logic                [127:0] rotated
);

  logic [127:0] coarse;
  always_comb begin
    unique case (by[3:2])
      2'd0: coarse = bytes;
      2'd1: coarse = {bytes[95:0], bytes[127:96]};
      2'd2: coarse = {bytes[63:0], bytes[127:64]};
      default: coarse = {bytes[31:0], bytes[127:32]};
    endcase
    unique case (by[1:0])
      2'd0: rotated = coarse;
      2'd1: rotated = {coarse[119:0], coarse[127:120]};
      2'd2: rotated = {coarse[111:0], coarse[127:112]};
      default: rotated = {coarse[103:0], coarse[127:104]};
    endcase
  end

endmodule
