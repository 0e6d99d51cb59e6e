// Where one column's output reads: x of its image row, and its cell as bank rows before it (`high`) and cells of its
// stripe before it (`low`). Three of them: of the tile to come, of the running tile's first block, of this block.
module activation_column #(
  parameter int COLUMNS = 16,
  parameter int LOW_BITS = 4,
  parameter int ADDRESS_BITS = 11,
  parameter int PIXEL_BITS = 15
) (
  input  logic                    clk,
  input  logic                    push,        // takes the tile to come from its neighbour
  input  logic                    begin_tile,  // what was prepared becomes the first block
  input  logic                    restart,     // back to the first block
  input  logic                    advance,     // to the next block
  input  logic [PIXEL_BITS-1:0]   push_x,
  input  logic [LOW_BITS-1:0]     push_low,
  input  logic [ADDRESS_BITS-1:0] push_high,
  output logic [PIXEL_BITS-1:0]   next_x,
  output logic [LOW_BITS-1:0]     next_low,
  output logic [ADDRESS_BITS-1:0] next_high,
  input  logic [PIXEL_BITS-1:0]   row_outputs,
  input  logic [PIXEL_BITS-1:0]   step_x,        // below row_outputs
  input  logic [LOW_BITS-1:0]     step_low,      // of a block that ends in its image row
  input  logic [ADDRESS_BITS-1:0] step_high,
  input  logic [LOW_BITS-1:0]     wrapped_low,   // of one that does not
  input  logic [ADDRESS_BITS-1:0] wrapped_high,
  input  logic [ADDRESS_BITS-1:0] stripe_rows,   // of a stripe of cells
  input  logic [LOW_BITS-1:0]     tap_low,
  input  logic [ADDRESS_BITS-1:0] tap_high,
  output logic                    wraps,
  output logic [ADDRESS_BITS-1:0] address
);

  logic [PIXEL_BITS-1:0]   first_x, x;
  logic [LOW_BITS-1:0]     first_low, low;
  logic [ADDRESS_BITS-1:0] first_high, high;

  logic [PIXEL_BITS:0] moved_x, left_x;
  assign moved_x = {1'b0, x} + {1'b0, step_x};
  assign left_x = moved_x - {1'b0, row_outputs};
  assign wraps = !left_x[PIXEL_BITS];

  logic [LOW_BITS-1:0]     by_low;
  logic [ADDRESS_BITS-1:0] by_high;
  assign by_low = wraps ? wrapped_low : step_low;
  assign by_high = wraps ? wrapped_high : step_high;

  logic [LOW_BITS:0] moved_low, tapped_low;
  logic              carries, tap_carries;
  assign moved_low = {1'b0, low} + {1'b0, by_low};
  assign carries = moved_low >= (LOW_BITS + 1)'(COLUMNS);
  assign tapped_low = {1'b0, low} + {1'b0, tap_low};
  assign tap_carries = tapped_low >= (LOW_BITS + 1)'(COLUMNS);
  assign address = high + tap_high + (tap_carries ? stripe_rows : '0);

  always_ff @(posedge clk) begin
    if (push) begin
      next_x <= push_x;
      next_low <= push_low;
      next_high <= push_high;
    end
    if (begin_tile) begin
      first_x <= next_x;
      first_low <= next_low;
      first_high <= next_high;
      x <= next_x;
      low <= next_low;
      high <= next_high;
    end else if (restart) begin
      x <= first_x;
      low <= first_low;
      high <= first_high;
    end else if (advance) begin
      x <= wraps ? left_x[PIXEL_BITS-1:0] : moved_x[PIXEL_BITS-1:0];
      low <= LOW_BITS'(carries ? moved_low - (LOW_BITS + 1)'(COLUMNS) : moved_low);
      high <= high + by_high + (carries ? stripe_rows : '0);
    end
  end

endmodule
