#pragma once

#include <cstdint>
#include <string>
#include <systemc>

#include "models/base/blocking_target.h"
#include "models/base/statistics.h"
#include "models/memory/storage.h"

namespace lutra::models {

// A static RAM: macros of 32 bits side by side, one read and one write port. Each access takes `latency` to its first
// word; the interconnect streams the others. Counts `<component>.read` and `<component>.write`, one for each 32-bit
// word touched.
class Memory : public sc_core::sc_module, private BlockingTarget {
 public:
  tlm::tlm_target_socket<32> socket;

  Memory(const sc_core::sc_module_name& name, const std::string& component, std::size_t bytes,
         const sc_core::sc_time& latency, Statistics& statistics);

  Storage& storage() { return storage_; }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction) override;

  Storage storage_;
  sc_core::sc_time latency_;
  std::uint64_t& reads_;
  std::uint64_t& writes_;
};

}  // namespace lutra::models
