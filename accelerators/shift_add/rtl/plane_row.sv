// What the elements of a row share: the register of the planes' bits, and their letters.
module plane_row #(
  parameter int LANES = 4,
  parameter int PARALLEL = 2
) (
  input  logic clk,
  input  logic read,
  input  logic [LANES*PARALLEL-1:0] word,         // planes of a lane side by side
  input  logic [PARALLEL*2-1:0] alphabets,        // of the planes in the register: 0 signs, 1 positive, 2 negative
  output logic [PARALLEL*LANES-1:0] present,      // plane after plane
  output logic [PARALLEL*LANES-1:0] negative
);

  logic [LANES*PARALLEL-1:0] bits;
  always_ff @(posedge clk) if (read) bits <= word;

  for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_plane
    logic [1:0] alphabet;
    assign alphabet = alphabets[2*plane+:2];
    for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
      logic letter;
      assign letter = bits[lane*PARALLEL+plane];
      assign present[plane*LANES+lane] = alphabet == 2'd0 || letter;
      assign negative[plane*LANES+lane] = alphabet == 2'd0 ? !letter : alphabet == 2'd2;
    end
  end

endmodule
