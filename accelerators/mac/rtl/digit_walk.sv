// Which digits a pass multiplies: weight digits inside activation digits, least significant first.
module digit_walk #(
  parameter int DIGITS = 4  // of an operand, at most
) (
  input  array_pkg::count_t pass,
  input  array_pkg::count_t passes_per_word,
  input  array_pkg::count_t weight_digits,
  output logic [$clog2(DIGITS)-1:0] weight_digit,
  output logic [$clog2(DIGITS)-1:0] activation_digit,
  output logic weight_top,
  output logic activation_top
);

  localparam int DIGIT_BITS = $clog2(DIGITS);

  array_pkg::count_t first, next;  // passes of the activation digit
  always_comb begin
    first = '0;
    next = weight_digits;
    activation_digit = '0;
    for (int digit = 1; digit < DIGITS; digit++)
      if (pass >= next) begin
        first = next;
        next = next + weight_digits;
        activation_digit = DIGIT_BITS'(digit);
      end
    weight_digit = DIGIT_BITS'(pass - first);
    weight_top = pass + 1'b1 == next;
    activation_top = next == passes_per_word;
  end

endmodule
