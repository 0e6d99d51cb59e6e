#include "accelerators/engine/engine.h"

#include <fmt/format.h>

#include "accelerators/engine/checks.h"

namespace lutra::accelerators {

Engine::Engine(const sc_core::sc_module_name& name, const EngineConfig& config, std::unique_ptr<Family> family,
               sc_core::sc_time clock_period, models::Statistics& statistics)
    : sc_module(name),
      config_((check_shell(config), config)),
      family_(std::move(family)),
      period_(clock_period),
      buffers_(config),
      events_(config_, *family_, statistics),
      fetch_port_(fetch, clock_period, config.outstanding),
      load_port_(load, clock_period, config.outstanding),
      store_port_(store, clock_period, config.outstanding) {
  declare_registers();
  statistics.before_snapshot([this] {
    ledger_.bring_up_to(now());
    events_.set_cycles(ledger_);
  });
  SC_HAS_PROCESS(Engine);
  SC_THREAD(process_commands);
  SC_THREAD(run_load);
  SC_THREAD(run_compute);
  SC_THREAD(run_store);
  SC_METHOD(drive_interrupt);
  sensitive << irq_changed_;
}

std::uint64_t Engine::now() const { return sc_core::sc_time_stamp().value() / period_.value(); }

void Engine::declare_registers() {
  using models::Access;
  const auto constant = [&](const char* name, std::uint32_t offset, std::uint32_t value) {
    registers.add({.name = name, .offset = offset, .access = Access::read_only, .reset = value});
  };
  const auto observed = [&](const std::string& name, std::uint32_t offset, std::function<std::uint32_t()> value) {
    registers.add({.name = name, .offset = offset, .access = Access::read_only, .read = value, .peek = value});
  };
  const auto shape = static_cast<std::uint32_t>(config_.rows | config_.columns << 8 | config_.lanes << 16);
  constant("id", LUTRA_ENGINE_ID, LUTRA_ENGINE_ID_VALUE);
  constant("version", LUTRA_ENGINE_VERSION, LUTRA_ENGINE_VERSION_VALUE);
  constant("family", LUTRA_ENGINE_FAMILY, family_id(family_->name()));
  constant("shape", LUTRA_ENGINE_SHAPE, shape);
  registers.add({.name = "control",
                 .offset = LUTRA_ENGINE_CONTROL,
                 .access = Access::write_only,
                 .writable = LUTRA_ENGINE_CONTROL_START,
                 .write = [this](std::uint32_t value) {
                   if ((value & LUTRA_ENGINE_CONTROL_START) != 0) start();
                 }});
  observed("status", LUTRA_ENGINE_STATUS,
           [this] { return status_ | (ledger_.running() ? LUTRA_ENGINE_STATUS_BUSY : 0); });
  constexpr std::uint32_t word_aligned = ~3u;
  const std::uint32_t place = config_.command_memory_bytes > 0 ? LUTRA_STREAM_RESIDENT : 0;
  registers.add({.name = "stream_address",
                 .offset = LUTRA_ENGINE_STREAM_ADDRESS,
                 .writable = word_aligned | place,
                 .write = [this](std::uint32_t value) { next_address_ = value; }});
  registers.add({.name = "stream_bytes",
                 .offset = LUTRA_ENGINE_STREAM_BYTES,
                 .writable = word_aligned,
                 .write = [this](std::uint32_t value) { next_bytes_ = value; }});
  registers.add(
      {.name = "irq_enable", .offset = LUTRA_ENGINE_IRQ_ENABLE, .writable = 1, .write = [this](std::uint32_t value) {
         irq_enable_ = value;
         irq_changed_.notify(sc_core::SC_ZERO_TIME);
       }});
  const auto irq_status = [this] { return irq_status_; };
  registers.add({.name = "irq_status",
                 .offset = LUTRA_ENGINE_IRQ_STATUS,
                 .writable = 1,
                 .read = irq_status,
                 .peek = irq_status,
                 .write = [this](std::uint32_t cleared) {
                   irq_status_ &= ~cleared;
                   irq_changed_.notify(sc_core::SC_ZERO_TIME);
                 }});
  observed("error_code", LUTRA_ENGINE_ERROR_CODE, [this] { return error_code_; });
  observed("error_detail", LUTRA_ENGINE_ERROR_DETAIL, [this] { return error_detail_; });
  observed("operation", LUTRA_ENGINE_OPERATION,
           [this] { return operations_[static_cast<int>(Unit::compute)].value_or(0); });
  for (std::uint32_t i = 0; i < LUTRA_ENGINE_COUNTER_COUNT; ++i) {
    const auto half = [this, i](int shift) {
      ledger_.bring_up_to(now());
      return static_cast<std::uint32_t>(ledger_.counter(static_cast<lutra_engine_counter>(i)) >> shift);
    };
    const std::uint32_t offset = LUTRA_ENGINE_COUNTERS + 8 * i;
    observed(fmt::format("counter_{}_low", i), offset, [half] { return half(0); });
    observed(fmt::format("counter_{}_high", i), offset + 4, [half] { return half(32); });
  }
}

void Engine::start() {
  if (ledger_.running()) {
    fail(LUTRA_ERROR_BUSY, decoded_);
    return;
  }
  status_ = error_code_ = error_detail_ = 0;
  operations_.fill({});
  ledger_.start(now());
  if (observer_ != nullptr) report_all();
  started_.notify(sc_core::SC_ZERO_TIME);
}

void Engine::stop() {
  ledger_.stop(now());
  if (observer_ != nullptr) report_all();
  status_ = failed_ ? LUTRA_ENGINE_STATUS_ERROR : LUTRA_ENGINE_STATUS_DONE;
  irq_status_ = 1;
  irq_changed_.notify(sc_core::SC_ZERO_TIME);
}

void Engine::drive_interrupt() { interrupt.write((irq_enable_ & irq_status_) != 0); }

}  // namespace lutra::accelerators
