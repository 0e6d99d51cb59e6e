#pragma once

#include <cstring>

#include "tests/accelerators/engine/engine_bench.h"
#include "tests/accelerators/rtl/transfer/burst_script.h"

namespace lutra::test {

// Main memory behind the engine's model. Without a script every burst takes its beats.
class ScriptedMemory : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t base = Memory::base;
  static constexpr std::size_t size = 1 << 18;

  tlm_utils::simple_target_socket_tagged<ScriptedMemory> fetch{"fetch"}, load{"load"}, store{"store"};
  std::vector<std::uint8_t> bytes;

  explicit ScriptedMemory(const sc_core::sc_module_name& name) : sc_module(name), bytes(size) {
    fetch.register_b_transport(this, &ScriptedMemory::transport, 0);
    load.register_b_transport(this, &ScriptedMemory::transport, 1);
    store.register_b_transport(this, &ScriptedMemory::transport, 2);
  }

  void put(std::uint64_t address, std::span<const std::uint8_t> data) {
    std::copy(data.begin(), data.end(), bytes.begin() + static_cast<std::ptrdiff_t>(address - base));
  }

  // From now on, and what is issued from now on goes to `trace`. Null: no script.
  void follow(const BurstScript* script, Trace* trace, std::uint64_t bus_bytes) {
    script_ = script;
    trace_ = trace;
    bus_bytes_ = bus_bytes;
    start_ = now();
    reads_ = writes_ = {};
  }

 private:
  static sc_core::sc_time cycles(std::uint64_t count) {
    return sc_core::sc_time::from_value(count * clock_period.value());
  }
  static std::uint64_t now() { return sc_core::sc_time_stamp().value() / clock_period.value(); }

  void transport(int port, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    const std::uint64_t address = transaction.get_address();
    const std::size_t length = transaction.get_data_length();
    const std::uint64_t beats = BurstScript::beats(address, length, bus_bytes_);
    BurstScript::Burst burst;
    if (script_ != nullptr && port > 0) {
      const auto& bursts = port == 1 ? script_->reads : script_->writes;
      auto& issued = port == 1 ? trace_->reads : trace_->writes;
      burst = bursts[issued.size() % bursts.size()];
      if (burst.grant > 0) sc_core::wait(burst.grant * clock_period);
      issued.push_back({now() - start_, address, beats});
      const std::uint64_t end = (port == 1 ? reads_ : writes_).carry(now() - start_, beats, burst.extra);
      delay += cycles(end - (now() - start_));
    } else {
      delay += cycles(2 + beats);
    }
    if (burst.refused) return transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    std::uint8_t* place = &bytes.at(address - base);
    if (transaction.is_read())
      std::memcpy(transaction.get_data_ptr(), place, length);
    else
      std::memcpy(place, transaction.get_data_ptr(), length);
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  const BurstScript* script_ = nullptr;
  Trace* trace_ = nullptr;
  std::uint64_t bus_bytes_ = 8;
  std::uint64_t start_ = 0;
  BurstChannel reads_, writes_;
};

// Writes down what load and store unit do in every cycle.
class StateObserver : public models::Observer {
 public:
  void begin(std::uint64_t start_ps) {
    start_ps_ = start_ps;
    for (auto& unit : units_) unit.clear();
  }
  // States of the cycles since then.
  std::string states(int unit, std::uint64_t end_ps) const {
    std::string all;
    const auto& changes = units_[static_cast<std::size_t>(unit)];
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const std::uint64_t until = i + 1 < changes.size() ? changes[i + 1].first : end_ps;
      all.append((until - changes[i].first) / clock_period.value(), changes[i].second);
    }
    return all;
  }

  void enter(std::string_view unit, models::Condition condition, std::string_view what, std::uint64_t time_ps,
             std::span<const models::Detail>) override {
    if (unit == "engine.load") note(0, condition, what, "waits for store", time_ps);
    if (unit == "engine.store") note(1, condition, what, "waits for compute", time_ps);
  }
  void happen(std::string_view, std::string_view, std::uint64_t) override {}
  void burst(const models::ObservedBurst&) override {}
  void dram_burst(const models::ObservedDramBurst&) override {}
  void dram_refreshes(const models::ObservedRefreshes&) override {}

 private:
  void note(int unit, models::Condition condition, std::string_view what, std::string_view previous,
            std::uint64_t time_ps) {
    char state = '-';
    if (condition == models::Condition::busy) state = 'b';
    if (condition == models::Condition::waiting)
      state = what == "waits for a command" ? 'c' : what == previous ? 'p' : 'n';
    units_[static_cast<std::size_t>(unit)].emplace_back(time_ps, state);
  }

  std::uint64_t start_ps_ = 0;
  std::array<std::vector<std::pair<std::uint64_t, char>>, 2> units_;
};

}  // namespace lutra::test
