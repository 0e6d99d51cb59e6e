#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <systemc>
#include <tlm>

namespace lutra::accelerators {

// One unit's way to memory: at most one burst issued per cycle and `outstanding` in flight; completions retire in the
// order of issue, and what a refused burst says is known when it retires. Called from one SystemC thread.
class BurstPort {
 public:
  BurstPort(tlm::tlm_initiator_socket<32>& socket, sc_core::sc_time period, int outstanding)
      : socket_(socket), period_(period), outstanding_(static_cast<std::size_t>(outstanding)) {}

  // Waits until a burst may be issued. False: one that has retired since was refused.
  bool make_room();

  // Needs room; waits for its cycle and for the bus. Read data is valid on return, but where false: refused; it counts
  // as arrived when the burst retires.
  bool issue(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data);

  std::size_t in_flight() const { return bursts_.size(); }
  bool full() const { return bursts_.size() == outstanding_; }
  // Each waits; false: a burst that has retired was refused.
  bool retire_oldest();
  bool retire_all();

 private:
  struct InFlight {
    sc_core::sc_time completion;
    bool accepted = true;
  };
  bool retire_arrived();
  void wait_for_cycle();

  tlm::tlm_initiator_socket<32>& socket_;
  const sc_core::sc_time period_;
  const std::size_t outstanding_;
  sc_core::sc_time next_issue_;
  std::deque<InFlight> bursts_;
};

}  // namespace lutra::accelerators
