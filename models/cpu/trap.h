#pragma once

#include <cstdint>
#include <string>

namespace lutra::models::cpu {

// Exception codes of mcause. RISC-V Privileged ISA 20211203, table 3.6.
enum class Cause : std::uint32_t {
  instruction_access_fault = 1,
  illegal_instruction = 2,
  breakpoint = 3,
  load_address_misaligned = 4,
  load_access_fault = 5,
  store_address_misaligned = 6,  // and AMO
  store_access_fault = 7,        // and AMO
  machine_environment_call = 11,
};

// Bits of mip and mie, and the codes of interrupts in mcause.
enum class Interrupt : std::uint32_t { software = 3, timer = 7, external = 11 };

constexpr std::uint32_t bit_of(Interrupt interrupt) { return 1u << static_cast<std::uint32_t>(interrupt); }

inline constexpr std::uint32_t all_interrupts =
    bit_of(Interrupt::software) | bit_of(Interrupt::timer) | bit_of(Interrupt::external);

// A trap as the hart took it.
struct TakenTrap {
  bool is_interrupt = false;
  std::uint32_t code = 0;     // of Cause or Interrupt
  std::uint32_t pc = 0;       // mepc
  std::uint32_t value = 0;    // mtval
  std::uint64_t retired = 0;  // instructions before it
};

// "timer interrupt"
const char* words_of(Interrupt interrupt);

// In words: "store access fault at pc=0x80000004, address 0x50000000".
std::string describe(const TakenTrap& trap);

}  // namespace lutra::models::cpu
