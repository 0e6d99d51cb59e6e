#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using Branch = std::uint32_t (*)(Register, Register, int);

bool taken(Branch branch, std::uint32_t a, std::uint32_t b) {
  return result_of(rv::li(a1, a) << rv::li(a2, b) << rv::addi(a0, zero, 1) << branch(a1, a2, 8)
                                 << rv::addi(a0, zero, 0)) == 1;
}

TEST(Control, BranchesCompare) {
  constexpr std::uint32_t minus_1 = 0xFFFFFFFFu;
  EXPECT_TRUE(taken(rv::beq, 5, 5));
  EXPECT_FALSE(taken(rv::beq, 5, 6));
  EXPECT_TRUE(taken(rv::bne, 5, 6));
  EXPECT_FALSE(taken(rv::bne, 5, 5));
  EXPECT_TRUE(taken(rv::blt, minus_1, 0));
  EXPECT_FALSE(taken(rv::blt, 0, minus_1));
  EXPECT_FALSE(taken(rv::blt, 3, 3));
  EXPECT_TRUE(taken(rv::bge, 3, 3));
  EXPECT_TRUE(taken(rv::bge, 0, minus_1));
  EXPECT_FALSE(taken(rv::bge, minus_1, 0));
  EXPECT_TRUE(taken(rv::bltu, 0, minus_1));
  EXPECT_FALSE(taken(rv::bltu, minus_1, 0));
  EXPECT_TRUE(taken(rv::bgeu, minus_1, 0));
  EXPECT_FALSE(taken(rv::bgeu, 0, minus_1));
}

TEST(Control, BackwardBranchesLoop) {
  EXPECT_EQ(result_of({rv::addi(a1, zero, 10), rv::addi(a0, a0, 3), rv::addi(a1, a1, -1), rv::bne(a1, zero, -8)}), 30u);
}

TEST(Control, BranchesAndJumpsReachFar) {
  Program program;
  program << rv::beq(zero, zero, 4092) << rv::halt();
  program.repeat(1021, rv::nop);
  program << rv::jal(ra, 4096);  // at 4092
  program.repeat(1023, rv::nop);
  program << rv::addi(a0, zero, 7) << rv::jal(zero, -8188);  // at 8188 and 8192
  Machine machine;
  machine.run(program);
  EXPECT_EQ(machine.processor.stop().pc, Machine::tcm_base + 4);
  EXPECT_EQ(machine.x(a0), 7u);
  EXPECT_EQ(machine.x(ra), Machine::tcm_base + 4096);
}

TEST(Control, JumpsLink) {
  Machine machine;
  machine.run({rv::jal(ra, 8), rv::halt(), rv::addi(a0, ra, 0), rv::jalr(a1, ra, 0)});
  EXPECT_EQ(machine.x(a0), Machine::tcm_base + 4);
  EXPECT_EQ(machine.x(a1), Machine::tcm_base + 16);
  EXPECT_EQ(machine.processor.stop().pc, Machine::tcm_base + 4);
}

TEST(Control, JumpRegisterClearsTheLowestBitAndMayLinkItsOwnBase) {
  Machine machine;
  machine.run(rv::li(a0, Machine::tcm_base + 100) << rv::jalr(a0, a0, -83) << rv::halt() << rv::halt());
  EXPECT_EQ(machine.processor.stop().pc, Machine::tcm_base + 16) << "100 - 83 = 17, less its lowest bit";
  EXPECT_EQ(machine.x(a0), Machine::tcm_base + 12);
}

TEST(Control, AnIndirectJumpFollowsItsRegisterEachTime) {
  // A subroutine that adds 1, called from two places in a loop.
  Program program;
  program << rv::addi(a1, zero, 5);                         // 0
  program << rv::jal(ra, 24) << rv::addi(a2, a2, 10);       // 4, 8
  program << rv::jal(ra, 16) << rv::addi(a1, a1, -1);       // 12, 16
  program << rv::bne(a1, zero, -16) << rv::halt();          // 20, 24
  program << rv::addi(a0, a0, 1) << rv::jalr(zero, ra, 0);  // 28, 32
  Machine machine;
  machine.run(program);
  EXPECT_EQ(machine.x(a0), 10u);
  EXPECT_EQ(machine.x(a2), 50u);
}

TEST(Control, ABlockLongerThanTheLimitRunsThrough) {
  Program program;
  program.repeat(1000, rv::addi(a0, a0, 1));
  EXPECT_EQ(result_of(program), 1000u);
}

TEST(Control, AJumpToItselfWithInterruptsDisabledStops) {
  Machine machine;
  machine.run({rv::nop, rv::halt()});
  EXPECT_EQ(machine.processor.stop().reason, models::HartStopReason::halted);
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: pc=0x20000004 jumps to itself with interrupts disabled");
}

TEST(Control, TheInstructionLimitStopsALoop) {
  Machine machine;
  machine.processor.set_max_instructions(5000);
  machine.run({rv::nop, rv::jal(zero, -4)});
  EXPECT_EQ(machine.processor.stop().reason, models::HartStopReason::instruction_limit);
  EXPECT_GE(machine.processor.core().issued, 5000u);
  EXPECT_LT(machine.processor.core().issued, 5064u) << "at most one block more";
  EXPECT_NE(machine.processor.stop().message.find("5000"), std::string::npos);
}

TEST(Control, ChangedCodeShowsAfterFenceI) {
  // Twice through a loop whose first instruction is overwritten in between.
  for (const std::uint32_t base : {Machine::tcm_base, Machine::direct_base, Machine::device_base}) {
    Machine machine;
    Program program = rv::li(s0, base + 20) << rv::li(a1, rv::addi(a0, a0, 16)) << rv::addi(a2, zero, 2);
    program << rv::addi(a0, a0, 1);  // at 20
    program << rv::sw(a1, 0, s0) << rv::fence_i << rv::addi(a2, a2, -1) << rv::bne(a2, zero, -16) << rv::halt();
    machine.run(program, base);
    EXPECT_EQ(machine.x(a0), 17u) << std::hex << base;
  }
}

TEST(Control, CodeMayOverwriteItselfWithoutHarm) {
  // The store hits the block being executed; what was decoded goes on, and fence.i brings the new code.
  Machine machine;
  Program program = rv::li(s0, Machine::tcm_base) << rv::li(a1, rv::addi(a0, a0, 16));
  program << rv::sw(a1, 20, s0) << rv::fence_i << rv::addi(a0, a0, 1) << rv::halt();
  machine.run(program);
  EXPECT_EQ(machine.x(a0), 0u + 1u) << "offset 20 is the fence.i itself";
  Machine second;
  Program other = rv::li(s0, Machine::tcm_base) << rv::li(a1, rv::addi(a0, a0, 16));
  other << rv::sw(a1, 24, s0) << rv::fence_i << rv::addi(a0, a0, 1) << rv::halt();
  EXPECT_EQ(second.run(other).x(a0), 16u);
}

}  // namespace
}  // namespace lutra::test
