#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

#include "models/base/statistics.h"

namespace lutra::test {

struct Response {
  tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
  std::uint64_t start_cycles = 0;  // when b_transport was called
  std::uint64_t end_cycles = 0;    // when the transaction was complete
  std::uint32_t value = 0;         // the first bytes read

  bool ok() const { return status == tlm::TLM_OK_RESPONSE; }
  std::uint64_t cycles() const { return end_cycles - start_cycles; }
};

// A bus initiator whose behaviour is a function of the test.
class Initiator : public sc_core::sc_module, private tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_initiator_socket<32> socket;

  Initiator(const sc_core::sc_module_name& name, std::function<void(Initiator&)> script, sc_core::sc_time period)
      : sc_module(name), socket("socket"), script_(std::move(script)), period_(period) {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    SC_HAS_PROCESS(Initiator);
    SC_THREAD(run);
  }

  std::uint64_t cycle() const { return sc_core::sc_time_stamp().value() / period_.value(); }
  void wait_until(std::uint64_t at) {
    sc_core::sc_module::wait(sc_core::sc_time::from_value(at * period_.value()) - sc_core::sc_time_stamp());
  }

  // Starts a transaction, without waiting for its end.
  Response start(tlm::tlm_command command, std::uint64_t address, std::uint32_t bytes, std::uint32_t value = 0,
                 const std::function<void(tlm::tlm_generic_payload&)>& change = {}) {
    std::vector<std::uint8_t> data(std::max(bytes, 4u));
    for (std::uint32_t i = 0; i < 4; ++i) data[i] = static_cast<std::uint8_t>(value >> (8 * i));
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(data.data());
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    if (change) change(payload);
    Response response;
    response.start_cycles = cycle();
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    response.status = payload.get_response_status();
    response.end_cycles = (sc_core::sc_time_stamp() + delay).value() / period_.value();
    for (std::uint32_t i = 0; i < std::min(bytes, 4u); ++i) response.value |= std::uint32_t{data[i]} << (8 * i);
    return response;
  }

  Response read(std::uint64_t address, std::uint32_t bytes = 4) {
    const Response response = start(tlm::TLM_READ_COMMAND, address, bytes);
    wait_until(response.end_cycles);
    return response;
  }
  Response write(std::uint64_t address, std::uint32_t value, std::uint32_t bytes = 4) {
    const Response response = start(tlm::TLM_WRITE_COMMAND, address, bytes, value);
    wait_until(response.end_cycles);
    return response;
  }

 private:
  void run() { script_(*this); }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override {
    return tlm::TLM_COMPLETED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

  std::function<void(Initiator&)> script_;
  sc_core::sc_time period_;
};

inline std::uint64_t counter(const models::Statistics& statistics, const std::string& component,
                             const std::string& event) {
  const std::vector<std::uint64_t> values = statistics.snapshot();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const models::CounterInfo& info = statistics.counters()[i];
    if (info.component == component && info.event == event) return values[i];
  }
  throw std::runtime_error("no counter " + component + "." + event);
}

}  // namespace lutra::test
