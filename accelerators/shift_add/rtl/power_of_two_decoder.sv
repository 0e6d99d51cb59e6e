// Digit `index` of a code: nothing, or a signed power of two. Codes: accelerators/shift_add/README.md.
module power_of_two_decoder #(
  parameter int WEIGHT_BITS = 8,
  parameter int INDEX_BITS = 2
) (
  input  logic [WEIGHT_BITS-1:0] code,  // integers sign-extended, others zero-extended
  input  logic [INDEX_BITS-1:0] index,
  input  logic [1:0] kind,              // 0 integers, 1 ternary, 2 powers of two
  input  logic [3:0] choice_bits,       // powers: bits of the choice of each term
  input  logic [2*7*3-1:0] exponents,   // powers: of each term's choices 1..7; 7 is nothing
  output logic present,
  output logic negative,
  output logic [2:0] exponent
);

  logic signed [WEIGHT_BITS-1:0] integer_code;
  logic signed [7:0] extended;
  assign integer_code = code;
  assign extended = 8'(integer_code);

  // Radix-4 Booth recoding of an integer.
  logic [1:0] pair;
  logic [2:0] window;
  logic two;
  assign pair = 2'(index);
  always_comb
    case (pair)
      2'd0: window = {extended[1:0], 1'b0};
      2'd1: window = extended[3:1];
      2'd2: window = extended[5:3];
      default: window = extended[7:5];
    endcase
  assign two = window == 3'b011 || window == 3'b100;

  logic second;
  logic [1:0] first_bits, bits;
  logic [7:0] unsigned_code;
  logic [2:0] choice, mask, chosen;
  assign second = index[0];
  assign first_bits = choice_bits[1:0];
  assign bits = second ? choice_bits[3:2] : first_bits;
  assign mask = 3'((4'd1 << bits) - 4'd1);
  assign unsigned_code = 8'(code);
  assign choice = 3'(unsigned_code >> (second ? {1'b0, first_bits} + 3'd1 : 3'd1)) & mask;
  always_comb begin
    chosen = 3'd7;
    for (int i = 1; i <= 7; i++) if (choice == 3'(i)) chosen = second ? exponents[21+3*(i-1)+:3] : exponents[3*(i-1)+:3];
  end

  always_comb
    case (kind)
      2'd0: begin
        present = window != 3'b000 && window != 3'b111;
        negative = window[2];
        exponent = {pair, two};
      end
      2'd1: begin
        present = code[0] && index == '0;
        negative = code[1];
        exponent = 3'd0;
      end
      default: begin
        present = chosen != 3'd7;
        negative = code[0];
        exponent = chosen;
      end
    endcase

endmodule
