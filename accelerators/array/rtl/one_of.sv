// inputs[index]: a tree of two-way multiplexers. `index` is below INPUTS.
module one_of #(
  parameter int INPUTS = 4,
  parameter int BITS = 32
) (
  input  array_pkg::index_t index,
  input  logic [INPUTS*BITS-1:0] inputs,
  output logic [BITS-1:0] chosen
);

  localparam int LEVELS = $clog2(INPUTS);

  for (genvar level = 0; level <= LEVELS; level++) begin : g_level
    localparam int COUNT = (INPUTS + (1 << level) - 1) >> level;
    logic [COUNT*BITS-1:0] left;
    if (level == 0) begin : g_inputs
      assign left = inputs;
    end else begin : g_halved
      localparam int BEFORE = (INPUTS + (1 << (level - 1)) - 1) >> (level - 1);
      for (genvar i = 0; i < COUNT; i++) begin : g_pair
        if (2 * i + 1 < BEFORE) begin : g_two
          assign left[i*BITS+:BITS] = index[level-1] ? g_level[level-1].left[(2*i+1)*BITS+:BITS]
                                                     : g_level[level-1].left[2*i*BITS+:BITS];
        end else begin : g_one
          assign left[i*BITS+:BITS] = g_level[level-1].left[2*i*BITS+:BITS];
        end
      end
    end
  end

  assign chosen = g_level[LEVELS].left;

  logic unused;
  assign unused = &{1'b0, index};

endmodule
