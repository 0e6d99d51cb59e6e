#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <systemc>
#include <vector>

#include "models/base/observer.h"
#include "models/base/soc_config.h"
#include "models/base/statistics.h"
#include "models/cpu/hart.h"
#include "models/devices/console.h"
#include "models/devices/exit_device.h"
#include "models/devices/host_link.h"
#include "models/devices/interrupt_controller.h"
#include "models/devices/timer.h"
#include "models/dram/dram.h"
#include "models/interconnect/interconnect.h"
#include "models/memory/memory.h"
#include "models/memory/storage.h"
#include "models/soc/elf.h"

namespace lutra::models {

enum class RunEnd {
  exited,       // software used the exit device, or stop() was called
  stopped,      // the hart stopped: HartStop says why
  starved,      // no event is left: whoever waits, waits for ever
  interrupted,  // `goes_on` said no
};

struct RunResult {
  RunEnd end = RunEnd::starved;
  int exit_code = 0;    // of `exited`
  std::string message;  // of the others: one sentence
};

// The SoC of memory_map.h. One per process (the SystemC kernel is global). To add an initiator or a target, before
// run():
//
//   soc.interconnect().attach_initiator("engine_load", engine.load);
//   soc.interconnect().attach_target("engine", LUTRA_ENGINE_BASE, LUTRA_ENGINE_SIZE, engine.registers);
//   engine.interrupt.bind(soc.interrupt_line(LUTRA_IRQ_ENGINE));
class Soc : public sc_core::sc_module {
 public:
  // Throws Error for a configuration that cannot be built. Console output also goes to `console`, where given.
  Soc(const sc_core::sc_module_name& name, const SocConfig& config, std::ostream* console = nullptr);

  sc_core::sc_time clock_period() const { return period_; }
  std::uint64_t cycle() const { return sc_core::sc_time_stamp().value() / period_.value(); }

  Statistics& statistics() { return statistics_; }
  Interconnect& interconnect() { return *interconnect_; }
  Hart& hart() { return *hart_; }
  HostLink& host() { return *host_; }
  const Console& console() const { return *console_; }
  sc_core::sc_signal<bool>& interrupt_line(std::uint32_t source) { return interrupts_->line(source); }

  // Puts the segments into memory and the hart at the entry. Throws Error where a segment lies outside the memories.
  void load(const ElfImage& image);

  // Without time, energy or counters. Throws Error unless the whole range lies in one memory, the TCM included.
  void write_memory(std::uint32_t address, std::span<const std::uint8_t> data);
  void read_memory(std::uint32_t address, std::span<std::uint8_t> data);
  std::span<const std::uint8_t> memory(std::uint32_t address, std::size_t bytes);  // as it is, then and later

  // Tells `observer` what hart, interconnect and DRAM do from now on. Null: nobody.
  void observe(Observer* observer);

  // Simulates until software exits, stop(), the hart stops for good, or nothing is left to happen. Throws Error when a
  // model does. `goes_on`, where given, is asked between two events every few hundred thousand cycles at the latest;
  // what is simulated does not depend on it.
  RunResult run(const std::function<bool()>& goes_on = {});

  // Ends run() at this instant, with an exit code.
  void stop(int exit_code);

 private:
  bool simulate(const std::function<bool()>& goes_on);
  void build_memories(const SocConfig& config);
  void build_devices(std::ostream* console);
  std::span<std::uint8_t> memory_at(std::uint32_t address, std::size_t bytes);

  Statistics statistics_;
  sc_core::sc_time period_;
  Storage tcm_;
  sc_core::sc_signal<bool> external_interrupt_;
  sc_core::sc_signal<bool> timer_interrupt_;
  sc_core::sc_signal<bool> software_interrupt_;
  std::unique_ptr<Hart> hart_;
  std::unique_ptr<Interconnect> interconnect_;
  struct MemoryRegion {
    std::uint32_t base;
    Storage* storage;
  };
  std::vector<MemoryRegion> memories_;  // TCM, SRAM, main memory
  std::unique_ptr<Memory> sram_;
  std::unique_ptr<Memory> main_sram_;
  std::unique_ptr<Dram> dram_;
  std::unique_ptr<ExitDevice> exit_;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<InterruptController> interrupts_;
  std::unique_ptr<Console> console_;
  std::unique_ptr<HostLink> host_;
  std::optional<int> exit_code_;
};

}  // namespace lutra::models
