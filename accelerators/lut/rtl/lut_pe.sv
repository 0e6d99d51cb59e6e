// Looks up TABLES tables with one plane of weight bits, adds what it reads, and doubles and adds plane after plane, the
// first one negative: a two's-complement weight from its top bit down.
module lut_pe #(
  parameter int TABLES = 2,
  parameter int GROUP = 4,
  parameter bit HALF = 0,
  parameter int ENTRY_BITS = 11,
  parameter int ENTRIES = HALF ? 1 << (GROUP - 1) : (1 << GROUP) - 1,
  parameter int WEIGHT_BITS = 8,
  parameter int SUM_BITS = ENTRY_BITS + $clog2(TABLES),
  parameter int COMBINED_BITS = SUM_BITS + WEIGHT_BITS,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic first_plane,  // of what leaves the adder tree
  input  logic [TABLES*ENTRIES*ENTRY_BITS-1:0] tables,
  input  logic [TABLES*GROUP-1:0] weights,
  output logic signed [COMBINED_BITS-1:0] combined
);

  localparam int STEPS = 1 + $clog2(TABLES);  // the look-up, levels of the tree

  logic [TABLES*ENTRY_BITS-1:0] looked_up, found;
  for (genvar t = 0; t < TABLES; t++) begin : g_table
    logic [GROUP-1:0] index;
    assign index = weights[t*GROUP+:GROUP];
    logic [ENTRIES*ENTRY_BITS-1:0] entries;
    assign entries = tables[t*ENTRIES*ENTRY_BITS+:ENTRIES*ENTRY_BITS];
    logic [ENTRY_BITS-1:0] entry;
    if (HALF) begin : g_half
      logic top;
      logic [GROUP-2:0] place;
      assign top = index[GROUP-1];
      assign place = index[GROUP-2:0] ^ {(GROUP - 1) {~top}};
      lut_select #(
        .INDEX_BITS(GROUP - 1),
        .BITS(ENTRY_BITS)
      ) select (
        .index(place),
        .entries,
        .entry
      );
      assign looked_up[t*ENTRY_BITS+:ENTRY_BITS] =  // negated with the top bit clear
          (entry ^ {ENTRY_BITS{~top}}) + {{(ENTRY_BITS - 1) {1'b0}}, ~top};
    end else begin : g_full
      lut_select #(
        .INDEX_BITS(GROUP),
        .BITS(ENTRY_BITS)
      ) select (
        .index,
        .entries({entries, {ENTRY_BITS{1'b0}}}),
        .entry
      );
      assign looked_up[t*ENTRY_BITS+:ENTRY_BITS] = entry;
    end
  end

  stage_register #(
    .STEP(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(TABLES * ENTRY_BITS)
  ) look_up_register (
    .clk,
    .enable(1'b1),
    .value(looked_up),
    .staged(found)
  );

  logic signed [SUM_BITS-1:0] sum;
  adder_tree #(
    .INPUTS(TABLES),
    .BITS(ENTRY_BITS),
    .STEPS_BEFORE(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(found),
    .sum
  );

  // Twice what there is and the plane, or nothing less the plane; a bit below the others brings the carry.
  logic signed [COMBINED_BITS-1:0] plane, added, doubled;
  logic below;
  assign plane = COMBINED_BITS'(sum);
  assign doubled = first_plane ? '0 : combined <<< 1;
  assign {added, below} = {doubled, 1'b1} + {plane ^ {COMBINED_BITS{first_plane}}, first_plane};
  always_ff @(posedge clk) combined <= added;

  logic unused;
  assign unused = &{1'b0, below};

endmodule
