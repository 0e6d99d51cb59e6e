// What the elements of a row share: the code register and the decoders, the first of STEPS steps.
module power_of_two_row #(
  parameter int LANES = 4,
  parameter int TERMS = 1,
  parameter int WEIGHT_BITS = 8,
  parameter int INDEX_BITS = 2,
  parameter int STEPS = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic read,
  input  logic [LANES*WEIGHT_BITS-1:0] word,
  input  logic [INDEX_BITS-1:0] first_index,  // of the pass, when the codes stand in their register
  input  logic [1:0] kind,
  input  logic [3:0] choice_bits,
  input  logic [2*7*3-1:0] exponents,
  output logic [LANES*TERMS*5-1:0] digits
);

  logic [LANES*WEIGHT_BITS-1:0] codes;
  always_ff @(posedge clk) if (read) codes <= word;

  logic [LANES*TERMS*5-1:0] decoded;
  for (genvar i = 0; i < LANES * TERMS; i++) begin : g_decoder
    logic present, negative;
    logic [2:0] exponent;
    power_of_two_decoder #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .INDEX_BITS(INDEX_BITS)
    ) decoder (
      .code(codes[i/TERMS*WEIGHT_BITS+:WEIGHT_BITS]),
      .index(first_index + INDEX_BITS'(i % TERMS)),
      .kind,
      .choice_bits,
      .exponents,
      .present,
      .negative,
      .exponent
    );
    assign decoded[5*i+:5] = {present, negative, exponent};
  end

  stage_register #(
    .STEP(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(LANES * TERMS * 5)
  ) digit_register (
    .clk,
    .enable(1'b1),
    .value(decoded),
    .staged(digits)
  );

endmodule
