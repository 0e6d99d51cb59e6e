#include "models/dram/dram.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/memory/access.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

constexpr const char* component = "dram";

struct Counted {
  const char* event;
  std::uint64_t DramCounts::*value;
  Quantity quantity;
  const char* description;
};

constexpr Counted counted[] = {
    {"activate", &DramCounts::activates, Quantity::events, "rows opened"},
    {"precharge", &DramCounts::precharges, Quantity::events, "rows closed"},
    {"read_burst", &DramCounts::read_bursts, Quantity::events, "read commands"},
    {"write_burst", &DramCounts::write_bursts, Quantity::events, "write commands"},
    {"refresh", &DramCounts::refreshes, Quantity::events, "all-bank refreshes"},
    {"row_hit", &DramCounts::row_hits, Quantity::events, "bursts to the open row"},
    {"row_miss", &DramCounts::row_misses, Quantity::events, "bursts to a bank without an open row"},
    {"row_conflict", &DramCounts::row_conflicts, Quantity::events, "bursts to a bank with another open row"},
    {"active_standby", &DramCounts::active_standby, Quantity::cycles, "DRAM clocks with an open row"},
    {"precharge_standby", &DramCounts::precharge_standby, Quantity::cycles, "DRAM clocks without an open row"},
    {"active_power_down", &DramCounts::active_power_down, Quantity::cycles,
     "DRAM clocks powered down with an open row"},
    {"precharge_power_down", &DramCounts::precharge_power_down, Quantity::cycles,
     "DRAM clocks powered down without an open row"}};

}  // namespace

Dram::Dram(const sc_core::sc_module_name& name, const DramTiming& timing, std::size_t bytes, std::uint32_t port_bytes,
           const sc_core::sc_time& port_period, Statistics& statistics)
    : sc_module(name),
      socket("socket"),
      storage_(bytes),
      controller_(timing),
      port_bytes_(port_bytes),
      port_period_(port_period.value()),
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
  for (const Counted& field : counted) {
    counters.push_back(&statistics.add({component, field.event, field.quantity, field.description}));
  }
  statistics.before_snapshot([this, counters] {
    const std::uint64_t now = sc_core::sc_time_stamp().value();
    serve_writes_until(now);
    controller_.advance(now);
    for (std::size_t i = 0; i < counters.size(); ++i) *counters[i] = controller_.counts().*(counted[i].value);
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
  serve_writes_until(now);
  const std::uint64_t arrival = now + delay.value();
  const std::uint64_t done = transaction.is_read() ? read(arrival, address, bytes) : write(arrival, address, bytes);
  delay = sc_core::sc_time::from_value(done - now);
  transaction.set_dmi_allowed(true);
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

std::uint64_t Dram::read(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes) {
  const std::uint64_t command = arrival + controller_.timing().controller_ps;
  serve_writes_until(command);
  read_bytes_ += bytes;
  const std::uint64_t first_beat = address / port_bytes_;
  const std::uint64_t end = address + bytes;
  const std::uint64_t burst_bytes = controller_.timing().burst_bytes();
  std::uint64_t ready = command;
  for (std::uint64_t at = address; at < end;) {
    const std::uint64_t part = std::min(end - at, burst_bytes - at % burst_bytes);
    const std::uint64_t available = controller_.burst(command, at, part, false) + controller_.timing().phy_ps;
    const std::uint64_t earlier_beats = (at / port_bytes_ - first_beat) * port_period_;
    if (available > ready + earlier_beats) ready = available - earlier_beats;
    at += part;
  }
  return ready;
}

std::uint64_t Dram::write(std::uint64_t arrival, std::uint64_t address, std::uint32_t bytes) {
  write_bytes_ += bytes;
  const std::uint64_t taken = arrival + controller_.timing().controller_ps;
  std::uint64_t accepted = taken;
  if (writes_.size() >= controller_.timing().write_buffer) accepted = std::max(taken, serve_oldest_write());
  writes_.push_back({taken, address, bytes});
  return accepted;
}

std::uint64_t Dram::serve_oldest_write() {
  const Write oldest = writes_.front();
  writes_.pop_front();
  return controller_.access(oldest.arrival, oldest.address, oldest.bytes, true);
}

void Dram::serve_writes_until(std::uint64_t time) {
  while (!writes_.empty() && writes_.front().arrival <= time) serve_oldest_write();
}

bool Dram::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  return grant_dmi(storage_, transaction, sc_core::SC_ZERO_TIME, dmi);
}

unsigned int Dram::transport_dbg(tlm::tlm_generic_payload& transaction) { return copy_debug(storage_, transaction); }

}  // namespace lutra::models
