#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

#include "models/base/observer.h"
#include "models/base/soc_config.h"
#include "models/base/statistics.h"
#include "models/interconnect/channel.h"
#include "models/interconnect/ports.h"

namespace lutra::models {

// An AXI-like crossbar: any number of initiators, address-mapped targets, and per target one read and one write channel
// (see Channel). README.md has the timing rules. Every transaction is one burst: longer than max_burst_bytes, or across
// the end of a region, it is a BURST_ERROR; to an address no target has, an ADDRESS_ERROR.
//
// Time of an uncontended read:  latency + target + beats + latency
// Time of an uncontended write: latency + beats + target + latency
//
// A target annotates when its first beat can follow (reads: so that no later beat starves) or when it has taken the
// data (writes). Counts read_bytes, write_bytes, transactions, and `wait_cycles.<initiator>`.
class Interconnect : public sc_core::sc_module {
 public:
  // Throws Error for a width or burst that does not exist.
  Interconnect(const sc_core::sc_module_name& name, const InterconnectConfig& config,
               const sc_core::sc_time& clock_period, Statistics& statistics);
  ~Interconnect() override;

  // Before elaboration ends, which then binds the socket. The order is the priority under fixed arbitration. Names are
  // unique.
  void attach_initiator(const std::string& name, tlm::tlm_initiator_socket<32>& initiator);

  // As above. Throws Error when the region is empty, does not fit the address space or overlaps another.
  void attach_target(const std::string& name, std::uint64_t base, std::uint64_t bytes,
                     tlm::tlm_target_socket<32>& target);

  // Tells `observer` of every transaction from now on. Null: nobody.
  void observe(Observer* observer) { observer_ = observer; }

 private:
  friend class InitiatorPort;
  friend class TargetPort;
  struct Waiting;

  // Makes the ports: only here, or in the constructor, do they become children of this module.
  void before_end_of_elaboration() override;
  void transport(InitiatorPort& from, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi);
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction);
  void invalidate(const TargetPort& port, std::uint64_t first, std::uint64_t last);

  TargetPort* find(std::uint64_t address) const;
  TargetPort* route(InitiatorPort& from, tlm::tlm_generic_payload& transaction) const;
  std::uint32_t acquire(InitiatorPort& from, Channel& channel);
  void carry(InitiatorPort& from, TargetPort& to, tlm::tlm_generic_payload& transaction, std::uint32_t slot,
             sc_core::sc_time& delay);
  void report(const InitiatorPort& from, const TargetPort* to, const tlm::tlm_generic_payload& transaction,
              std::uint64_t asked, std::uint64_t taken, const sc_core::sc_time& delay) const;
  void arbitrate();
  std::uint64_t beats(const tlm::tlm_generic_payload& transaction) const;
  std::uint64_t next_edge(std::uint64_t time) const;

  InterconnectConfig config_;
  Arbitration arbitration_;
  int width_shift_;
  std::uint64_t period_;   // ps
  std::uint64_t latency_;  // ps
  Statistics& statistics_;
  std::uint64_t& read_bytes_;
  std::uint64_t& write_bytes_;
  std::uint64_t& transactions_;
  std::vector<std::unique_ptr<InitiatorPort>> initiators_;
  std::vector<std::unique_ptr<TargetPort>> targets_;  // sorted by base
  std::vector<std::unique_ptr<Waiting>> idle_waiting_;
  sc_core::sc_event requested_;
  int patience_;
  Observer* observer_ = nullptr;
};

}  // namespace lutra::models
