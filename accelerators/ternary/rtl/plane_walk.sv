// Which word of which planes a pass takes. A sweep goes over the words of a plane once; sweeps go over every pair of a
// weight and an activation plane, pairs of equal weight together, the heaviest first. Planes are numbered from the top
// one. With GROUPS a sweep takes the words whose bit of the row block's bitmap is set, and a cycle for a window without
// any; the bitmap comes a window at a time, the first one no later than the cycle before the first step.
module plane_walk #(
  parameter bit GROUPS = 0,
  parameter int WINDOWS = 64,  // of a bitmap
  parameter int COUNT_BITS = 20,
  parameter int PLANE_BITS = 4
) (
  input  logic clk,
  input  logic step,
  input  logic first,  // the step begins a block
  input  logic [COUNT_BITS-1:0] words,  // of a plane
  input  logic [PLANE_BITS-1:0] weight_planes,
  input  logic [PLANE_BITS-1:0] activation_planes,
  input  logic window_write,
  input  logic [COUNT_BITS-1:0] window_index,
  input  logic [31:0] window_bits,
  // of this step
  output logic [COUNT_BITS-1:0] word,
  output logic bubble,   // no word
  output logic [PLANE_BITS-1:0] weight_plane,
  output logic [PLANE_BITS-1:0] activation_plane,
  output logic doubles   // the sums double before its word
);

  logic sweep_begins, sweep_ends;

  // The pair of planes of the sweep.
  logic [PLANE_BITS-1:0] weight_now, activation_now, depth, first_weight;
  logic new_depth, doubles_next;
  assign weight_plane = first ? '0 : weight_now;
  assign activation_plane = first ? '0 : activation_now;
  assign doubles = sweep_begins && !first && doubles_next;
  assign new_depth = weight_plane + 1'b1 == weight_planes || activation_plane == '0;
  assign depth = weight_plane + activation_plane + 1'b1;
  assign first_weight = depth < activation_planes ? '0 : depth - (activation_planes - 1'b1);
  always_ff @(posedge clk)
    if (step) begin
      if (sweep_ends) begin
        weight_now <= new_depth ? first_weight : weight_plane + 1'b1;
        activation_now <= new_depth ? depth - first_weight : activation_plane - 1'b1;
        doubles_next <= new_depth;
      end else begin
        weight_now <= weight_plane;
        activation_now <= activation_plane;
      end
    end

  if (GROUPS) begin : g_bitmap
    localparam int INDEX_BITS = $clog2(WINDOWS);

    logic [31:0] bits[WINDOWS];
    logic [31:0] window, first_window, next_window, rest;
    logic [INDEX_BITS-1:0] index, next_index, last_index;
    logic untouched, window_ends;

    always_comb begin
      word = '0;
      for (int bit_ = 31; bit_ >= 0; bit_--)
        if (window[bit_]) word = COUNT_BITS'({index, 5'(bit_)});
    end
    assign bubble = window == '0;
    assign rest = window & (window - 1'b1);
    assign window_ends = rest == '0;
    assign sweep_begins = index == '0 && untouched;
    assign sweep_ends = window_ends && index == last_index;
    assign next_index = window_write || (step && sweep_ends) ? '0 : step && window_ends ? index + 1'b1 : index;

    // Written while a header passes; what a window follows is read a cycle ahead.
    always_ff @(posedge clk) begin
      if (window_write) bits[INDEX_BITS'(window_index)] <= window_bits;
      next_window <= window_write && INDEX_BITS'(window_index) == next_index + 1'b1 ? window_bits :
                     bits[next_index+1'b1];
      index <= next_index;
      if (window_write) last_index <= INDEX_BITS'(window_index);
      if (window_write && window_index == '0) begin
        first_window <= window_bits;
        window <= window_bits;
        untouched <= 1'b1;
      end else if (step) begin
        window <= sweep_ends ? first_window : window_ends ? next_window : rest;
        untouched <= sweep_ends;
      end
    end

    logic unused;
    assign unused = &{1'b0, words, window_index};
  end else begin : g_words
    logic [COUNT_BITS-1:0] count;
    assign word = first ? '0 : count;
    assign bubble = 1'b0;
    assign sweep_begins = word == '0;
    assign sweep_ends = word + 1'b1 == words;
    always_ff @(posedge clk)
      if (step) count <= sweep_ends ? '0 : word + 1'b1;

    logic unused;
    assign unused = &{1'b0, window_write, window_index, window_bits, WINDOWS[0]};
  end

endmodule
