// Splits a count into a plane of the weights and, inside it, a plane of the activations. `count` stays or goes up by one
// from cycle to cycle, or begins anew at zero.
module plane_walk #(
  parameter int INDEX_BITS = 9
) (
  input  logic clk,
  input  logic [INDEX_BITS-1:0] count,
  input  logic [3:0] activation_planes,
  output logic [6:0] weight_plane,
  output logic [3:0] activation_plane
);

  logic [INDEX_BITS-1:0] count_before;
  logic [6:0] weight_before;
  logic [3:0] activation_before;
  logic wraps;
  assign wraps = activation_before + 1'b1 == activation_planes;

  always_comb begin
    weight_plane = weight_before;
    activation_plane = activation_before;
    if (count == '0) begin
      weight_plane = '0;
      activation_plane = '0;
    end else if (count != count_before) begin
      activation_plane = wraps ? '0 : activation_before + 1'b1;
      if (wraps) weight_plane = weight_before + 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    count_before <= count;
    weight_before <= weight_plane;
    activation_before <= activation_plane;
  end

endmodule
