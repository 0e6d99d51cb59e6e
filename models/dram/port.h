#pragma once

#include <cstdint>
#include <deque>

#include "models/dram/controller.h"

namespace lutra::models {

// A DRAM channel behind a port of the interconnect. Requests are served in the order in which they are complete at the
// controller: a read when it arrives, a write when its data has. A write is acknowledged when the write buffer has
// taken it. Controller and PHY add their latency: DramTiming. Plain C++; times are absolute, in picoseconds, and
// requests come in the order of the calls.
class DramPort {
 public:
  DramPort(const DramTiming& timing, std::uint32_t port_bytes, std::uint64_t port_period_ps)
      : controller_(timing), port_bytes_(port_bytes), port_period_(port_period_ps) {}

  // The earliest time from which `port_bytes` can leave per cycle of the port's clock without a pause.
  std::uint64_t read(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes);

  // The time at which it is acknowledged.
  std::uint64_t write(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes);

  // No request may arrive earlier any more.
  void serve_writes_until(std::uint64_t time);

  DramController& controller() { return controller_; }

 private:
  struct Write {
    std::uint64_t arrival;  // behind the controller's latency
    std::uint64_t address;
    std::uint32_t bytes;
  };

  std::uint64_t serve_oldest_write();

  DramController controller_;
  std::uint32_t port_bytes_;
  std::uint64_t port_period_;
  std::deque<Write> writes_;  // accepted, not yet served; by arrival
};

}  // namespace lutra::models
