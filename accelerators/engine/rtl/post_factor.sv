// A multiplier as the requantisers take it: itself, or, of shifts, whether it is zero and which power of two it is.
module post_factor #(
  parameter bit SHIFTS = 0,
  parameter int MULTIPLIER_BITS = 16,
  parameter int FACTOR_BITS = SHIFTS ? 5 : MULTIPLIER_BITS
) (
  input  logic [MULTIPLIER_BITS-1:0] multiplier,
  output logic [FACTOR_BITS-1:0] factor
);

  if (SHIFTS) begin : g_power
    always_comb begin
      factor = {|multiplier, 4'b0};
      for (int power = 0; power < 16; power++) if (multiplier[power]) factor[3:0] |= 4'(power);
    end
  end else begin : g_multiplier
    assign factor = multiplier;
  end

endmodule
