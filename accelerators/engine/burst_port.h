#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <systemc>
#include <tlm>

namespace lutra::accelerators {

// One unit's way to memory: at most one burst issued per cycle and `outstanding` in flight; completions retire in the
// order of issue. Called from one SystemC thread.
class BurstPort {
 public:
  BurstPort(tlm::tlm_initiator_socket<32>& socket, sc_core::sc_time period, int outstanding)
      : socket_(socket), period_(period), outstanding_(static_cast<std::size_t>(outstanding)) {}

  // Waits for room, then for the bus. Read data is valid on return; it counts as arrived when the burst retires. False:
  // refused.
  bool issue(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data);

  std::size_t in_flight() const { return completions_.size(); }
  bool full() const { return completions_.size() == outstanding_; }
  void retire_oldest();
  void retire_all();

 private:
  tlm::tlm_initiator_socket<32>& socket_;
  const sc_core::sc_time period_;
  const std::size_t outstanding_;
  sc_core::sc_time next_issue_;
  std::deque<sc_core::sc_time> completions_;
};

}  // namespace lutra::accelerators
