#include "accelerators/engine/burst_port.h"

namespace lutra::accelerators {

bool BurstPort::make_room() {
  bool accepted = retire_arrived();
  if (full()) accepted = retire_oldest() && accepted;
  wait_for_cycle();
  return retire_arrived() && accepted;
}

bool BurstPort::issue(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data) {
  wait_for_cycle();
  tlm::tlm_generic_payload transaction;
  transaction.set_command(command);
  transaction.set_address(address);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(static_cast<unsigned>(data.size()));
  transaction.set_streaming_width(static_cast<unsigned>(data.size()));
  sc_core::sc_time delay;
  socket_->b_transport(transaction, delay);
  next_issue_ = sc_core::sc_time_stamp() + period_;
  bursts_.push_back({sc_core::sc_time_stamp() + delay, transaction.is_response_ok()});
  return bursts_.back().accepted;
}

void BurstPort::wait_for_cycle() {
  if (next_issue_ > sc_core::sc_time_stamp()) sc_core::wait(next_issue_ - sc_core::sc_time_stamp());
}

bool BurstPort::retire_oldest() {
  const auto [completion, accepted] = bursts_.front();
  if (completion > sc_core::sc_time_stamp()) sc_core::wait(completion - sc_core::sc_time_stamp());
  bursts_.pop_front();
  return accepted;
}

bool BurstPort::retire_arrived() {
  bool accepted = true;
  while (!bursts_.empty() && bursts_.front().completion <= sc_core::sc_time_stamp())
    accepted = retire_oldest() && accepted;
  return accepted;
}

bool BurstPort::retire_all() {
  bool accepted = true;
  while (!bursts_.empty()) accepted = retire_oldest() && accepted;
  return accepted;
}

}  // namespace lutra::accelerators
