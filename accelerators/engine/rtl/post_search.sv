// How many of up to 15 ascending thresholds a value reaches, by halving: two comparisons in a cycle, two in the next.
module post_search (
  input  logic clk,
  input  logic enable,
  input  logic [3:0] count,          // thresholds
  input  logic [31:0] value,
  input  logic [3*32-1:0] upper,     // thresholds 3, 7, 11
  input  logic [12*32-1:0] lower,    // the others, in order
  output logic [3:0] reached         // belongs to the next cycle
);

  logic half, quarter, reaches_half, reaches_quarter;
  post_reaches of_half (.value, .threshold(upper[32+:32]), .reached(reaches_half));
  post_reaches of_quarter (.value, .threshold(half ? upper[64+:32] : upper[0+:32]), .reached(reaches_quarter));
  assign half = count > 4'd7 && reaches_half;
  assign quarter = count > {half, 3'd3} && reaches_quarter;

  logic [1:0] quarters;
  logic [31:0] searched;
  logic [3*32-1:0] left;
  always_ff @(posedge clk)
    if (enable) begin
      quarters <= {half, quarter};
      searched <= value;
      case ({half, quarter})
        2'd0: left <= lower[0+:96];
        2'd1: left <= lower[96+:96];
        2'd2: left <= lower[192+:96];
        default: left <= lower[288+:96];
      endcase
    end

  logic middle, last, reaches_middle, reaches_last;
  post_reaches of_middle (.value(searched), .threshold(left[32+:32]), .reached(reaches_middle));
  post_reaches of_last (
    .value(searched),
    .threshold(middle ? left[64+:32] : left[0+:32]),
    .reached(reaches_last)
  );
  assign middle = count > {quarters, 2'd1} && reaches_middle;
  assign last = count > {quarters, middle, 1'b0} && reaches_last;
  assign reached = {quarters, middle, last};

endmodule
