#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "models/base/soc_config.h"
#include "models/cpu/block_cache.h"
#include "models/cpu/bus.h"
#include "models/cpu/core.h"
#include "models/cpu/csr.h"
#include "models/cpu/data_memory.h"
#include "models/cpu/direct_regions.h"
#include "models/cpu/instruction_memory.h"
#include "models/cpu/local_time.h"
#include "models/cpu/stop.h"
#include "models/cpu/timing.h"

namespace lutra::models::cpu {

// The hart without SystemC: it executes, keeps its own time and asks a Bus for everything else.
class Processor {
 public:
  // Throws Error on an unknown timing model, an impossible cache or a quantum of none.
  Processor(const HartConfig& config, Bus& bus);
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;

  void set_reset_vector(std::uint32_t pc) { core_.pc = pc & ~1u; }
  void set_max_instructions(std::uint64_t limit) { limit_ = limit; }

  // Until the hart stops for good.
  void run();

  // The bus takes back direct memory in first..last; may be called while run() waits.
  void withdraw_direct_memory(std::uint32_t first, std::uint32_t last);

  const HartStop& stop() const { return stop_; }
  std::string last_trap() const;  // "; the last trap was ...", until the handler returns; then empty
  std::uint32_t pc() const { return core_.paused ? core_.info(core_.paused).pc : core_.pc; }
  const Core& core() const { return core_; }
  Core& core() { return core_; }
  DataMemory& memory() { return memory_; }
  const InstructionMemory& instructions() const { return fetch_; }
  BlockCache& blocks() { return blocks_; }
  const LocalTime& time() const { return time_; }
  std::uint64_t exceptions() const { return exceptions_; }
  std::uint64_t interrupts() const { return interrupts_; }
  // Of what the block totals hold, what a trap kept from being executed.
  std::uint64_t skipped(std::size_t instruction_class) const { return skipped_[instruction_class]; }

  // What handlers ask for.

  // Around everything that may take time in the middle of a block.
  void pause(const Op* op);
  void resume();

  // Behind it: false where an interrupt is due before the block would end.
  bool may_go_on() const;
  // In front of `op`, without executing it.
  void leave_block(const Op* op);

  Link* trap(const Op* op, Cause cause, std::uint32_t value);
  Link* call_environment(const Op* op);
  Link* access_csr(const Op* op);
  void return_from_trap();
  void wait_for_interrupt(const Op* op);
  void forget_instructions();
  void note_endless_loop(std::uint32_t pc);

  // False: the operation trapped.
  bool load_reserved(const Op* op);
  bool store_conditional(const Op* op);
  bool atomic_operation(const Op* op);

 private:
  struct Reservation {
    std::uint32_t address = 0;
    std::uint32_t word = 0;  // as loaded: a word that has changed was written to
  };

  bool serve_requests();  // between two blocks; false: stopped
  Link* run_to_horizon(Block& block);
  void skip(const OpInfo* first);  // of the block that is entered, what will not be executed
  void look_for_interrupts();
  bool take_interrupt();
  void enter_exception(Cause cause, std::uint32_t pc, std::uint32_t value);
  void halt_at_handler(const TakenTrap& trap);
  void halt(HartStopReason reason, std::uint32_t pc, std::string message);
  std::uint64_t retired() const { return core_.issued - not_retired_; }
  bool clean_data_cache(const Op* op);
  bool fail(const Op* op, Cause cause, std::uint32_t value);  // traps and returns false

  const PipelineTiming timing_;
  Bus& bus_;
  Core core_;
  LocalTime time_;
  DirectRegions regions_;
  DataMemory memory_;
  InstructionMemory fetch_;
  BlockCache blocks_;
  CsrFile csr_;
  std::optional<Reservation> reservation_;
  HartStop stop_;
  std::optional<TakenTrap> handled_;  // the last trap, until its handler returns
  std::uint64_t limit_ = UINT64_MAX;
  bool flush_blocks_ = false;
  std::uint64_t not_retired_ = 0;
  std::uint64_t exceptions_ = 0;
  std::uint64_t interrupts_ = 0;
  std::array<std::uint64_t, instruction_classes> skipped_{};
};

}  // namespace lutra::models::cpu
