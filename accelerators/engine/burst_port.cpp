#include "accelerators/engine/burst_port.h"

namespace lutra::accelerators {

bool BurstPort::issue(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data) {
  if (full()) retire_oldest();
  if (next_issue_ > sc_core::sc_time_stamp()) sc_core::wait(next_issue_ - sc_core::sc_time_stamp());
  tlm::tlm_generic_payload transaction;
  transaction.set_command(command);
  transaction.set_address(address);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(static_cast<unsigned>(data.size()));
  transaction.set_streaming_width(static_cast<unsigned>(data.size()));
  sc_core::sc_time delay;
  socket_->b_transport(transaction, delay);
  next_issue_ = sc_core::sc_time_stamp() + period_;
  completions_.push_back(sc_core::sc_time_stamp() + delay);
  return transaction.is_response_ok();
}

void BurstPort::retire_oldest() {
  if (completions_.front() > sc_core::sc_time_stamp()) sc_core::wait(completions_.front() - sc_core::sc_time_stamp());
  completions_.pop_front();
}

void BurstPort::retire_all() {
  while (!completions_.empty()) retire_oldest();
}

}  // namespace lutra::accelerators
