// What comes before and after the work of a unit: takes the next command of its queue, waits for the tokens it needs,
// begins it in the cycle in which the last is there, and gives its tokens when it is done. A command is taken from the
// queue before its tokens are there.
module unit_control #(
  parameter int BITS = 32
) (
  input  logic            clk,
  input  logic            clear,
  input  logic            stop,         // the stream has failed: nothing begins, what waits is dropped
  // the queue's head
  input  logic            waiting,
  input  logic [BITS-1:0] head,
  input  logic [3:0]      head_tokens,  // enum lutra_token
  output logic            take,
  // tokens
  input  logic            previous_there,
  input  logic            next_there,
  output logic            take_previous,
  output logic            take_next,
  output logic            give_previous,
  output logic            give_next,
  // the work: `command` stands from the cycle in which it begins to the one in which it is done
  output logic            begins,
  output logic [BITS-1:0] command,
  input  logic            done,
  input  logic            failed,       // with done: no tokens
  // enum class State of accelerators/engine/ledger.h
  output logic            busy,
  output logic            waits_command,
  output logic            waits_previous,
  output logic            waits_next
);

  logic running, holds;
  logic [BITS-1:0] held;
  logic [3:0] held_tokens, tokens;
  logic candidate, lacks_previous, lacks_next;

  assign take = !running && !holds && waiting && !stop;
  assign candidate = !running && (holds || waiting) && !stop;
  assign command = running || holds ? held : head;
  assign tokens = running || holds ? held_tokens : head_tokens;
  assign lacks_previous = tokens[transfer_pkg::WAIT_PREVIOUS] && !previous_there;
  assign lacks_next = tokens[transfer_pkg::WAIT_NEXT] && !next_there;

  assign begins = candidate && !lacks_previous && !lacks_next;
  assign take_previous = begins && tokens[transfer_pkg::WAIT_PREVIOUS];
  assign take_next = begins && tokens[transfer_pkg::WAIT_NEXT];
  assign give_previous = done && !failed && tokens[transfer_pkg::SIGNAL_PREVIOUS];
  assign give_next = done && !failed && tokens[transfer_pkg::SIGNAL_NEXT];

  assign busy = running || begins;
  assign waits_command = !running && !candidate;
  assign waits_previous = candidate && lacks_previous;
  assign waits_next = candidate && !lacks_previous && lacks_next;

  always_ff @(posedge clk) begin
    if (take) begin
      held <= head;
      held_tokens <= head_tokens;
    end
    if (clear) begin
      running <= 1'b0;
      holds <= 1'b0;
    end else begin
      running <= busy && !done;
      holds <= candidate && !begins;
    end
  end

endmodule
