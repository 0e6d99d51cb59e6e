// The sum of one element: an accumulator and a drain register, or, weight-stationary, a memory of one sum per column
// block. `addend` belongs to stage FILL; what drains stands on `sum` in stage FILL.
module sum_element #(
  parameter int ADDEND_BITS = 18,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16,  // weight-stationary: column blocks of a tile
  parameter bit DOUBLES = 0  // output-stationary: `first` doubles the sum before the addend
) (
  input  logic clk,
  input  logic clear,        // reset or turn-around
  input  logic turn_around,
  input  logic accumulate,
  input  logic first,
  input  logic empty,
  input  logic [$clog2(DEPTH)-1:0] block_before,  // column block in stage FILL - 1
  input  logic [$clog2(DEPTH)-1:0] block,         // in stage FILL
  input  logic signed [ADDEND_BITS-1:0] addend,
  output logic signed [ACCUMULATOR_BITS-1:0] sum
);

  if (WEIGHT_STATIONARY) begin : g_memory
    logic signed [ACCUMULATOR_BITS-1:0] memory[DEPTH];
    logic signed [ACCUMULATOR_BITS-1:0] read, old, written, updated;
    logic forward;  // the pass before wrote the sum that was being read

    always_ff @(posedge clk) begin
      read <= memory[block_before];
      forward <= accumulate && block == block_before;
      written <= updated;
      if (accumulate) memory[block] <= updated;
    end

    assign old = forward ? written : read;
    assign updated = first ? ACCUMULATOR_BITS'(addend) : old + ACCUMULATOR_BITS'(addend);
    assign sum = empty ? '0 : old;

    logic unused;
    assign unused = &{1'b0, clear, turn_around};
  end else begin : g_register
    logic signed [ACCUMULATOR_BITS-1:0] accumulator, drained;

    always_ff @(posedge clk) begin
      if (clear) accumulator <= '0;
      else if (accumulate)
        accumulator <= (DOUBLES && first ? accumulator <<< 1 : accumulator) + ACCUMULATOR_BITS'(addend);
      if (turn_around) drained <= accumulator;
    end

    assign sum = drained;

    logic unused;
    assign unused = &{1'b0, first, empty, block, block_before};
  end

endmodule
