#include "models/dram/dram.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/memory/access.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

constexpr const char* component = "dram";

}  // namespace

Dram::Dram(const sc_core::sc_module_name& name, const DramTiming& timing, std::size_t bytes, std::uint32_t port_bytes,
           const sc_core::sc_time& port_period, Statistics& statistics)
    : sc_module(name),
      socket("socket"),
      storage_(bytes),
      port_(timing, port_bytes, port_period.value()),
      read_bytes_(statistics.add({component, "read_bytes", Quantity::bytes, "bytes read"})),
      write_bytes_(statistics.add({component, "write_bytes", Quantity::bytes, "bytes written"})) {
  if (bytes > timing.capacity_bytes()) {
    throw Error(fmt::format("a main memory of {} bytes is more than the {} bytes of {}", bytes, timing.capacity_bytes(),
                            timing.name));
  }
  socket.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
  count(statistics);
}

void Dram::count(Statistics& statistics) {
  std::vector<std::uint64_t*> counters;
  for (const DramEvent& field : dram_events())
    counters.push_back(&statistics.add({component, field.event, field.quantity, field.description}));
  statistics.before_snapshot([this, counters] {
    const std::uint64_t now = sc_core::sc_time_stamp().value();
    port_.serve_writes_until(now);
    controller().advance(now);
    for (std::size_t i = 0; i < counters.size(); ++i) *counters[i] = controller().counts().*(dram_events()[i].value);
  });
}

void Dram::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  const tlm::tlm_response_status status = unsupported(transaction);
  if (status != tlm::TLM_OK_RESPONSE || !inside(storage_, transaction)) {
    transaction.set_response_status(status != tlm::TLM_OK_RESPONSE ? status : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  copy(storage_, transaction);
  const std::uint64_t now = sc_core::sc_time_stamp().value();
  const std::uint64_t address = transaction.get_address();
  const std::uint32_t bytes = transaction.get_data_length();
  port_.serve_writes_until(now);
  const std::uint64_t arrival = now + delay.value();
  (transaction.is_read() ? read_bytes_ : write_bytes_) += bytes;
  const std::uint64_t done =
      transaction.is_read() ? port_.read(arrival, address, bytes) : port_.write(arrival, address, bytes);
  delay = sc_core::sc_time::from_value(done - now);
  transaction.set_dmi_allowed(true);
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

bool Dram::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  return grant_dmi(storage_, transaction, sc_core::SC_ZERO_TIME, dmi);
}

unsigned int Dram::transport_dbg(tlm::tlm_generic_payload& transaction) { return copy_debug(storage_, transaction); }

}  // namespace lutra::models
