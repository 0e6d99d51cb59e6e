#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tlm>

#include "models/base/blocking_target.h"
#include "models/interconnect/channel.h"

namespace lutra::models {

class Interconnect;
class TargetPort;

// The interconnect's side of one initiator: its link carries one read and one write beat per cycle.
class InitiatorPort : private BlockingTarget {
 public:
  InitiatorPort(const std::string& name, Interconnect& interconnect, std::uint32_t index, std::uint64_t& wait_cycles,
                tlm::tlm_initiator_socket<32>& initiator);

  void connect();  // when elaboration ends
  void invalidate(std::uint64_t first, std::uint64_t last) { (*socket_)->invalidate_direct_mem_ptr(first, last); }

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
  tlm::tlm_initiator_socket<32>& initiator_;
  std::optional<tlm::tlm_target_socket<32>> socket_;
};

// The interconnect's side of one target and its address range.
class TargetPort : private tlm::tlm_bw_transport_if<> {
 public:
  TargetPort(const std::string& name, Interconnect& interconnect, std::uint64_t base, std::uint64_t bytes,
             const Channel& channel, tlm::tlm_target_socket<32>& target);

  void connect();  // when elaboration ends
  tlm::tlm_fw_transport_if<>* operator->() { return socket_->operator->(); }

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
  tlm::tlm_target_socket<32>& target_;
  std::optional<tlm::tlm_initiator_socket<32>> socket_;
};

}  // namespace lutra::models
