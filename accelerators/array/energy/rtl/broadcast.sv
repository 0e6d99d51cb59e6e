// An operand register and what FAN_OUT elements do with it: clock.py asks what the way to all of them takes.
module broadcast #(
  parameter int FAN_OUT = 1
) (
  input logic clk,
  input logic operand,
  input logic [FAN_OUT-1:0] others,
  output logic [FAN_OUT-1:0] results
);

  logic held;
  always_ff @(posedge clk) begin
    held <= operand;
    results <= {FAN_OUT{held}} & others;
  end

endmodule
