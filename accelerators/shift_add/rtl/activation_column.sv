// What the elements of a column share: the activation register, `DELAY` more, and which activations are zero.
module activation_column #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int DELAY = 1
) (
  input  logic clk,
  input  logic read,
  input  logic [LANES*ACTIVATION_BITS-1:0] word,
  output logic [LANES*ACTIVATION_BITS-1:0] activations,
  output logic [LANES-1:0] zeros
);

  logic [LANES*ACTIVATION_BITS-1:0] operands;
  logic [LANES-1:0] operand_zeros;
  always_ff @(posedge clk) if (read) operands <= word;
  for (genvar lane = 0; lane < LANES; lane++) begin : g_zero
    assign operand_zeros[lane] = operands[lane*ACTIVATION_BITS+:ACTIVATION_BITS] == '0;
  end

  if (DELAY == 0) begin : g_now
    assign activations = operands;
    assign zeros = operand_zeros;
  end else begin : g_later
    logic [DELAY*LANES*ACTIVATION_BITS-1:0] delayed;
    logic [DELAY*LANES-1:0] delayed_zeros;
    always_ff @(posedge clk) begin
      delayed <= (DELAY * LANES * ACTIVATION_BITS)'({delayed, operands});
      delayed_zeros <= (DELAY * LANES)'({delayed_zeros, operand_zeros});
    end
    assign activations = delayed[(DELAY-1)*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS];
    assign zeros = delayed_zeros[(DELAY-1)*LANES+:LANES];
  end

endmodule
