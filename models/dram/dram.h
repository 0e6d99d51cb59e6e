#pragma once

#include <cstdint>
#include <systemc>

#include "models/base/blocking_target.h"
#include "models/base/statistics.h"
#include "models/dram/port.h"
#include "models/memory/storage.h"

namespace lutra::models {

// A DRAM channel with its controller (DramPort) as a TLM target: a read's delay is the earliest time from which
// `port_bytes` can leave per cycle of the port's clock without a pause. Counts under the component "dram": see
// README.md.
class Dram : public sc_core::sc_module, private BlockingTarget {
 public:
  tlm::tlm_target_socket<32> socket;

  // Throws Error when the channel has less than `bytes`.
  Dram(const sc_core::sc_module_name& name, const DramTiming& timing, std::size_t bytes, std::uint32_t port_bytes,
       const sc_core::sc_time& port_period, Statistics& statistics);

  Storage& storage() { return storage_; }
  void observe(Observer* observer) { controller().observe(observer); }  // see DramController

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction) override;

  DramController& controller() { return port_.controller(); }
  void count(Statistics& statistics);

  Storage storage_;
  DramPort port_;
  std::uint64_t& read_bytes_;
  std::uint64_t& write_bytes_;
};

}  // namespace lutra::models
