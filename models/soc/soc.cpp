#include "models/soc/soc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/soc_checks.h"
#include "models/interface/memory_map.h"
#include "models/soc/reports.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

constexpr double ps_per_us = 1e6;
constexpr double slowest_mhz = 0.001;
constexpr double fastest_mhz = 100'000;
constexpr std::uint64_t cycles_between_questions = 200'000;
constexpr std::uint64_t address_space = std::uint64_t{1} << 32;

sc_core::sc_time period_of(double clock_mhz) {
  if (!(clock_mhz >= slowest_mhz && clock_mhz <= fastest_mhz)) {
    throw Error(fmt::format("a clock of {} MHz is out of range: {} to {}", clock_mhz, slowest_mhz, fastest_mhz));
  }
  return sc_core::sc_time::from_value(static_cast<std::uint64_t>(std::llround(ps_per_us / clock_mhz)));
}

std::size_t checked(const char* memory, std::uint32_t bytes, std::uint64_t base, std::uint64_t end) {
  if (bytes == 0 || bytes % 4 != 0 || bytes > end - base) {
    throw Error(fmt::format("{} of {} bytes: a multiple of 4, at least 4 and at most {}", memory, bytes, end - base));
  }
  return bytes;
}

const SocConfig& consistent(const SocConfig& config) {
  if (const std::string found = contradiction(config); !found.empty()) throw Error(found);
  return config;
}

}  // namespace

Soc::Soc(const sc_core::sc_module_name& name, const SocConfig& config, std::ostream* console)
    : sc_module(name),
      period_(period_of(consistent(config).clock_mhz)),
      tcm_(checked("a TCM", config.tcm_bytes, LUTRA_TCM_BASE, LUTRA_SRAM_BASE)),
      external_interrupt_("external_interrupt"),
      timer_interrupt_("timer_interrupt"),
      software_interrupt_("software_interrupt"),
      hart_(std::make_unique<Hart>("hart", config.hart, period_, statistics_)),
      interconnect_(std::make_unique<Interconnect>("interconnect", config.interconnect, period_, statistics_)) {
  hart_->attach_tcm(LUTRA_TCM_BASE, tcm_.span());
  hart_->external_interrupt.bind(external_interrupt_);
  hart_->timer_interrupt.bind(timer_interrupt_);
  hart_->software_interrupt.bind(software_interrupt_);
  interconnect_->attach_initiator("hart", hart_->bus);
  hart_->on_stop([] { sc_core::sc_pause(); });
  build_memories(config);
  build_devices(console);
}

void Soc::build_memories(const SocConfig& config) {
  const std::size_t sram_bytes = checked("an SRAM", config.sram.bytes, LUTRA_SRAM_BASE, LUTRA_MAIN_BASE);
  const std::size_t main_bytes = checked("a main memory", config.main_memory.bytes, LUTRA_MAIN_BASE, address_space);
  const sc_core::sc_time sram_latency = config.sram.latency_cycles * period_;
  sram_ = std::make_unique<Memory>("sram", "sram", sram_bytes, sram_latency, statistics_);
  interconnect_->attach_target("sram", LUTRA_SRAM_BASE, sram_bytes, sram_->socket);
  memories_ = {{LUTRA_TCM_BASE, &tcm_}, {LUTRA_SRAM_BASE, &sram_->storage()}};

  if (config.main_memory.kind == "sram") {
    main_sram_ = std::make_unique<Memory>("main_memory", "main_memory", main_bytes, sram_latency, statistics_);
    interconnect_->attach_target("main_memory", LUTRA_MAIN_BASE, main_bytes, main_sram_->socket);
    memories_.push_back({LUTRA_MAIN_BASE, &main_sram_->storage()});
  } else {
    DramTiming timing = embedded_dram_timing(config.main_memory.kind);
    timing.bank_xor = config.main_memory.bank_xor;
    timing.refresh_phase = config.main_memory.refresh_phase;
    dram_ = std::make_unique<Dram>("main_memory", timing, main_bytes, config.interconnect.width_bytes, period_,
                                   statistics_);
    interconnect_->attach_target("main_memory", LUTRA_MAIN_BASE, main_bytes, dram_->socket);
    memories_.push_back({LUTRA_MAIN_BASE, &dram_->storage()});
  }
}

