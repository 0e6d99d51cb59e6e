#include "models/memory/memory.h"

#include "models/memory/access.h"

namespace lutra::models {
namespace {

constexpr std::uint64_t macro_bytes = 4;

std::uint64_t words_touched(std::uint64_t start, std::uint64_t bytes) {
  return (start + bytes - 1) / macro_bytes - start / macro_bytes + 1;
}

}  // namespace

Memory::Memory(const sc_core::sc_module_name& name, const std::string& component, std::size_t bytes,
               const sc_core::sc_time& latency, Statistics& statistics)
    : sc_module(name),
      socket("socket"),
      storage_(bytes),
      latency_(latency),
      reads_(statistics.add({component, "read", Quantity::events, "32-bit words read"})),
      writes_(statistics.add({component, "write", Quantity::events, "32-bit words written"})) {
  socket.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
}

void Memory::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  delay += latency_;
  const tlm::tlm_response_status status = unsupported(transaction);
  if (status != tlm::TLM_OK_RESPONSE || !inside(storage_, transaction)) {
    transaction.set_response_status(status != tlm::TLM_OK_RESPONSE ? status : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  copy(storage_, transaction);
  (transaction.is_read() ? reads_ : writes_) += words_touched(transaction.get_address(), transaction.get_data_length());
  transaction.set_dmi_allowed(true);
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

bool Memory::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  return grant_dmi(storage_, transaction, latency_, dmi);
}

unsigned int Memory::transport_dbg(tlm::tlm_generic_payload& transaction) { return copy_debug(storage_, transaction); }

}  // namespace lutra::models
