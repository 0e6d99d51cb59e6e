#pragma once

#include <cstdint>
#include <string>
#include <tlm>

#include "models/base/blocking_target.h"
#include "models/interconnect/channel.h"

namespace lutra::models {

class Interconnect;
class TargetPort;

// The interconnect's side of one initiator: its link carries one read and one write beat per cycle.
class InitiatorPort : public tlm::tlm_target_socket<32>, private BlockingTarget {
 public:
  InitiatorPort(const std::string& name, Interconnect& interconnect, std::uint32_t index, std::uint64_t& wait_cycles);

  const std::string name;
  const std::uint32_t index;
  std::uint64_t& wait_cycles;
  std::uint64_t read_free = 0;
  std::uint64_t write_free = 0;
  TargetPort* last_target = nullptr;  // most accesses go where the last one went

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction) override;

  Interconnect& interconnect_;
};

// The interconnect's side of one target and its address range.
class TargetPort : public tlm::tlm_initiator_socket<32>, private tlm::tlm_bw_transport_if<> {
 public:
  TargetPort(const std::string& name, Interconnect& interconnect, std::uint64_t base, std::uint64_t bytes,
             const Channel& channel);

  bool contains(std::uint64_t address) const { return address - base < bytes; }

  const std::string name;
  const std::uint64_t base;
  const std::uint64_t bytes;
  Channel read;
  Channel write;

 private:
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;

  Interconnect& interconnect_;
};

}  // namespace lutra::models
