// The sum of a column's activations, from each table's sum of all of its group: what half tables need beside the
// look-ups. As deep as lut_pe.
module lut_column_sum #(
  parameter int TABLES = 2,
  parameter int ENTRY_BITS = 11,
  parameter int STORED_BITS = 33,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic [TABLES*ENTRY_BITS-1:0] groups,
  output logic [STORED_BITS-1:0] sum
);

  localparam int STEPS = 1 + $clog2(TABLES);
  localparam int WORD_BITS = ENTRY_BITS + $clog2(TABLES);

  logic [TABLES*ENTRY_BITS-1:0] all;
  stage_register #(
    .STEP(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(TABLES * ENTRY_BITS)
  ) look_up_register (
    .clk,
    .enable(1'b1),
    .value(groups),
    .staged(all)
  );

  logic [WORD_BITS-1:0] tree_sum, addend;
  adder_tree #(
    .INPUTS(TABLES),
    .BITS(ENTRY_BITS),
    .STEPS_BEFORE(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(all),
    .sum(tree_sum)
  );
  always_ff @(posedge clk) addend <= tree_sum;

  sum_element #(
    .ADDEND_BITS(WORD_BITS),
    .ACCUMULATOR_BITS(STORED_BITS)
  ) element (
    .clk,
    .clear,
    .turn_around,
    .accumulate,
    .first(1'b0),
    .empty(1'b0),
    .block_before('0),
    .block('0),
    .addend,
    .sum
  );

endmodule
