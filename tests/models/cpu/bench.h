#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <systemc>
#include <vector>

#include "models/cpu/hart.h"
#include "tests/models/cpu/assembler.h"

namespace lutra::test {

// What answers the hart in a Bench: memory that grants DMI, memory that does not, memory whose transactions fail
// although it can be read by debug and DMI, and errors elsewhere.
class Target : public sc_core::sc_module {
 public:
  static constexpr std::uint32_t direct_base = 0x80000000u;
  static constexpr std::uint32_t device_base = 0x40000000u;
  static constexpr std::uint32_t failing_base = 0x60000000u;  // grants DMI from failing_base + dmi_offset
  static constexpr std::uint32_t dmi_offset = 0x8000u;
  static constexpr std::uint32_t bytes = 1u << 16;

  tlm_utils::simple_target_socket<Target> socket{"socket"};
  sc_core::sc_time blocking = sc_core::SC_ZERO_TIME;                       // waited inside the transaction
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;                          // annotated
  std::function<void(std::uint32_t address, std::uint32_t word)> written;  // device stores, before any time passes

  explicit Target(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &Target::b_transport);
    socket.register_transport_dbg(this, &Target::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &Target::get_direct_mem_ptr);
  }

  std::uint8_t* at(std::uint64_t address) {
    const std::uint64_t index = address >> 16 == direct_base >> 16    ? 0
                                : address >> 16 == device_base >> 16  ? 1
                                : address >> 16 == failing_base >> 16 ? 2
                                                                      : 3;
    return index == 3 ? nullptr : memory_.data() + index * bytes + (address & (bytes - 1));
  }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& time) {
    const auto address = static_cast<std::uint32_t>(transaction.get_address());
    std::uint8_t* place = at(address);
    if (written && transaction.is_write() && address >> 16 == device_base >> 16) {
      std::uint32_t word = 0;
      std::memcpy(&word, transaction.get_data_ptr(), std::min<std::size_t>(4, transaction.get_data_length()));
      written(address, word);
    }
    if (blocking != sc_core::SC_ZERO_TIME) wait(blocking);
    time += delay;
    if (!place || address >> 16 == failing_base >> 16) {
      transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    copy(transaction, place);
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  unsigned transport_dbg(tlm::tlm_generic_payload& transaction) {
    std::uint8_t* place = at(transaction.get_address());
    if (!place) return 0;
    copy(transaction, place);
    return transaction.get_data_length();
  }

  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
    const std::uint64_t address = transaction.get_address();
    const bool failing = address >> 16 == failing_base >> 16 && (address & (bytes - 1)) >= dmi_offset;
    if (address >> 16 != direct_base >> 16 && !failing) return false;
    const std::uint32_t first = failing ? failing_base + dmi_offset : direct_base;
    dmi.set_start_address(first);
    dmi.set_end_address((address | (bytes - 1)));
    dmi.set_dmi_ptr(at(first));
    dmi.allow_read_write();
    return true;
  }

  static void copy(tlm::tlm_generic_payload& transaction, std::uint8_t* place) {
    if (transaction.is_read())
      std::memcpy(transaction.get_data_ptr(), place, transaction.get_data_length());
    else
      std::memcpy(place, transaction.get_data_ptr(), transaction.get_data_length());
  }

  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(3 * bytes);
};

// A hart with a Target, interrupt lines and 64 KiB of tightly coupled memory, at 100 MHz. One per process.
class Bench : public sc_core::sc_module {
 public:
  static constexpr std::uint32_t tcm_base = 0x20000000u;
  static constexpr std::uint32_t handler = tcm_base + 0x8000;

  const sc_core::sc_time cycle{10, sc_core::SC_NS};
  models::Statistics statistics;
  models::Hart hart;
  Target target{"target"};
  sc_core::sc_signal<bool> external{"external"}, timer{"timer"}, software{"software"};
  std::vector<std::function<void()>> processes;  // each becomes a thread

  explicit Bench(const models::HartConfig& config = {})
      : sc_module(sc_core::sc_module_name("bench")), hart("hart", config, cycle, statistics) {
    hart.bus.bind(target.socket);
    hart.external_interrupt.bind(external);
    hart.timer_interrupt.bind(timer);
    hart.software_interrupt.bind(software);
    hart.attach_tcm(tcm_base, tcm_);
    hart.set_reset_vector(tcm_base);
    hart.set_max_instructions(1'000'000);
    place(handler, {rv::halt()});
  }

  void place(std::uint32_t address, const Program& program) {
    std::uint8_t* to = address >> 16 == tcm_base >> 16 ? tcm_.data() + (address - tcm_base) : target.at(address);
    std::copy(program.bytes().begin(), program.bytes().end(), to);
  }

  // With mtvec at `handler`; `body` starts 12 bytes behind tcm_base, at cycle 5.
  void run(const Program& body) {
    place(tcm_base, rv::li(t0, handler) << rv::csrw(rv::mtvec, t0) << body);
    for (const auto& process : processes) sc_core::sc_spawn(process);
    sc_core::sc_start();
  }

  double now_in_cycles() const { return sc_core::sc_time_stamp() / cycle; }

  std::uint64_t counter(const std::string& component, const std::string& event) const {
    return counter_in(statistics.snapshot(), component, event);
  }
  std::uint64_t counter_in(const std::vector<std::uint64_t>& snapshot, const std::string& component,
                           const std::string& event) const {
    for (std::size_t i = 0; i < snapshot.size(); ++i)
      if (statistics.counters()[i].component == component && statistics.counters()[i].event == event)
        return snapshot[i];
    throw std::out_of_range(component + "." + event);
  }
  // Of all cycle counters.
  std::uint64_t cycles_in(const std::vector<std::uint64_t>& snapshot) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < snapshot.size(); ++i)
      if (statistics.counters()[i].quantity == models::Quantity::cycles) sum += snapshot[i];
    return sum;
  }

 private:
  std::vector<std::uint8_t> tcm_ = std::vector<std::uint8_t>(1u << 16);
};

}  // namespace lutra::test
