#include "models/interconnect/ports.h"

#include "models/interconnect/interconnect.h"

namespace lutra::models {

InitiatorPort::InitiatorPort(const std::string& port_name, Interconnect& interconnect, std::uint32_t port_index,
                             std::uint64_t& waited, tlm::tlm_initiator_socket<32>& initiator)
    : name(port_name), index(port_index), wait_cycles(waited), interconnect_(interconnect), initiator_(initiator) {}

void InitiatorPort::connect() {
  socket_.emplace(("from_" + name).c_str());
  socket_->bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
  initiator_.bind(*socket_);
}

void InitiatorPort::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  interconnect_.transport(*this, transaction, delay);
}

bool InitiatorPort::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  return interconnect_.get_direct_mem_ptr(transaction, dmi);
}

unsigned int InitiatorPort::transport_dbg(tlm::tlm_generic_payload& transaction) {
  return interconnect_.transport_dbg(transaction);
}

TargetPort::TargetPort(const std::string& port_name, Interconnect& interconnect, std::uint64_t region_base,
                       std::uint64_t region_bytes, const Channel& channel, tlm::tlm_target_socket<32>& target)
    : name(port_name),
      base(region_base),
      bytes(region_bytes),
      read(channel),
      write(channel),
      interconnect_(interconnect),
      target_(target) {}

void TargetPort::connect() {
  socket_.emplace(("to_" + name).c_str());
  socket_->bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  socket_->bind(target_);
}

tlm::tlm_sync_enum TargetPort::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
  return tlm::TLM_COMPLETED;
}

void TargetPort::invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) {
  interconnect_.invalidate(*this, first, last);
}

}  // namespace lutra::models
