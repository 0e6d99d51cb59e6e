#include "models/cpu/timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using models::cpu::parse_timing;
using testing::HasSubstr;

const std::string file = "models/cpu/timing/ibex.yaml";

std::string ibex() { return std::string(find_embedded(file).value()); }

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Timing, IbexIsEmbedded) {
  const auto timing = models::cpu::load_timing("ibex");
  EXPECT_EQ(timing.alu, 1u);
  EXPECT_EQ(timing.branch_taken, 3u);
  EXPECT_EQ(timing.divide, 37u);
}

TEST(Timing, RefusingAnUnknownModelListsTheKnownOnes) {
  models::HartConfig config;
  config.timing = "ibexx";
  EXPECT_THAT(message_of([&] { Machine machine(config); }),
              HasSubstr("\"ibexx\": unknown pipeline model; the models are: ibex"));
}

TEST(Timing, ErrorsNameFileLineAndTheWayOut) {
  const auto refused = [](const std::string& text) { return message_of([&] { parse_timing(text, file); }); };
  EXPECT_THAT(refused(with(ibex(), "  jump:", "  jumps:")), HasSubstr("did you mean jump?"));
  EXPECT_THAT(refused(with(ibex(), "  jump:", "  jumps:")), HasSubstr("ibex.yaml:2"));
  EXPECT_THAT(refused(with(ibex(), "description", "descriptions")), HasSubstr("descriptions"));
  EXPECT_THAT(refused(with(ibex(), "{cycles: 37", "{cycles: 0")), HasSubstr("divide"));
  EXPECT_THAT(refused(with(ibex(), "{cycles: 37", "{cycles: 1001")), HasSubstr("1001"));
  EXPECT_THAT(refused(with(ibex(), "{cycles: 37", "{cycles: many")), HasSubstr("many"));
  EXPECT_THAT(refused(with(ibex(), "{cycles: 37,", "{")), HasSubstr("cycles"));
  const std::string missing = with(ibex(), "  alu: {cycles: 1, source: \"PD: integer computational, 0 stalls\"}\n", "");
  EXPECT_THAT(refused(missing), HasSubstr("the row alu is missing"));
  EXPECT_NE(refused(""), "no error");
  EXPECT_NE(refused("cycles: 3"), "no error");
}

TEST(Timing, ADamagedTableIsRefusedOrReadsWhole) {
  const std::string whole = ibex();
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const std::string message = message_of([&] { parse_timing(whole.substr(0, length), file); });
    EXPECT_THAT(message, HasSubstr(file)) << "the first " << length << " bytes";
  }
}

// Cycles of `body` in tightly coupled memory, registers all zero but s0, which points at a word.
std::uint32_t cycles_of(const Program& body, std::uint32_t data = Machine::tcm_base + 0x4000) {
  Machine machine;
  machine.set_word(data, 0);
  machine.run(rv::li(s0, data) << rv::csrr(s2, rv::mcycle) << body << rv::csrr(s3, rv::mcycle) << rv::halt());
  return machine.x(s3) - machine.x(s2) - 1;
}

