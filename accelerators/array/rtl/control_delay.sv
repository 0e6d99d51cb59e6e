// The sequencer's control at every stage of the pipeline: stage 0 addresses the buffers, their words stand at the
// array's inputs in stage 1, the accumulators add in stage FILL.
module control_delay #(
  parameter int FILL = 3
) (
  input  logic clk,
  input  logic reset,
  input  array_pkg::control_t issue,
  output array_pkg::control_t [FILL:0] stage,
  output logic in_flight  // work of the tile is beyond stage 0
);

  array_pkg::control_t [FILL:1] delayed;
  logic [FILL:1] occupied;

  assign stage = {delayed, issue};

  logic issued;
  assign issued = issue.header | issue.accumulate | issue.turn_around | issue.drain;

  always_ff @(posedge clk) begin
    if (reset) begin
      delayed <= '0;
      occupied <= '0;
    end else begin
      delayed <= {delayed[FILL-1:1], issue};
      occupied <= {occupied[FILL-1:1], issued};
    end
  end

  assign in_flight = |occupied;

endmodule
