#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <systemc>

#include "models/base/observer.h"
#include "models/base/soc_config.h"
#include "models/base/statistics.h"
#include "models/cpu/bus.h"
#include "models/cpu/stop.h"

namespace lutra::models {

namespace cpu {
class Counters;
class Processor;
}  // namespace cpu

// An RV32IMAC machine-mode hart with a pipeline timing model, tag-only caches and a private tightly coupled memory.
// It runs ahead of SystemC time on TCM and cache hits only, by at most a quantum of instructions, and is synchronised
// whenever it uses the bus. See README.md for timing, CSRs, counters and interrupt latency.
class Hart final : public sc_core::sc_module, private cpu::Bus {
 public:
  tlm_utils::simple_initiator_socket<Hart> bus{"bus"};
  sc_core::sc_in<bool> external_interrupt{"external_interrupt"};
  sc_core::sc_in<bool> timer_interrupt{"timer_interrupt"};
  sc_core::sc_in<bool> software_interrupt{"software_interrupt"};

  // Throws Error on an unknown timing model, an impossible cache, a quantum or a clock period of zero. The hart
  // registers its counters in `statistics`, which must outlive it and take no snapshot after it.
  Hart(const sc_core::sc_module_name& name, const HartConfig& config, sc_core::sc_time clock_period,
       Statistics& statistics);
  ~Hart() override;

  // Before the simulation starts.
  void set_reset_vector(std::uint32_t pc);
  void attach_tcm(std::uint32_t base, std::span<std::uint8_t> memory);
  void set_max_instructions(std::uint64_t limit);

  // `stored` gets the word at `address` after every store of the hart that touches it (TCM, cached or not), at the time
  // of the store. One address; it must be a multiple of four.
  void watch_store(std::uint32_t address, std::function<void(std::uint32_t word)> stored);

  // `serve` gets a0..a7 at every ecall while mtvec is 0, so that nobody else could handle it, and says what a0 then is.
  // Where nothing is set, such a call is a trap like any other.
  void on_environment_call(std::function<std::uint32_t(std::span<const std::uint32_t>)> serve);

  // Called, in the hart's process, when it stops for good; sc_core::sc_stop() where nothing is set.
  void on_stop(std::function<void()> stopped);

  // Tells `observer` from now on, under "hart". Null: nobody.
  void observe(Observer* observer);

  const HartStop& stop() const;        // reason `running` as long as the hart runs
  bool asleep() const;                 // in wfi: a simulation that starves then can make no progress
  std::string last_trap() const;       // as a part of a sentence, while it has not returned from it; else empty
  std::uint64_t instructions() const;  // issued, those that trapped included
  std::uint32_t pc() const;
  std::uint32_t x(unsigned index) const;  // an integer register, 0..31

 private:
  std::uint64_t now() const override;
  void wait_until(std::uint64_t cycle) override;
  bool read(std::uint32_t address, std::span<std::uint8_t> data) override;
  bool write(std::uint32_t address, std::span<std::uint8_t> data) override;
  std::size_t peek(std::uint32_t address, std::span<std::uint8_t> data) override;
  std::optional<cpu::DirectMemory> direct_memory(std::uint32_t address) override;
  std::uint32_t interrupt_lines() const override;
  std::uint32_t interrupt_lines_before(std::uint64_t cycle) const override;
  std::uint64_t next_event() const override;
  void wait_for_interrupt(std::uint32_t lines) override;
  std::optional<std::uint32_t> call_host(std::span<const std::uint32_t> arguments) override;
  void changes_to(cpu::Activity activity, std::uint64_t cycle) override;
  void takes(cpu::Interrupt interrupt, std::uint64_t cycle) override;

  std::uint64_t cycle_at(const sc_core::sc_time& time) const;  // that `time` begins or lies before
  void run();
  void note_lines();
  bool transport(tlm::tlm_command command, std::uint32_t address, std::uint8_t* data, std::size_t bytes);
  void withdraw_direct_memory(sc_dt::uint64 first, sc_dt::uint64 last);

  const sc_core::sc_time clock_period_;
  std::unique_ptr<cpu::Processor> processor_;
  std::unique_ptr<cpu::Counters> counters_;
  std::function<void()> stopped_;
  std::function<std::uint32_t(std::span<const std::uint32_t>)> serve_call_;
  bool asleep_ = false;
  std::uint32_t lines_ = 0;                   // as last noted
  std::array<std::uint64_t, 32> risen_at_{};  // cycle, by bit of a line
  Observer* observer_ = nullptr;
};

}  // namespace lutra::models
