#include "models/cpu/processor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "software/common/error.h"

namespace lutra::models::cpu {

namespace {

std::uint32_t checked_quantum(const HartConfig& config) {
  if (config.quantum_instructions == 0)
    throw Error("hart quantum_instructions is 0; it must be at least 1 (1000 is a good choice)");
  return config.quantum_instructions;
}

}  // namespace

Processor::Processor(const HartConfig& config, Bus& bus)
    : timing_(load_timing(config.timing)),
      bus_(bus),
      time_(core_, bus, checked_quantum(config)),
      regions_(bus),
      memory_(core_, time_, bus, regions_, config.data_cache, timing_),
      fetch_(core_, time_, bus, regions_, config.instruction_cache),
      blocks_(fetch_, timing_) {
  core_.processor = this;
  core_.branch_taken_cycles = std::uint64_t{timing_.branch_taken} - timing_.branch_not_taken;
  core_.divide_by_zero_cycles = std::uint64_t{timing_.divide_by_zero} - timing_.divide;
}

void Processor::run() {
  Block* block = nullptr;
  for (;;) {
    if (core_.issued >= core_.deadline) [[unlikely]] {
      if (!serve_requests()) return;
      block = &blocks_.find(core_.pc);
    }
    if (!fetch_.fetch(*block)) [[unlikely]] {  // NOLINT(*NonNullParamChecker): the first look is due at once
      enter_exception(Cause::instruction_access_fault, block->pc, fetch_.fault_address());
      ++core_.issued;
      ++not_retired_;
      block = &blocks_.find(core_.pc);
      continue;
    }
    core_.block = block;
    ++block->executions;
    core_.cycles += block->cycles;
    core_.issued += block->count;
    const Op* const first = block->ops.data();
    Link* const link = first->run(core_, first);
    if (link && *link) [[likely]] {
      block = *link;
    } else {
      block = &blocks_.find(core_.pc);
      if (link) *link = block;
    }
  }
}

bool Processor::serve_requests() {
  if (stop_.reason == HartStopReason::running && core_.issued >= limit_)
    halt(HartStopReason::instruction_limit, core_.pc,
         fmt::format("the limit of {} instructions is reached at pc=0x{:08x}{}", limit_, core_.pc, last_trap()));
  if (stop_.reason != HartStopReason::running || core_.issued >= time_.synchronise_at()) time_.synchronise();
  if (stop_.reason != HartStopReason::running) return false;
  if (flush_blocks_ || blocks_.is_crowded()) {
    blocks_.flush();
    core_.block = nullptr;
    flush_blocks_ = false;
  }
  take_interrupt();
  core_.deadline = std::min(time_.synchronise_at(), limit_);
  return true;
}

void Processor::halt(HartStopReason reason, std::uint32_t pc, std::string message) {
  stop_ = {reason, pc, std::move(message)};
  core_.look_soon();
}

void Processor::pause(const Op* op) {
  core_.paused = op;
  core_.pending = core_.info(op).cycles_after;
}

void Processor::resume() {
  core_.paused = nullptr;
  core_.pending = 0;
}

void Processor::take_interrupt() {
  const auto interrupt = csr_.pending(bus_.interrupt_lines());
  if (!interrupt) return;
  bus_.takes(*interrupt, time_.now());
  handled_ = TakenTrap{true, static_cast<std::uint32_t>(*interrupt), core_.pc, 0, retired()};
  core_.pc = csr_.enter_interrupt(*interrupt, core_.pc);
  core_.cycles += timing_.trap_entry;
  reservation_.reset();
  ++interrupts_;
}

void Processor::enter_exception(Cause cause, std::uint32_t pc, std::uint32_t value) {
  const TakenTrap trap{false, static_cast<std::uint32_t>(cause), pc, value, retired()};
  core_.pc = csr_.enter_exception(cause, pc, value);
  core_.cycles += timing_.trap_entry;
  reservation_.reset();
  ++exceptions_;
  if (core_.pc == pc) halt_at_handler(trap);
  handled_ = trap;
}

// What the handler was entered for comes first, where no instruction was executed in between.
void Processor::halt_at_handler(const TakenTrap& trap) {
  const bool was_entered = handled_ && handled_->retired == trap.retired;
  const TakenTrap& first = was_entered ? *handled_ : trap;
  std::string handler = fmt::format("it is the first instruction of the trap handler at 0x{:08x}", trap.pc);
  if (!csr_.has_trap_handler())
    handler = "no trap handler is set (mtvec is 0)";
  else if (was_entered)
    handler = fmt::format("its trap handler begins with another: {}", describe(trap));
  halt(HartStopReason::halted, first.pc,
       fmt::format("the hart can make no progress: {}; {}", describe(first), handler));
}

std::string Processor::last_trap() const { return handled_ ? "; the last trap was: " + describe(*handled_) : ""; }

Link* Processor::trap(const Op* op, Cause cause, std::uint32_t value) {
  const Block& block = *core_.block;
  const OpInfo& info = core_.info(op);
  for (const OpInfo* after = &info + 1; after != block.infos.data() + block.infos.size(); ++after) {
    ++skipped_[static_cast<std::size_t>(after->instruction_class)];
    --core_.issued;
  }
  core_.cycles -= info.cycles_after;
  ++not_retired_;
  enter_exception(cause, info.pc, value);
  return nullptr;
}

void Processor::return_from_trap() {
  core_.pc = csr_.leave_trap();
  handled_.reset();
  core_.look_soon();
}

void Processor::forget_instructions() {
  fetch_.forget_all();
  flush_blocks_ = true;
  core_.look_soon();
}

void Processor::withdraw_direct_memory(std::uint32_t first, std::uint32_t last) {
  regions_.drop(first, last);
  memory_.forget(first, last);
  fetch_.forget(first, last);
  flush_blocks_ = true;
  core_.look_soon();
}

void Processor::note_endless_loop(std::uint32_t pc) {
  if (csr_.can_be_interrupted()) return;
  halt(HartStopReason::halted, pc,
       fmt::format("the hart can make no progress: pc=0x{:08x} jumps to itself with interrupts disabled{}", pc,
                   last_trap()));
}

void Processor::wait_for_interrupt(const Op* op) {
  const std::uint32_t enabled = csr_.enabled_interrupts();
  const std::uint32_t pc = core_.info(op).pc;
  pause(op);
  {
    const Stall stall(time_, Activity::wait_for_interrupt);
    if (enabled == 0)
      halt(HartStopReason::halted, pc,
           fmt::format("the hart can make no progress: pc=0x{:08x} waits for an interrupt and mie enables none{}", pc,
                       last_trap()));
    else
      bus_.wait_for_interrupt(enabled);
  }
  resume();
  core_.look_soon();
}

}  // namespace lutra::models::cpu
