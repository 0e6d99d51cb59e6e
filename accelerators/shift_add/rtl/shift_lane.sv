// Shifts an activation left by 0 .. EXPONENTS - 1, negates it or not, and registers it; nothing yields zero. With
// ZERO_GATING the register keeps its value where the result is zero, and a flag beside it masks it.
module shift_lane #(
  parameter int ACTIVATION_BITS = 8,
  parameter int EXPONENTS = 8,
  parameter bit ZERO_GATING = 1,
  parameter int SHIFTED_BITS = ACTIVATION_BITS + EXPONENTS
) (
  input  logic clk,
  input  logic activation_signed,
  input  logic activation_zero,
  input  logic [ACTIVATION_BITS-1:0] activation,
  input  logic present,
  input  logic negative,
  input  logic [2:0] exponent,
  output logic [SHIFTED_BITS-1:0] shifted
);

  logic guard;
  logic signed [ACTIVATION_BITS:0] guarded;
  logic signed [SHIFTED_BITS-1:0] magnitude, signed_value;
  assign guard = activation_signed & activation[ACTIVATION_BITS-1];
  assign guarded = {guard, activation};

  if (EXPONENTS > 1) begin : g_shift
    localparam int EXPONENT_BITS = $clog2(EXPONENTS);
    assign magnitude = SHIFTED_BITS'(guarded) <<< exponent[EXPONENT_BITS-1:0];
    if (EXPONENT_BITS < 3) begin : g_narrow
      logic unused;
      assign unused = &{1'b0, exponent[2:EXPONENT_BITS]};
    end
  end else begin : g_no_shift
    assign magnitude = SHIFTED_BITS'(guarded);
    logic unused;
    assign unused = &{1'b0, exponent};
  end

  // The complement and one: as an addition, so that one carry chain does it.
  assign signed_value = (magnitude ^ {SHIFTED_BITS{negative}}) + SHIFTED_BITS'(negative);

  if (ZERO_GATING) begin : g_gated
    logic zero;
    logic [SHIFTED_BITS-1:0] held;
    always_ff @(posedge clk) begin
      zero <= ~present | activation_zero;
      if (present & ~activation_zero) held <= signed_value;
    end
    assign shifted = zero ? '0 : held;
  end else begin : g_clocked
    always_ff @(posedge clk) shifted <= present ? signed_value : '0;
    logic unused;
    assign unused = activation_zero;
  end

endmodule