TEST(Timing, IbexTakesItsCyclesForEveryClass) {
  EXPECT_EQ(cycles_of({}), 0u);
  EXPECT_EQ(cycles_of({rv::add(a0, a0, a1)}), 1u);
  EXPECT_EQ(cycles_of({rv::lui(a0, 1), rv::auipc(a0, 1)}), 2u);
  EXPECT_EQ(cycles_of({rv::mul(a0, a1, a2)}), 3u);
  EXPECT_EQ(cycles_of({rv::mulh(a0, a1, a2)}), 4u);
  EXPECT_EQ(cycles_of({rv::mulhu(a0, a1, a2), rv::mulhsu(a0, a1, a2)}), 8u);
  EXPECT_EQ(cycles_of({rv::div(a0, a1, s0)}), 37u);
  EXPECT_EQ(cycles_of({rv::remu(a0, a1, zero)}), 2u) << "by zero";
  EXPECT_EQ(cycles_of({rv::lw(a0, 0, s0)}), 2u);
  EXPECT_EQ(cycles_of({rv::sb(a0, 3, s0)}), 2u);
  EXPECT_EQ(cycles_of({rv::lw(a0, 1, s0)}), 3u) << "misaligned";
  EXPECT_EQ(cycles_of({rv::sh(a0, 3, s0)}), 3u) << "misaligned";
  EXPECT_EQ(cycles_of({rv::bne(zero, zero, 8)}), 1u);
  EXPECT_EQ(cycles_of({rv::beq(zero, zero, 4)}), 3u);
  EXPECT_EQ(cycles_of({rv::jal(zero, 4)}), 2u);
  EXPECT_EQ(cycles_of({rv::auipc(a0, 0), rv::jalr(zero, a0, 8)}), 3u);
  EXPECT_EQ(cycles_of({rv::csrr(a0, rv::mscratch)}), 1u);
  EXPECT_EQ(cycles_of({rv::fence}), 1u);
  EXPECT_EQ(cycles_of({rv::fence_i}), 2u);
  EXPECT_EQ(cycles_of({rv::lr(a0, s0), rv::sc(a1, a0, s0)}), 4u);
  EXPECT_EQ(cycles_of({rv::amoadd(a0, a0, s0)}), 4u);
}

TEST(Timing, ALoopTakesTheCyclesOfItsInstructions) {
  // 10 times add and branch: 9 taken, one not.
  EXPECT_EQ(cycles_of({rv::addi(a0, zero, 10), rv::addi(a0, a0, -1), rv::bne(a0, zero, -4)}), 1u + 10 + 9 * 3 + 1);
}

TEST(Timing, ATrapAndItsReturnTakeTheirCycles) {
  Machine machine;
  const std::uint32_t handler = Machine::tcm_base + 0x400;
  machine.place(handler, {rv::csrr(a0, rv::mcycle), rv::csrr(t0, rv::mepc), rv::addi(t0, t0, 4), rv::csrw(rv::mepc, t0),
                          rv::mret});
  machine.run(rv::li(t0, handler) << rv::csrw(rv::mtvec, t0) << rv::csrr(s2, rv::mcycle) << rv::add(a1, a1, a1)
                                  << rv::ecall << rv::csrr(s3, rv::mcycle) << rv::halt());
  EXPECT_EQ(machine.x(a0) - machine.x(s2), 1u + 1 + 1 + 2) << "csrr, add, ecall, trap entry";
  EXPECT_EQ(machine.x(s3) - machine.x(a0), 4u + 3) << "four instructions and mret";
}

TEST(Timing, AFaultingLoadCountsNothingBehindIt) {
  Machine machine;
  const std::uint32_t handler = Machine::tcm_base + 0x400;
  machine.place(handler, {rv::csrr(a0, rv::mcycle), rv::halt()});
  machine.run(rv::li(t0, handler) << rv::csrw(rv::mtvec, t0) << rv::csrr(s2, rv::mcycle) << rv::lw(a1, 0, zero)
                                  << rv::div(a1, a1, a1) << rv::div(a1, a1, a1));
  EXPECT_EQ(machine.x(a0) - machine.x(s2), 1u + (1 + 10) + 2) << "csrr, address cycle and transaction, trap entry";
}

TEST(Timing, TheTransactionOfAnUncachedAccessReplacesTheResponseCycle) {
  EXPECT_EQ(cycles_of({rv::lw(a0, 0, s0)}, Machine::device_base), 1u + 10);
  EXPECT_EQ(cycles_of({rv::sw(a0, 0, s0)}, Machine::device_base), 1u + 10);
  EXPECT_EQ(cycles_of({rv::sh(a0, 1, s0)}, Machine::device_base), 1u + 10) << "within a word";
  EXPECT_EQ(cycles_of({rv::sh(a0, 3, s0)}, Machine::device_base), 1u + 10 + 10);
  EXPECT_EQ(cycles_of({rv::nop, rv::lw(a0, 0, s0), rv::nop, rv::lw(a0, 0, s0)}, Machine::device_base), 24u);
}

}  // namespace
}  // namespace lutra::test
