// The first error of a stream, and where: it stops the units in the cycle after. Of errors in one cycle the processor's
// comes first, then load, compute, store.
module stream_failure (
  input  logic        clk,
  input  logic        clear,
  input  logic [15:0] codes,    // enum lutra_engine_error: of command processor, load, compute and store unit, from below
  input  logic [127:0] offsets,  // of the streams' commands, likewise
  output logic        failed,
  output logic [3:0]  code,
  output logic [31:0] detail
);

  logic [3:0] first_code;
  logic [31:0] first_offset;
  always_comb begin
    first_code = '0;
    first_offset = '0;
    for (int unit = 3; unit >= 0; unit--)
      if (codes[4*unit+:4] != '0) begin
        first_code = codes[4*unit+:4];
        first_offset = offsets[32*unit+:32];
      end
  end

  always_ff @(posedge clk)
    if (clear) begin
      failed <= 1'b0;
      code <= '0;
      detail <= '0;
    end else if (!failed && first_code != '0) begin
      failed <= 1'b1;
      code <= first_code;
      detail <= first_offset;
    end

endmodule
