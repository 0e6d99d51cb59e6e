#include "models/dram/port.h"

#include <algorithm>

namespace lutra::models {

std::uint64_t DramPort::read(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes) {
  const std::uint64_t command = arrival + controller_.timing().controller_ps;
  serve_writes_until(command);
  const std::uint64_t first_beat = address / port_bytes_;
  const std::uint64_t end = address + bytes;
  const std::uint64_t burst_bytes = controller_.timing().burst_bytes();
  std::uint64_t ready = command;
  for (std::uint64_t at = address; at < end;) {
    const std::uint64_t part = std::min(end - at, burst_bytes - at % burst_bytes);
    const std::uint64_t available = controller_.burst(command, at, part, false) + controller_.timing().phy_ps;
    const std::uint64_t earlier_beats = (at / port_bytes_ - first_beat) * port_period_;
    if (available > ready + earlier_beats) ready = available - earlier_beats;
    at += part;
  }
  return ready;
}

std::uint64_t DramPort::write(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes) {
  const std::uint64_t taken = arrival + controller_.timing().controller_ps;
  std::uint64_t accepted = taken;
  if (writes_.size() >= controller_.timing().write_buffer) accepted = std::max(taken, serve_oldest_write());
  writes_.push_back({taken, address, bytes});
  return accepted;
}

std::uint64_t DramPort::serve_oldest_write() {
  const Write oldest = writes_.front();
  writes_.pop_front();
  return controller_.access(oldest.arrival, oldest.address, oldest.bytes, true);
}

void DramPort::serve_writes_until(std::uint64_t time) {
  while (!writes_.empty() && writes_.front().arrival <= time) serve_oldest_write();
}

}  // namespace lutra::models
