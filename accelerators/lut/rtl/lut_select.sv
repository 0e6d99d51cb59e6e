// One of 2^INDEX_BITS entries: a tree of two-way selectors.
module lut_select #(
  parameter int INDEX_BITS = 4,
  parameter int BITS = 11
) (
  input  logic [INDEX_BITS-1:0] index,
  input  logic [(1<<INDEX_BITS)*BITS-1:0] entries,
  output logic [BITS-1:0] entry
);

  for (genvar level = 0; level <= INDEX_BITS; level++) begin : g_level
    localparam int COUNT = 1 << (INDEX_BITS - level);
    logic [COUNT*BITS-1:0] left;
    if (level == 0) begin : g_all
      assign left = entries;
    end else begin : g_halved
      for (genvar i = 0; i < COUNT; i++) begin : g_pair
        assign left[i*BITS+:BITS] = index[level-1] ? g_level[level-1].left[(2*i+1)*BITS+:BITS]
                                                   : g_level[level-1].left[2*i*BITS+:BITS];
      end
    end
  end

  assign entry = g_level[INDEX_BITS].left;

endmodule
