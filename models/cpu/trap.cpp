#include "models/cpu/trap.h"

#include <fmt/format.h>

namespace lutra::models::cpu {

namespace {

const char* words_of(Cause cause) {
  switch (cause) {
    case Cause::instruction_access_fault:
      return "instruction access fault";
    case Cause::illegal_instruction:
      return "illegal instruction";
    case Cause::breakpoint:
      return "breakpoint (ebreak)";
    case Cause::load_address_misaligned:
      return "misaligned load-reserved";
    case Cause::load_access_fault:
      return "load access fault";
    case Cause::store_address_misaligned:
      return "misaligned atomic";
    case Cause::store_access_fault:
      return "store access fault";
    case Cause::machine_environment_call:
      return "environment call (ecall)";
  }
  return "exception";
}

}  // namespace

const char* words_of(Interrupt interrupt) {
  switch (interrupt) {
    case Interrupt::software:
      return "software interrupt";
    case Interrupt::timer:
      return "timer interrupt";
    case Interrupt::external:
      return "external interrupt";
  }
  return "interrupt";
}

std::string describe(const TakenTrap& trap) {
  if (trap.is_interrupt) return fmt::format("{} at pc=0x{:08x}", words_of(static_cast<Interrupt>(trap.code)), trap.pc);
  const auto cause = static_cast<Cause>(trap.code);
  std::string text = fmt::format("{} at pc=0x{:08x}", words_of(cause), trap.pc);
  switch (cause) {
    case Cause::breakpoint:
    case Cause::machine_environment_call:
      return text;
    case Cause::illegal_instruction:
      return fmt::format("{}, its bits 0x{:08x}", text, trap.value);
    default:
      return fmt::format("{}, address 0x{:08x}", text, trap.value);
  }
}

}  // namespace lutra::models::cpu
