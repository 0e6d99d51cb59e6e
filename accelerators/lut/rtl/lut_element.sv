// A column of ROWS elements that share its tables, with operand registers, accumulators and drain registers: what an array
// of ROWS x 1 is but for its control and the selection of the sums that leave. For synthesis (accelerators/array/synth).
module lut_element #(
  parameter int ROWS = 1,
  parameter int LANES = 8,
  parameter int GROUP = 4,
  parameter bit HALF = 0,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 24,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic build,
  input  logic first_plane,
  input  logic activation_signed,
  input  logic [ROWS*LANES-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ROWS*ACCUMULATOR_BITS-1:0] sums
);

  localparam int TABLES = LANES / GROUP;
  localparam int ENTRY_BITS = ACTIVATION_BITS + 1 + $clog2(GROUP);
  localparam int ENTRIES = HALF ? 1 << (GROUP - 1) : (1 << GROUP) - 1;
  localparam int COMBINED_BITS = ENTRY_BITS + $clog2(TABLES) + WEIGHT_BITS;
  localparam int STORED_BITS = ACCUMULATOR_BITS + (HALF ? 1 : 0);

  logic [ROWS*LANES-1:0] read_weights, weights;
  logic [LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (weight_read) read_weights <= weight_word;
    weights <= read_weights;
    if (activation_read) activations <= activation_word;
  end

  logic [TABLES*ENTRIES*ENTRY_BITS-1:0] tables;
  for (genvar t = 0; t < TABLES; t++) begin : g_table
    lut_table #(
      .GROUP(GROUP),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .HALF(HALF)
    ) table_of_group (
      .clk,
      .build,
      .activation_signed,
      .activations(activations[t*GROUP*ACTIVATION_BITS+:GROUP*ACTIVATION_BITS]),
      .entries(tables[t*ENTRIES*ENTRY_BITS+:ENTRIES*ENTRY_BITS])
    );
  end

  logic [ROWS*STORED_BITS-1:0] stored;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    logic [COMBINED_BITS-1:0] addend;
    lut_pe #(
      .TABLES(TABLES),
      .GROUP(GROUP),
      .HALF(HALF),
      .ENTRY_BITS(ENTRY_BITS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .PIPELINE(PIPELINE)
    ) pe (
      .clk,
      .first_plane,
      .tables,
      .weights(weights[row*LANES+:LANES]),
      .combined(addend)
    );
    sum_element #(
      .ADDEND_BITS(COMBINED_BITS),
      .ACCUMULATOR_BITS(STORED_BITS)
    ) element (
      .clk,
      .clear,
      .turn_around,
      .accumulate,
      .first(1'b0),
      .empty(1'b0),
      .block_before('0),
      .block('0),
      .addend,
      .sum(stored[row*STORED_BITS+:STORED_BITS])
    );
  end

  if (HALF) begin : g_half
    logic [TABLES*ENTRY_BITS-1:0] groups;
    for (genvar t = 0; t < TABLES; t++) begin : g_group
      assign groups[t*ENTRY_BITS+:ENTRY_BITS] = tables[((t+1)*ENTRIES-1)*ENTRY_BITS+:ENTRY_BITS];
    end
    logic [STORED_BITS-1:0] column_sum;
    lut_column_sum #(
      .TABLES(TABLES),
      .ENTRY_BITS(ENTRY_BITS),
      .STORED_BITS(STORED_BITS),
      .PIPELINE(PIPELINE)
    ) sum_of_column (
      .clk,
      .clear,
      .turn_around,
      .accumulate,
      .groups,
      .sum(column_sum)
    );
    for (genvar row = 0; row < ROWS; row++) begin : g_lane
      logic [STORED_BITS-1:0] twice;
      assign twice = stored[row*STORED_BITS+:STORED_BITS] - column_sum;
      always_ff @(posedge clk) sums[row*ACCUMULATOR_BITS+:ACCUMULATOR_BITS] <= twice[STORED_BITS-1:1];
      logic unused;
      assign unused = &{1'b0, twice[0]};
    end
  end else begin : g_full
    assign sums = stored;
  end

endmodule
