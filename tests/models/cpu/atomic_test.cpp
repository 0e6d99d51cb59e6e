#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using Atomic = std::uint32_t (*)(Register, Register, Register);

constexpr std::uint32_t data = 0x4000;

const std::vector<std::uint32_t> bases = {Machine::tcm_base, Machine::direct_base, Machine::device_base};

// The word after `operation` with `operand` on `old`; checks that the old word is returned.
std::uint32_t apply(Atomic operation, std::uint32_t old, std::uint32_t operand) {
  std::vector<std::uint32_t> results;
  for (const std::uint32_t base : bases) {
    Machine machine;
    machine.set_word(base + data, old);
    machine.run(rv::li(s0, base + data) << rv::li(a1, operand) << operation(a0, a1, s0) << rv::halt());
    EXPECT_EQ(machine.x(a0), old);
    results.push_back(machine.word(base + data));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
  return results[0];
}

TEST(Atomic, EveryOperationGivesItsResult) {
  constexpr std::uint32_t minus_1 = 0xFFFFFFFFu;
  EXPECT_EQ(apply(rv::amoswap, 5, 9), 9u);
  EXPECT_EQ(apply(rv::amoadd, minus_1, 2), 1u);
  EXPECT_EQ(apply(rv::amoxor, 0xFF00, 0x0FF0), 0xF0F0u);
  EXPECT_EQ(apply(rv::amoand, 0xFF00, 0x0FF0), 0x0F00u);
  EXPECT_EQ(apply(rv::amoor, 0xFF00, 0x0FF0), 0xFFF0u);
  EXPECT_EQ(apply(rv::amomin, minus_1, 1), minus_1);
  EXPECT_EQ(apply(rv::amomin, 1, minus_1), minus_1);
  EXPECT_EQ(apply(rv::amomax, minus_1, 1), 1u);
  EXPECT_EQ(apply(rv::amomax, 7, 3), 7u);
  EXPECT_EQ(apply(rv::amominu, minus_1, 1), 1u);
  EXPECT_EQ(apply(rv::amominu, 1, minus_1), 1u);
  EXPECT_EQ(apply(rv::amomaxu, minus_1, 1), minus_1);
  EXPECT_EQ(apply(rv::amomaxu, 1, minus_1), minus_1);
}

TEST(Atomic, TheDestinationMayBeTheAddressOrTheOperand) {
  Machine machine;
  const std::uint32_t place = Machine::tcm_base + data;
  machine.set_word(place, 30);
  machine.run(rv::li(s0, place) << rv::addi(a1, zero, 4) << rv::amoadd(a1, a1, s0) << rv::amoadd(s0, a1, s0)
                                << rv::halt());
  EXPECT_EQ(machine.x(a1), 30u);
  EXPECT_EQ(machine.x(s0), 34u);
  EXPECT_EQ(machine.word(place), 64u);
}

struct Conditional {
  std::uint32_t failed;  // what sc returned
  std::uint32_t word;    // afterwards
};

// sc of 99 after `before`, which finds s0 at a word that holds 1.
Conditional store_conditional_after(const Program& before, std::uint32_t base = Machine::tcm_base) {
  Machine machine;
  machine.set_word(base + data, 1);
  machine.run(rv::li(s0, base + data) << rv::addi(a1, zero, 99) << before << rv::sc(a0, a1, s0) << rv::halt());
  return {machine.x(a0), machine.word(base + data)};
}

TEST(Atomic, AStoreConditionalSucceedsAfterALoadReserved) {
  for (const std::uint32_t base : bases) {
    const auto [failed, word] = store_conditional_after({rv::lr(a2, s0)}, base);
    EXPECT_EQ(failed, 0u);
    EXPECT_EQ(word, 99u);
  }
}

TEST(Atomic, AStoreConditionalFailsWithoutItsReservation) {
  const std::vector<Program> befores = {
      {},
      {rv::lr(a2, s0), rv::sc(a3, a2, s0)},                                       // used up
      {rv::addi(s1, s0, 4), rv::lr(a2, s1)},                                      // of another word
      {rv::lr(a2, s0), rv::addi(s1, s0, 4), rv::sc(a3, a2, s1), rv::lr(a2, s1)},  // given up for another
  };
  for (const Program& before : befores) {
    const auto [failed, word] = store_conditional_after(before);
    EXPECT_EQ(failed, 1u);
    EXPECT_EQ(word, 1u);
  }
}

TEST(Atomic, AStoreConditionalFailsWhenTheWordHasChanged) {
  const auto [failed, word] = store_conditional_after({rv::lr(a2, s0), rv::addi(a3, zero, 5), rv::sw(a3, 0, s0)});
  EXPECT_EQ(failed, 1u);
  EXPECT_EQ(word, 5u);
}

TEST(Atomic, ATrapTakesTheReservation) {
  Machine machine;
  machine.set_word(Machine::tcm_base + data, 1);
  machine.place(Machine::tcm_base + 0x100,
                {rv::csrr(t0, rv::mepc), rv::addi(t0, t0, 4), rv::csrw(rv::mepc, t0), rv::mret});
  machine.run(rv::li(t0, Machine::tcm_base + 0x100) << rv::csrw(rv::mtvec, t0) << rv::li(s0, Machine::tcm_base + data)
                                                    << rv::lr(a2, s0) << rv::ecall << rv::sc(a0, a2, s0) << rv::halt());
  EXPECT_EQ(machine.x(a0), 1u);
}

TEST(Atomic, MisalignedAddressesTrap) {
  struct Case {
    std::uint32_t instruction, cause;
  };
  for (const Case& c : {Case{rv::lr(a3, s0), 4}, Case{rv::sc(a3, a3, s0), 6}, Case{rv::amoadd(a3, a3, s0), 6}}) {
    Machine machine;
    machine.place(Machine::tcm_base + 0x100,
                  {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::csrr(a2, rv::mtval), rv::halt()});
    machine.run(rv::li(t0, Machine::tcm_base + 0x100)
                << rv::csrw(rv::mtvec, t0) << rv::li(s0, Machine::tcm_base + data + 2) << c.instruction);
    EXPECT_EQ(machine.x(a0), c.cause);
    EXPECT_EQ(machine.x(a1), Machine::tcm_base + 20);
    EXPECT_EQ(machine.x(a2), Machine::tcm_base + data + 2);
  }
}

TEST(Atomic, AccessFaultsAreThoseOfLoadsForLrAndOfStoresElsewhere) {
  struct Case {
    std::uint32_t base, instruction, cause;
  };
  for (const Case& c : {Case{Machine::hole, rv::lr(a3, s0), 5}, Case{Machine::hole, rv::amoadd(a3, a3, s0), 7},
                        Case{FakeBus::read_only_base, rv::amoadd(a3, a3, s0), 7}}) {
    Machine machine;
    machine.place(Machine::tcm_base + 0x100, {rv::csrr(a0, rv::mcause), rv::csrr(a2, rv::mtval), rv::halt()});
    machine.run(rv::li(t0, Machine::tcm_base + 0x100)
                << rv::csrw(rv::mtvec, t0) << rv::li(s0, c.base) << c.instruction);
    EXPECT_EQ(machine.x(a0), c.cause);
    EXPECT_EQ(machine.x(a2), c.base);
  }
}

TEST(Atomic, AFailedStoreOfAReservedReadOnlyWordIsAStoreFault) {
  Machine machine;
  machine.place(Machine::tcm_base + 0x100, {rv::csrr(a0, rv::mcause), rv::halt()});
  machine.run(rv::li(t0, Machine::tcm_base + 0x100) << rv::csrw(rv::mtvec, t0) << rv::li(s0, FakeBus::read_only_base)
                                                    << rv::lr(a1, s0) << rv::sc(a2, a1, s0));
  EXPECT_EQ(machine.x(a0), 7u);
}

}  // namespace
}  // namespace lutra::test
