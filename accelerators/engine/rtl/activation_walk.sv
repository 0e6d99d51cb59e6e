// The outputs of a tile's first block, one per cycle, pushed along the columns until the first has reached column 0.
// Spread: all are the first output, each a bank row further.
module activation_walk #(
  parameter int COLUMNS = 16,
  parameter int LOW_BITS = 4,
  parameter int ADDRESS_BITS = 11,
  parameter int PIXEL_BITS = 15
) (
  input  logic                    clk,
  input  logic                    reset,
  input  logic                    prepare,
  input  logic                    spread,
  input  logic [PIXEL_BITS-1:0]   row_outputs,
  input  logic [LOW_BITS-1:0]     end_low,      // cells from the last output of an image row to the next one's first
  input  logic [ADDRESS_BITS-1:0] end_high,
  input  logic [ADDRESS_BITS-1:0] stripe_rows,
  output logic                    push,
  output logic [PIXEL_BITS-1:0]   x,
  output logic [LOW_BITS-1:0]     low,
  output logic [ADDRESS_BITS-1:0] high
);

  localparam int NEXT_LOW = 1 % COLUMNS;
  logic [LOW_BITS:0] left;  // columns

  assign push = left != '0;

  logic at_end, carries;
  logic [LOW_BITS:0] moved_low;
  logic [ADDRESS_BITS-1:0] by_high;
  assign at_end = x + 1'b1 == row_outputs;
  assign moved_low = {1'b0, low} + (at_end ? {1'b0, end_low} : (LOW_BITS + 1)'(NEXT_LOW));
  assign carries = moved_low >= (LOW_BITS + 1)'(COLUMNS);
  assign by_high = at_end ? end_high : COLUMNS == 1 ? stripe_rows : '0;

  always_ff @(posedge clk) begin
    if (reset) left <= '0;
    else if (prepare) left <= (LOW_BITS + 1)'(COLUMNS);
    else if (push) left <= left - 1'b1;
    if (prepare) begin
      x <= '0;
      low <= '0;
      high <= '0;
    end else if (push && spread) begin
      high <= high + 1'b1;
    end else if (push) begin
      x <= at_end ? '0 : x + 1'b1;
      low <= LOW_BITS'(carries ? moved_low - (LOW_BITS + 1)'(COLUMNS) : moved_low);
      high <= high + by_high + (carries ? stripe_rows : '0);
    end
  end

endmodule
