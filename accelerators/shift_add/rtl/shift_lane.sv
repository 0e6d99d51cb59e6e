// Shifts an activation left by 0 .. EXPONENTS - 1 and negates it or not; nothing yields zero. With ZERO_GATING the
// register of this step, where there is one, keeps its value if the result is zero, and a flag beside it masks it.
module shift_lane #(
  parameter int ACTIVATION_BITS = 8,
  parameter int EXPONENTS = 8,
  parameter bit ZERO_GATING = 1,
  parameter int SHIFTED_BITS = ACTIVATION_BITS + EXPONENTS,
  parameter int STEP = 1,
  parameter int STEPS = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
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
    stage_register #(
      .STEP(STEP),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE),
      .BITS(1)
    ) flag (
      .clk,
      .enable(1'b1),
      .value(~present | activation_zero),
      .staged(zero)
    );
    stage_register #(
      .STEP(STEP),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE),
      .BITS(SHIFTED_BITS)
    ) shifted_register (
      .clk,
      .enable(present & ~activation_zero),
      .value(signed_value),
      .staged(held)
    );
    assign shifted = zero ? '0 : held;
  end else begin : g_clocked
    stage_register #(
      .STEP(STEP),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE),
      .BITS(SHIFTED_BITS)
    ) shifted_register (
      .clk,
      .enable(1'b1),
      .value(present ? signed_value : '0),
      .staged(shifted)
    );
    logic unused;
    assign unused = activation_zero;
  end

endmodule
