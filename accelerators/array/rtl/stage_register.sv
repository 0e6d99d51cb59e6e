// What step STEP of a datapath of STEPS steps yields, behind a register where the pipeline has one there: array_pkg.
module stage_register #(
  parameter int STEP = 1,
  parameter int STEPS = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
  parameter int BITS = 8
) (
  input  logic clk,
  input  logic enable,  // of the register
  input  logic [BITS-1:0] value,
  output logic [BITS-1:0] staged
);

  if (array_pkg::registers(STEP, STEPS, PIPELINE) > array_pkg::registers(STEP - 1, STEPS, PIPELINE)) begin : g_register
    always_ff @(posedge clk) if (enable) staged <= value;
  end else begin : g_wire
    assign staged = value;
    logic unused;
    assign unused = &{1'b0, clk, enable};
  end

endmodule
