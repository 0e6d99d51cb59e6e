#include "models/cpu/processor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/cpu/execute.h"
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
    Link* const link = core_.cycles < core_.horizon ? first->run(core_, first) : run_to_horizon(*block);
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
  look_for_interrupts();
  core_.deadline = std::min(time_.synchronise_at(), limit_);
  return true;
}

// Until no line can have risen before the hart's time that has not been seen.
void Processor::look_for_interrupts() {
  core_.horizon = UINT64_MAX;
  while (csr_.can_be_interrupted()) {
    if (take_interrupt()) return;
    const std::uint64_t event = bus_.next_event();
    if (event >= core_.cycles) {
      core_.horizon = event == UINT64_MAX ? event : event + 1;
      return;
    }
    time_.synchronise();
  }
}

// An interrupt is seen by the instruction that ends behind the event, so the block is left in front of the first one
// that begins at or behind the horizon.
Link* Processor::run_to_horizon(Block& block) {
  core_.look_soon();
  const std::uint64_t end = core_.cycles;
  if (end - block.cycles >= core_.horizon) {
    --block.executions;
    core_.cycles -= block.cycles;
    core_.issued -= block.count;
    core_.pc = block.pc;
    return nullptr;
  }
  Op* const first = block.ops.data();
  std::size_t executed = 1;
  while (executed < block.infos.size() && end - block.infos[executed - 1].cycles_after < core_.horizon) ++executed;
  if (executed == block.infos.size()) return first->run(core_, first);
  const Handler handler = std::exchange(first[executed].run, cpu::leave_block);
  Link* const link = first->run(core_, first);
  first[executed].run = handler;
  return link;
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

bool Processor::take_interrupt() {
  const auto interrupt = csr_.pending(bus_.interrupt_lines_before(time_.now()));
  if (!interrupt) return false;
  bus_.takes(*interrupt, time_.now());
  handled_ = TakenTrap{true, static_cast<std::uint32_t>(*interrupt), core_.pc, 0, retired()};
  core_.pc = csr_.enter_interrupt(*interrupt, core_.pc);
  core_.cycles += timing_.interrupt_entry;
  reservation_.reset();
  ++interrupts_;
  return true;
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

void Processor::skip(const OpInfo* first) {
  const std::vector<OpInfo>& infos = core_.block->infos;
  for (const OpInfo* each = first; each != infos.data() + infos.size(); ++each) {
    ++skipped_[static_cast<std::size_t>(each->instruction_class)];
    --core_.issued;
  }
  core_.cycles -= (first - 1)->cycles_after;
}

bool Processor::may_go_on() const {
  if (!csr_.can_be_interrupted()) return true;
  return !csr_.pending(bus_.interrupt_lines()) && bus_.next_event() >= core_.cycles;
}

void Processor::leave_block(const Op* op) {
  const OpInfo& info = core_.info(op);
  skip(&info);
  core_.pc = info.pc;
}

Link* Processor::trap(const Op* op, Cause cause, std::uint32_t value) {
  const OpInfo& info = core_.info(op);
  skip(&info + 1);
  ++not_retired_;
  enter_exception(cause, info.pc, value);
  return nullptr;
}

void Processor::return_from_trap() {
  core_.pc = csr_.leave_trap();
  core_.cycles += blocks_.jumped_to_cycles(core_.pc);
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
  core_.cycles += csr_.pending(bus_.interrupt_lines()) ? timing_.wake_to_interrupt : timing_.wake;
  resume();
  core_.look_soon();
}

}  // namespace lutra::models::cpu
