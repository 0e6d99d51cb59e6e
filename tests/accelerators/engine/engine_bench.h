#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <systemc>
#include <tlm>
#include <vector>

#include "accelerators/engine/engine.h"
#include "accelerators/interface/registers.h"
#include "models/base/statistics.h"

namespace lutra::test {

inline const sc_core::sc_time clock_period(5, sc_core::SC_NS);

// A memory of fixed latency behind each of the engine's three ports, one beat of 8 bytes per cycle and port.
class Memory : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t base = 0x80000000;
  struct Access {
    tlm::tlm_command command;
    std::uint64_t address;
    unsigned bytes;
    sc_core::sc_time time;
  };

  tlm_utils::simple_target_socket_tagged<Memory> fetch{"fetch"}, load{"load"}, store{"store"};
  std::vector<std::uint8_t> bytes;
  std::vector<Access> accesses;
  int latency_cycles = 20;

  explicit Memory(const sc_core::sc_module_name& name) : sc_module(name), bytes(1 << 18) {
    fetch.register_b_transport(this, &Memory::transport, 0);
    load.register_b_transport(this, &Memory::transport, 1);
    store.register_b_transport(this, &Memory::transport, 2);
  }

  void put(std::uint64_t address, std::span<const std::uint8_t> data) {
    std::copy(data.begin(), data.end(), bytes.begin() + static_cast<std::ptrdiff_t>(address - base));
  }
  std::vector<std::uint8_t> get(std::uint64_t address, std::size_t count) const {
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(address - base);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }

 private:
  void transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    const std::uint64_t address = transaction.get_address();
    const unsigned length = transaction.get_data_length();
    accesses.push_back({transaction.get_command(), address, length, sc_core::sc_time_stamp()});
    delay += (latency_cycles + (length + 7) / 8) * clock_period;
    if (address < base || address - base + length > bytes.size()) {
      transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    std::uint8_t* place = &bytes[address - base];
    if (transaction.is_read())
      std::memcpy(transaction.get_data_ptr(), place, length);
    else
      std::memcpy(place, transaction.get_data_ptr(), length);
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

// An engine, its memory, and the software that drives it.
template <class MainMemory>
class EngineBenchWith : public sc_core::sc_module {
 public:
  static constexpr std::uint32_t stream_address = 0x80020000;

  models::Statistics statistics;
  MainMemory memory{"memory"};
  accelerators::Engine engine;
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  tlm_utils::simple_initiator_socket<EngineBenchWith> bus{"bus"};

  explicit EngineBenchWith(const accelerators::EngineConfig& config = {}, const sc_core::sc_module_name& name = "bench")
      : sc_module(name), engine("engine", config, accelerators::make_family(config), clock_period, statistics) {
    engine.fetch.bind(memory.fetch);
    engine.load.bind(memory.load);
    engine.store.bind(memory.store);
    engine.interrupt.bind(interrupt);
    bus.bind(engine.registers);
    SC_HAS_PROCESS(EngineBenchWith);
    SC_THREAD(run);
  }

  // Runs the software, in a SystemC thread, to its end.
  void simulate(std::function<void()> software) {
    software_ = std::move(software);
    sc_core::sc_start();
    sc_assert(finished_);
  }

  tlm::tlm_response_status access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value,
                                  unsigned length = 4) {
    tlm::tlm_generic_payload transaction;
    transaction.set_command(command);
    transaction.set_address(offset);
    transaction.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    transaction.set_data_length(length);
    transaction.set_streaming_width(length);
    sc_core::sc_time delay;
    bus->b_transport(transaction, delay);
    return transaction.get_response_status();
  }
  std::uint32_t read(std::uint32_t offset) {
    std::uint32_t value = 0;
    sc_assert(access(tlm::TLM_READ_COMMAND, offset, value) == tlm::TLM_OK_RESPONSE);
    return value;
  }
  void write(std::uint32_t offset, std::uint32_t value) {
    sc_assert(access(tlm::TLM_WRITE_COMMAND, offset, value) == tlm::TLM_OK_RESPONSE);
  }
  std::uint64_t counter(lutra_engine_counter counter) {
    const std::uint32_t offset = LUTRA_ENGINE_COUNTERS + 8u * counter;
    return read(offset) | std::uint64_t{read(offset + 4)} << 32;
  }

  // What this counter of the simulation's statistics holds now.
  std::uint64_t event(const std::string& component, const std::string& name) const {
    const auto values = statistics.snapshot();
    for (std::size_t i = 0; i < values.size(); ++i)
      if (statistics.counters()[i].component == component && statistics.counters()[i].event == name) return values[i];
    SC_REPORT_FATAL("bench", ("no counter " + component + "." + name).c_str());
    return 0;
  }

  void start(std::span<const std::uint8_t> stream) {
    memory.put(stream_address, stream);
    write(LUTRA_ENGINE_STREAM_ADDRESS, stream_address);
    write(LUTRA_ENGINE_STREAM_BYTES, static_cast<std::uint32_t>(stream.size()));
    write(LUTRA_ENGINE_IRQ_ENABLE, 1);
    write(LUTRA_ENGINE_IRQ_STATUS, 1);
    write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
  }

  // Runs a stream to its interrupt and returns the error code. A stream that hangs ends the wait, with no code there
  // is.
  std::uint32_t run_stream(std::span<const std::uint8_t> stream) {
    constexpr std::uint32_t hung = 0xFFFFFFFF;
    start(stream);
    const sc_core::sc_time limit(1, sc_core::SC_SEC);
    sc_core::wait(limit, interrupt.posedge_event());
    if (!interrupt.read()) return hung;
    const std::uint32_t status = read(LUTRA_ENGINE_STATUS);
    const std::uint32_t error = read(LUTRA_ENGINE_ERROR_CODE);
    const std::uint32_t expected = error == LUTRA_ERROR_NONE ? LUTRA_ENGINE_STATUS_DONE : LUTRA_ENGINE_STATUS_ERROR;
    sc_assert(status == expected);
    write(LUTRA_ENGINE_IRQ_STATUS, 1);
    sc_core::wait(2 * clock_period);
    sc_assert(!interrupt.read());
    return error;
  }

 private:
  void run() {
    software_();
    finished_ = true;
  }

  std::function<void()> software_;
  bool finished_ = false;
};
using EngineBench = EngineBenchWith<Memory>;

}  // namespace lutra::test
