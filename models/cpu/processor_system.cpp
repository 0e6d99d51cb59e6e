#include <algorithm>

#include "models/cpu/csr_numbers.h"
#include "models/cpu/decode.h"
#include "models/cpu/processor.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

// The registers of an environment call, a0 to a7. RISC-V calling convention.
constexpr std::size_t first_argument = 10;
constexpr std::size_t arguments = 8;

std::uint32_t combine(Opcode opcode, std::uint32_t old, std::uint32_t operand) {
  switch (opcode) {
    case Opcode::csrrs:
    case Opcode::csrrsi:
      return old | operand;
    case Opcode::csrrc:
    case Opcode::csrrci:
      return old & ~operand;
    default:
      return operand;
  }
}

bool is_signed_less(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a) < static_cast<std::int32_t>(b);
}

std::uint32_t operate(Opcode opcode, std::uint32_t old, std::uint32_t operand) {
  switch (opcode) {
    case Opcode::amoadd:
      return old + operand;
    case Opcode::amoxor:
      return old ^ operand;
    case Opcode::amoand:
      return old & operand;
    case Opcode::amoor:
      return old | operand;
    case Opcode::amomin:
      return is_signed_less(old, operand) ? old : operand;
    case Opcode::amomax:
      return is_signed_less(old, operand) ? operand : old;
    case Opcode::amominu:
      return std::min(old, operand);
    case Opcode::amomaxu:
      return std::max(old, operand);
    default:
      return operand;  // amoswap
  }
}

}  // namespace

Link* Processor::call_environment(const Op* op) {
  if (!csr_.has_trap_handler()) {
    pause(op);
    time_.synchronise();
    const auto answer = bus_.call_host(std::span(core_.x).subspan(first_argument, arguments));
    resume();
    if (answer) {
      core_.x[first_argument] = *answer;
      core_.pc = core_.block->end;
      return &core_.block->next;
    }
  }
  return trap(op, Cause::machine_environment_call, 0);
}

Link* Processor::access_csr(const Op* op) {
  const std::uint32_t number = op->immediate;
  const bool immediate = op->opcode >= Opcode::csrrwi;
  const std::uint32_t operand = immediate ? op->rs1 : core_.x[op->rs1];
  const bool writes = writes_csr(op->opcode, op->rs1);
  const CounterBase before{core_.cycles - timing_.csr_access(number, writes), retired() - 1};
  const CounterBase after{before.cycles + timing_.csr, retired()};
  const auto refuse = [&] {
    core_.cycles = after.cycles;  // nothing was written that would flush
    return trap(op, Cause::illegal_instruction, core_.info(op).bits);
  };

  if (number == csr_mip) {
    pause(op);
    time_.synchronise();
    resume();
  }
  const auto old = csr_.read(number, before, bus_.interrupt_lines());
  if (!old) return refuse();
  const std::uint32_t value = combine(op->opcode, *old, operand);
  if (writes && !csr_.write(number, value, before, after)) return refuse();
  if (writes && number == csr_dcache && (value & 1) && !clean_data_cache(op)) return nullptr;
  if (writes && (number == csr_mstatus || number == csr_mie)) core_.look_soon();
  core_.x[op->rd] = *old;
  core_.pc = core_.block->end;
  return &core_.block->next;
}

bool Processor::fail(const Op* op, Cause cause, std::uint32_t value) {
  trap(op, cause, value);
  return false;
}

bool Processor::clean_data_cache(const Op* op) {
  pause(op);
  const bool done = memory_.clean();
  resume();
  return done || fail(op, Cause::store_access_fault, memory_.fault_address());
}

bool Processor::load_reserved(const Op* op) {
  const std::uint32_t address = core_.x[op->rs1];
  if (address % word_bytes != 0) return fail(op, Cause::load_address_misaligned, address);
  pause(op);
  const auto word = memory_.load(address, word_bytes);
  resume();
  if (!word) return fail(op, Cause::load_access_fault, memory_.fault_address());
  reservation_ = Reservation{address, *word};
  core_.x[op->rd] = *word;
  return true;
}

bool Processor::store_conditional(const Op* op) {
  const std::uint32_t address = core_.x[op->rs1];
  if (address % word_bytes != 0) return fail(op, Cause::store_address_misaligned, address);
  const bool reserved =
      reservation_ && reservation_->address == address && memory_.peek_word(address) == reservation_->word;
  reservation_.reset();
  if (reserved) {
    pause(op);
    const bool stored = memory_.store(address, word_bytes, core_.x[op->rs2]);
    resume();
    if (!stored) return fail(op, Cause::store_access_fault, memory_.fault_address());
  }
  core_.x[op->rd] = reserved ? 0 : 1;
  return true;
}

bool Processor::atomic_operation(const Op* op) {
  const std::uint32_t address = core_.x[op->rs1];
  if (address % word_bytes != 0) return fail(op, Cause::store_address_misaligned, address);
  pause(op);
  const auto old = memory_.load(address, word_bytes);
  const bool done = old && memory_.store(address, word_bytes, operate(op->opcode, *old, core_.x[op->rs2]));
  resume();
  if (!done) return fail(op, Cause::store_access_fault, memory_.fault_address());
  core_.x[op->rd] = *old;
  return true;
}

}  // namespace lutra::models::cpu
