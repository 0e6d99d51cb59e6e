#pragma once

#include <cstdint>
#include <vector>

#include "tests/models/cpu/assembler.h"

// Programs and the cycles they take on lowRISC Ibex, RTL of commit 8b8ee086aef72e0833b7f0493d9d33f1e4d3c8e2, simulated
// with Verilator: ibex_core with RV32MFast, RV32ZC = Zca, no writeback stage, no branch target ALU, no instruction
// cache; memories that grant at once and answer in the next cycle.
namespace lutra::test {

namespace compressed {
inline constexpr std::uint16_t nop = 0x0001;
inline constexpr std::uint16_t jump_over_4 = 0xA019;    // c.j 6
inline constexpr std::uint16_t branch_over_4 = 0xC219;  // c.beqz a2, 6
inline constexpr std::uint16_t branch_over_2 = 0xC211;  // c.beqz a2, 4
}  // namespace compressed

struct RtlCase {
  const char* name;
  Program body;  // begins at address % 4 == 0 with a0 = a1 = a2 = 0, s0 = data + 8, and s1 = -7
  std::uint32_t cycles;
};

// From a read of mcycle in front of `body` to one behind it. The first read, at address % 4 == 0, is followed by the
// body at once.
inline std::vector<RtlCase> rtl_cases() {
  using namespace rv;
  using compressed::branch_over_2;
  using compressed::branch_over_4;
  using compressed::jump_over_4;
  const auto c = compressed::nop;
  return {
      {"nothing", {}, 1},
      {"add", {add(a0, a0, a1)}, 2},
      {"mul", {mul(a0, s1, s1)}, 4},
      {"mulh", {mulh(a0, s1, s1)}, 5},
      {"div", {div(a0, s0, s1)}, 38},
      {"div by zero", {div(a0, s0, zero)}, 3},
      {"lw", {lw(a0, 0, s0)}, 3},
      {"lw at offset 1", {lw(a0, 1, s0)}, 4},
      {"lw at offset 2", {lw(a0, 2, s0)}, 4},
      {"lh at offset 1", {lh(a0, 1, s0)}, 3},
      {"lhu at offset 1", {lhu(a0, 1, s0)}, 3},
      {"lh at offset 3", {lh(a0, 3, s0)}, 4},
      {"sw", {sw(a0, 0, s0)}, 3},
      {"sw at offset 3", {sw(a0, 3, s0)}, 4},
      {"sh at offset 1", {sh(a0, 1, s0)}, 3},
      {"sh at offset 3", {sh(a0, 3, s0)}, 4},
      {"branch not taken", {bne(zero, zero, 8)}, 2},
      {"branch taken", {beq(zero, zero, 8), nop}, 4},
      {"jal", {jal(zero, 8), nop}, 3},
      {"jalr", {auipc(a3, 0), jalr(zero, a3, 12), nop}, 4},
      {"c.nop twice", Program() << c << c, 3},
      {"32 bits in two words", Program() << c << add(a0, a0, a1) << c, 4},
      {"branch taken to 32 bits in two words", Program() << branch_over_4 << nop << add(a0, a0, a1) << c, 7},
      {"branch not taken before 32 bits in two words", Program() << bne(zero, zero, 6) << c << nop << c, 5},
      {"branch taken to 16 bits at offset 2", Program() << branch_over_4 << nop << c, 5},
      {"branch taken to 32 bits in one word", Program() << branch_over_2 << c << nop, 5},
      {"c.j to 32 bits in two words", Program() << jump_over_4 << nop << add(a0, a0, a1) << c, 6},
      {"c.j to 16 bits at offset 2", Program() << jump_over_4 << nop << c, 4},
      {"jal to 32 bits in two words", Program() << jal(zero, 6) << c << nop << c, 6},
      {"jalr to 32 bits in two words", Program() << auipc(a3, 0) << jalr(zero, a3, 10) << c << nop << c, 7},
      {"csrr mscratch", {csrr(a0, mscratch)}, 2},
      {"csrw mscratch", {csrw(mscratch, a0)}, 2},
      {"csrw mepc", {csrw(mepc, a0)}, 2},
      {"csrw mie", {csrw(mie, zero)}, 4},
      {"csrw mtval", {csrw(mtval, zero)}, 4},
      {"csrw mcause", {csrw(mcause, zero)}, 4},
      {"csrsi mstatus", {csrrsi(zero, mstatus, 8)}, 4},
      {"csrci mstatus of nothing", {csrrci(zero, mstatus, 0)}, 2},
      {"csrr mstatus", {csrr(a0, mstatus)}, 2},
      {"csrw mie before 32 bits in two words", Program() << c << csrw(mie, zero) << nop << c, 7},
      {"mret", {auipc(a3, 0), addi(a3, a3, 16), csrw(mepc, a3), mret, nop}, 8},
      {"mret to 32 bits in two words",
       Program() << auipc(a3, 0) << addi(a3, a3, 18) << csrw(mepc, a3) << mret << c << nop << c, 10},
      {"fence", {fence}, 2},
      {"fence.i", {fence_i}, 3},
      {"fence.i before 32 bits in two words", Program() << c << fence_i << nop << c, 7},
  };
}

// Interrupts: csrr s2, mcycle; a store of two cycles; `body`, which begins at address % 4 == 0. The line rises in the
// cycle `first` + i behind the one in which the store begins, the handler's first instruction begins `handled[i]`
// cycles behind the csrr.
struct RtlInterrupt {
  const char* name;
  Program body;
  std::uint32_t first;
  std::vector<std::uint32_t> handled;
  std::uint32_t later;  // at most, in the model
};

inline std::vector<RtlInterrupt> rtl_interrupts() {
  using namespace rv;
  return {
      {"nop", {nop, jal(zero, -4)}, 8, {13, 15, 15, 16, 18, 18, 19, 21, 21, 22, 24, 24}, 0},
      {"load", {lw(a0, 0, s0), jal(zero, -4)}, 8, {14, 14, 16, 16, 18, 18, 20, 20, 22, 22, 24, 24}, 0},
      {"division", {div(a0, a1, s0), jal(zero, -4)}, 40, {45, 82, 82, 82}, 0},
      {"the end of a division", {div(a0, a1, s0), jal(zero, -4)}, 76, {82, 82, 84, 84, 121}, 0},
      {"taken branch", {nop, nop, beq(zero, zero, -8)}, 8, {13, 15, 15, 15, 17, 18, 20, 20, 20, 22, 23, 25}, 1},
      {"wfi", {wfi, nop, nop}, 0, {6, 6, 10, 10, 10, 10, 11, 12, 13, 14}, 0},
  };
}

}  // namespace lutra::test
