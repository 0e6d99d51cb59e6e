// A unit's command queue. A command that finds it empty is at its head in the same cycle, and one that finds it full is
// taken in the cycle in which the unit takes the head.
module command_queue #(
  parameter int BITS = 32,
  parameter int DEPTH = 4
) (
  input  logic            clk,
  input  logic            clear,
  input  logic            offered,
  input  logic [BITS-1:0] command,
  output logic            ready,
  output logic            waiting,
  output logic [BITS-1:0] head,
  input  logic            take
);

  localparam int PLACE_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam int COUNT_BITS = $clog2(DEPTH + 1);
  localparam logic [PLACE_BITS-1:0] LAST = PLACE_BITS'(DEPTH - 1);

  logic [BITS-1:0] commands[DEPTH];
  logic [PLACE_BITS-1:0] first, free;
  logic [COUNT_BITS-1:0] count;
  logic empty, put, pop;

  assign empty = count == '0;
  assign ready = count != COUNT_BITS'(DEPTH) || take;
  assign waiting = !empty || offered;
  assign head = empty ? command : commands[first];
  assign pop = take && !empty;
  assign put = offered && ready && !(take && empty);

  always_ff @(posedge clk) begin
    if (put) commands[free] <= command;
    if (clear) begin
      first <= '0;
      free <= '0;
      count <= '0;
    end else begin
      if (put) free <= free == LAST ? '0 : free + 1'b1;
      if (pop) first <= first == LAST ? '0 : first + 1'b1;
      count <= count + COUNT_BITS'(put) - COUNT_BITS'(pop);
    end
  end

endmodule
