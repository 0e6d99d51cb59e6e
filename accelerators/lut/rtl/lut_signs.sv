// The sums of N operands (1 to 3) under every choice of signs that leaves the last one positive: bit j of the index adds
// operand j, else subtracts it.
module lut_signs #(
  parameter int N = 2,
  parameter int OPERAND_BITS = 9,
  parameter int BITS = 11
) (
  input  logic [N*OPERAND_BITS-1:0] operands,
  output logic [(1<<(N-1))*BITS-1:0] sums
);

  for (genvar n = 1; n <= N; n++) begin : g_operand
    localparam int COUNT = 1 << (n - 1);
    logic signed [OPERAND_BITS-1:0] operand;
    assign operand = operands[(n-1)*OPERAND_BITS+:OPERAND_BITS];
    logic [COUNT*BITS-1:0] so_far;
    if (n == 1) begin : g_first
      assign so_far = BITS'(operand);
    end else begin : g_further
      for (genvar i = 0; i < COUNT; i++) begin : g_sum
        localparam bit ADD = i >= COUNT / 2;
        localparam int BEFORE = ADD ? i - COUNT / 2 : COUNT / 2 - 1 - i;
        logic signed [BITS-1:0] shorter;
        assign shorter = g_operand[n-1].so_far[BEFORE*BITS+:BITS];
        assign so_far[i*BITS+:BITS] = ADD ? BITS'(operand) + shorter : BITS'(operand) - shorter;
      end
    end
  end

  assign sums = g_operand[N].so_far;

endmodule
