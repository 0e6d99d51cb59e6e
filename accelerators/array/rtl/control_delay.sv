// The sequencer's control at every stage of the pipeline: stage 0 addresses the buffers, their words stand at the
// array's inputs in stage 1, the accumulators add in stage FILL.
module control_delay #(
  parameter int FILL = 3
) (
  input  logic clk,
  input  logic reset,
  input  array_pkg::control_t issue,
  output array_pkg::stages_t at,
  output logic [(FILL+1)*array_pkg::CONTROL_BITS-1:0] stages,  // all of them
  output logic in_flight  // work of the tile is beyond stage 0
);

  localparam int CONTROL_BITS = array_pkg::CONTROL_BITS;
  logic [FILL*CONTROL_BITS-1:0] delayed;
  logic [FILL:1] occupied;

  assign stages = {delayed, issue};
  assign at = {
    issue,
    stages[CONTROL_BITS+:CONTROL_BITS],
    stages[2*CONTROL_BITS+:CONTROL_BITS],
    stages[(FILL-1)*CONTROL_BITS+:CONTROL_BITS],
    stages[FILL*CONTROL_BITS+:CONTROL_BITS]
  };

  logic issued;
  assign issued = issue.header | issue.accumulate | issue.turn_around | issue.drain;

  always_ff @(posedge clk) begin
    if (reset) begin
      delayed <= '0;
      occupied <= '0;
    end else begin
      delayed <= stages[FILL*CONTROL_BITS-1:0];
      occupied <= {occupied[FILL-1:1], issued};
    end
  end

  assign in_flight = |occupied;

endmodule