void Soc::build_devices(std::ostream* console) {
  exit_ = std::make_unique<ExitDevice>("exit", [this](int code) { stop(code); });
  timer_ = std::make_unique<Timer>("timer", period_);
  interrupts_ = std::make_unique<InterruptController>("interrupts");
  console_ = std::make_unique<Console>("console", console);
  host_ = std::make_unique<HostLink>("host");
  interconnect_->attach_target("exit", LUTRA_EXIT_BASE, LUTRA_EXIT_SIZE, exit_->socket);
  interconnect_->attach_target("timer", LUTRA_TIMER_BASE, LUTRA_TIMER_SIZE, timer_->socket);
  interconnect_->attach_target("interrupts", LUTRA_PLIC_BASE, LUTRA_PLIC_SIZE, interrupts_->socket);
  interconnect_->attach_target("console", LUTRA_CONSOLE_BASE, LUTRA_CONSOLE_SIZE, console_->socket);
  interconnect_->attach_target("host", LUTRA_HOST_BASE, LUTRA_HOST_SIZE, host_->socket);
  timer_->timer_interrupt.bind(timer_interrupt_);
  timer_->software_interrupt.bind(software_interrupt_);
  interrupts_->interrupt.bind(external_interrupt_);
  console_->interrupt.bind(interrupts_->line(LUTRA_IRQ_CONSOLE));
}

std::span<std::uint8_t> Soc::memory_at(std::uint32_t address, std::size_t bytes) {
  for (const auto& [base, storage] : memories_) {
    const std::uint32_t offset = address - base;
    if (address >= base && offset < storage->size() && bytes <= storage->size() - offset) {
      return storage->span().subspan(offset, bytes);
    }
  }
  throw Error(
      fmt::format("{} bytes at {:#x} do not lie in one of the memories: TCM at {:#x} with {} bytes, SRAM at {:#x} "
                  "with {}, main memory at {:#x} with {}",
                  bytes, address, memories_[0].base, memories_[0].storage->size(), memories_[1].base,
                  memories_[1].storage->size(), memories_[2].base, memories_[2].storage->size()));
}

void Soc::write_memory(std::uint32_t address, std::span<const std::uint8_t> data) {
  std::ranges::copy(data, memory_at(address, data.size()).begin());
}

void Soc::read_memory(std::uint32_t address, std::span<std::uint8_t> data) {
  std::ranges::copy(memory_at(address, data.size()), data.begin());
}

std::span<const std::uint8_t> Soc::memory(std::uint32_t address, std::size_t bytes) {
  return memory_at(address, bytes);
}

void Soc::load(const ElfImage& image) {
  for (const ElfSegment& segment : image.segments) {
    try {
      const std::span<std::uint8_t> memory = memory_at(segment.address, segment.memory_bytes);
      const auto filled = std::ranges::copy(segment.content, memory.begin()).out;
      std::fill(filled, memory.end(), std::uint8_t{0});
    } catch (const Error& error) {
      throw Error(fmt::format("{}: a segment cannot be loaded: {}", image.name, error.what()));
    }
  }
  hart_->set_reset_vector(image.entry);
}

void Soc::stop(int exit_code) {
  exit_code_ = exit_code;
  sc_core::sc_pause();
}

void Soc::observe(Observer* observer) {
  hart_->observe(observer);
  interconnect_->observe(observer);
  if (dram_) dram_->observe(observer);
}

// False when `goes_on` ended it.
bool Soc::simulate(const std::function<bool()>& goes_on) {
  if (!goes_on) {
    sc_core::sc_start();
    return true;
  }
  const sc_core::sc_time slice = cycles_between_questions * period_;
  sc_core::sc_time next = slice;  // nothing is pending before the first start
  for (;;) {
    sc_core::sc_start(std::min(next, sc_core::sc_max_time() - sc_core::sc_time_stamp()),
                      sc_core::SC_EXIT_ON_STARVATION);
    const bool ended = exit_code_ || hart_->stop().reason != HartStopReason::running;
    if (!goes_on() && !ended) return false;
    if (ended || !sc_core::sc_pending_activity()) return true;
    next = std::max(slice, sc_core::sc_time_to_pending_activity());
  }
}

RunResult Soc::run(const std::function<bool()>& goes_on) {
  exit_code_.reset();
  const bool uninterrupted = reports_as_errors([&] { return simulate(goes_on); });
  if (!uninterrupted) return {RunEnd::interrupted, 0, fmt::format("interrupted at pc=0x{:08x}", hart_->pc())};
  if (exit_code_) return {RunEnd::exited, *exit_code_, {}};
  if (hart_->stop().reason != HartStopReason::running) return {RunEnd::stopped, 0, hart_->stop().message};
  return {RunEnd::starved, 0,
          fmt::format("nothing is left to simulate after cycle {}: {} at pc {:#x}", cycle(),
                      hart_->asleep() ? "the hart waits for an interrupt that cannot come" : "the hart is blocked",
                      hart_->pc())};
}

}  // namespace lutra::models
