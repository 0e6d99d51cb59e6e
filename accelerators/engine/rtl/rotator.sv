// element c of `rotated` is element (c + amount) modulo ELEMENTS of `elements`.
module rotator #(
  parameter int ELEMENTS = 16,
  parameter int BITS = 8,
  parameter int AMOUNT_BITS = 4
) (
  input  logic [ELEMENTS*BITS-1:0] elements,
  input  logic [AMOUNT_BITS-1:0]   amount,  // below ELEMENTS
  output logic [ELEMENTS*BITS-1:0] rotated
);

  always_comb begin
    rotated = elements;
    for (int level = 0; level < AMOUNT_BITS; level++) begin
      if (amount[level])
        rotated = rotated >> ((1 << level) % ELEMENTS * BITS) |
                  rotated << ((ELEMENTS - (1 << level) % ELEMENTS) * BITS);
    end
  end

endmodule
