#pragma once

#include <cstdint>
#include <deque>
#include <systemc>

#include "models/base/blocking_target.h"
#include "models/base/statistics.h"
#include "models/dram/controller.h"
#include "models/memory/storage.h"

namespace lutra::models {

// A DRAM channel with its controller as a TLM target. Requests are served in the order in which they are complete at
// the controller: a read when it arrives, a write when its data has. A write is acknowledged when the write buffer has
// taken it. Controller and PHY add their latency: DramTiming. A read's delay is the earliest time from which
// `port_bytes` can leave per cycle of the port's clock without a pause. Counts under the component "dram": see
// README.md.
class Dram : public sc_core::sc_module, private BlockingTarget {
 public:
  tlm::tlm_target_socket<32> socket;

  // Throws Error when the channel has less than `bytes`.
  Dram(const sc_core::sc_module_name& name, const DramTiming& timing, std::size_t bytes, std::uint32_t port_bytes,
       const sc_core::sc_time& port_period, Statistics& statistics);

  Storage& storage() { return storage_; }
  void observe(Observer* observer) { controller_.observe(observer); }  // see DramController

 private:
  struct Write {
    std::uint64_t arrival;  // ps, behind the controller's latency
    std::uint64_t address;
    std::uint32_t bytes;
  };

  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction) override;

  std::uint64_t read(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes);
  std::uint64_t write(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes);
  std::uint64_t serve_oldest_write();
  void serve_writes_until(std::uint64_t time);
  void count(Statistics& statistics);

  Storage storage_;
  DramController controller_;
  std::uint32_t port_bytes_;
  std::uint64_t port_period_;  // ps
  std::deque<Write> writes_;   // accepted, not yet served; by arrival
  std::uint64_t& read_bytes_;
  std::uint64_t& write_bytes_;
};

}  // namespace lutra::models
