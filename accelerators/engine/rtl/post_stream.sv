// One lane from the sum to the stream: stages read parameters, scale multiply, scale shift, skip add, PReLU multiply and
// PReLU shift. What the parameter and skip buffers answer in a stage is taken at its end.
module post_stream #(
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit SHIFTS = 0,
  parameter int MULTIPLIER_BITS = 16,
  parameter int FACTOR_BITS = SHIFTS ? 5 : MULTIPLIER_BITS
) (
  input  logic clk,
  input  logic enable,
  // of the tile
  input  logic adds_skip,
  input  logic has_prelu,
  input  logic [FACTOR_BITS-1:0] skip_factor,
  input  logic [63:0] skip_bias,
  input  logic [5:0] skip_shift,
  // read parameters
  input  logic [ACCUMULATOR_BITS-1:0] sum,
  input  logic [MULTIPLIER_BITS-1:0] scale_multiplier,
  input  logic [15:0] skip_value,
  // scale multiply
  input  logic [63:0] scale_bias,
  input  logic [5:0] scale_shift,
  output logic [ACCUMULATOR_BITS-1:0] scaled_sum,  // the sum again
  // skip add
  input  logic [MULTIPLIER_BITS-1:0] prelu_multiplier,
  // PReLU multiply
  input  logic [63:0] prelu_bias,
  input  logic [5:0] prelu_shift,
  // behind PReLU shift
  output logic [15:0] stream
);

  logic [FACTOR_BITS-1:0] read_scale_factor, read_prelu_factor, scale_factor, prelu_factor;
  post_factor #(
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) of_scale (
    .multiplier(scale_multiplier),
    .factor(read_scale_factor)
  );
  post_factor #(
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) of_prelu (
    .multiplier(prelu_multiplier),
    .factor(read_prelu_factor)
  );

  logic [15:0] skip_operand;
  logic [63:0] scale_bias_now, prelu_bias_now;
  logic [5:0] scale_shift_now, prelu_shift_now;
  always_ff @(posedge clk)
    if (enable) begin
      scaled_sum <= sum;
      scale_factor <= read_scale_factor;
      skip_operand <= skip_value;
      scale_bias_now <= scale_bias;
      scale_shift_now <= scale_shift;
      prelu_factor <= read_prelu_factor;
      prelu_bias_now <= prelu_bias;
      prelu_shift_now <= prelu_shift;
    end

  logic [15:0] scaled_shifted, scaled_next;
  logic scaled_overflow, scaled_negative;
  post_requantise #(
    .INPUT_BITS(ACCUMULATOR_BITS),
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) scale (
    .clk,
    .enable,
    .operand(scaled_sum),
    .factor(scale_factor),
    .bias(scale_bias_now),
    .shift(scale_shift_now),
    .shifted(scaled_shifted),
    .overflow(scaled_overflow),
    .negative(scaled_negative)
  );
  post_saturate scale_limit (
    .value(scaled_shifted),
    .overflow(scaled_overflow),
    .negative(scaled_negative),
    .saturated(scaled_next)
  );

  // Twice the stream's range decides the saturated sum as well as any larger term would.
  logic [16:0] skip_shifted, skip_next;
  logic skip_overflow, skip_negative;
  post_requantise #(
    .INPUT_BITS(16),
    .OUTPUT_BITS(17),
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) skip (
    .clk,
    .enable,
    .operand(skip_operand),
    .factor(skip_factor),
    .bias(skip_bias),
    .shift(skip_shift),
    .shifted(skip_shifted),
    .overflow(skip_overflow),
    .negative(skip_negative)
  );
  post_saturate #(
    .BITS(17)
  ) skip_limit (
    .value(skip_shifted),
    .overflow(skip_overflow),
    .negative(skip_negative),
    .saturated(skip_next)
  );

  logic signed [15:0] scaled;
  logic signed [16:0] term;
  logic signed [17:0] added;
  logic [15:0] added_next, added_stream;
  assign added = 18'(scaled) + 18'(term);
  post_saturate added_limit (
    .value(added[15:0]),
    .overflow(added[17] != added[16] || added[16] != added[15]),
    .negative(added[17]),
    .saturated(added_next)
  );

  logic [15:0] prelu_shifted, prelu_next, kept_stream;
  logic prelu_overflow, prelu_negative, slopes;
  post_requantise #(
    .INPUT_BITS(16),
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) prelu (
    .clk,
    .enable,
    .operand(added_stream),
    .factor(prelu_factor),
    .bias(prelu_bias_now),
    .shift(prelu_shift_now),
    .shifted(prelu_shifted),
    .overflow(prelu_overflow),
    .negative(prelu_negative)
  );
  post_saturate prelu_limit (
    .value(prelu_shifted),
    .overflow(prelu_overflow),
    .negative(prelu_negative),
    .saturated(prelu_next)
  );
  assign slopes = has_prelu && kept_stream[15];

  always_ff @(posedge clk)
    if (enable) begin
      scaled <= scaled_next;
      term <= adds_skip ? skip_next : '0;
      added_stream <= added_next;
      kept_stream <= added_stream;
      stream <= slopes ? prelu_next : kept_stream;
    end

endmodule
