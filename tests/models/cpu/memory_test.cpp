#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t data = 0x4000;  // offset of the data in each memory
constexpr std::uint32_t load_fault = 5;
constexpr std::uint32_t store_fault = 7;

// Loads and stores must mean the same on every path.
struct Path {
  std::string name;
  std::uint32_t base;
  models::HartConfig config;
};

class OnEveryPath : public testing::TestWithParam<Path> {
 protected:
  std::uint32_t address() const { return GetParam().base + data; }

  Machine& run(const Program& body) {
    Program program = rv::li(s0, address()) << body << rv::halt();
    return machine.run(program);
  }

  Machine machine{GetParam().config};
};

TEST_P(OnEveryPath, LoadsExtend) {
  machine.set_word(address(), 0x8091A2F3u);
  run({rv::lw(a0, 0, s0), rv::lb(a1, 0, s0), rv::lbu(a2, 0, s0), rv::lh(a3, 2, s0), rv::lhu(a4, 2, s0),
       rv::lb(a5, 1, s0), rv::lbu(a6, 3, s0)});
  EXPECT_EQ(machine.x(a0), 0x8091A2F3u);
  EXPECT_EQ(machine.x(a1), 0xFFFFFFF3u);
  EXPECT_EQ(machine.x(a2), 0xF3u);
  EXPECT_EQ(machine.x(a3), 0xFFFF8091u);
  EXPECT_EQ(machine.x(a4), 0x8091u);
  EXPECT_EQ(machine.x(a5), 0xFFFFFFA2u);
  EXPECT_EQ(machine.x(a6), 0x80u);
}

TEST_P(OnEveryPath, StoresTakeTheLowBytes) {
  machine.set_word(address(), 0xFFFFFFFFu);
  machine.set_word(address() + 4, 0xFFFFFFFFu);
  run(rv::li(a0, 0x12345678) << rv::sb(a0, 1, s0) << rv::sh(a0, 4, s0) << rv::sw(a0, 8, s0) << rv::sb(a0, 11, s0));
  EXPECT_EQ(machine.word(address()), 0xFFFF78FFu);
  EXPECT_EQ(machine.word(address() + 4), 0xFFFF5678u);
  EXPECT_EQ(machine.word(address() + 8), 0x78345678u);
}

TEST_P(OnEveryPath, OffsetsAreSigned) {
  machine.set_word(address() - 2048, 17);
  machine.set_word(address() + 2044, 19);
  run({rv::lw(a0, -2048, s0), rv::lw(a1, 2044, s0)});
  EXPECT_EQ(machine.x(a0), 17u);
  EXPECT_EQ(machine.x(a1), 19u);
}

TEST_P(OnEveryPath, MisalignedLoadsAreWhole) {
  machine.set_word(address(), 0x44332211u);
  machine.set_word(address() + 4, 0x88776655u);
  run({rv::lw(a0, 1, s0), rv::lw(a1, 2, s0), rv::lw(a2, 3, s0), rv::lh(a3, 3, s0), rv::lhu(a4, 1, s0),
       rv::lh(a5, 5, s0)});
  EXPECT_EQ(machine.x(a0), 0x55443322u);
  EXPECT_EQ(machine.x(a1), 0x66554433u);
  EXPECT_EQ(machine.x(a2), 0x77665544u);
  EXPECT_EQ(machine.x(a3), 0x5544u);
  EXPECT_EQ(machine.x(a4), 0x3322u);
  EXPECT_EQ(machine.x(a5), 0x7766u);
}

TEST_P(OnEveryPath, MisalignedStoresAreWhole) {
  run(rv::li(a0, 0xA1B2C3D4) << rv::sw(a0, 1, s0) << rv::sw(a0, 10, s0) << rv::sh(a0, 19, s0) << rv::sh(a0, 25, s0)
                             << rv::sw(a0, 31, s0));
  EXPECT_EQ(machine.word(address()), 0xB2C3D400u);
  EXPECT_EQ(machine.word(address() + 4), 0x000000A1u);
  EXPECT_EQ(machine.word(address() + 8), 0xC3D40000u);
  EXPECT_EQ(machine.word(address() + 12), 0x0000A1B2u);
  EXPECT_EQ(machine.word(address() + 16), 0xD4000000u);
  EXPECT_EQ(machine.word(address() + 20), 0x000000C3u);
  EXPECT_EQ(machine.word(address() + 24), 0x00C3D400u);
  EXPECT_EQ(machine.word(address() + 28), 0xD4000000u);  // the end of one 32-byte line
  EXPECT_EQ(machine.word(address() + 32), 0x00A1B2C3u);  // and the start of the next
}

TEST_P(OnEveryPath, AStoreIsSeenByTheNextLoad) {
  Program body = rv::li(a0, 5);
  for (int i = 0; i < 4; ++i) body << rv::sw(a0, 64, s0) << rv::lw(a1, 64, s0) << rv::add(a0, a0, a1);
  run(body);
  EXPECT_EQ(machine.x(a0), 80u);
}

INSTANTIATE_TEST_SUITE_P(Memory, OnEveryPath,
                         testing::Values(Path{"tcm", Machine::tcm_base, small_caches()},
                                         Path{"cached", Machine::direct_base, small_caches()},
                                         Path{"uncached", Machine::direct_base, no_caches()},
                                         Path{"device", Machine::device_base, small_caches()}),
                         [](const auto& test) { return test.param.name; });

TEST(Memory, TightlyCoupledMemoryNeedsNoBus) {
  Machine machine;
  machine.run(rv::li(s0, Machine::tcm_base + data) << rv::sw(a0, 0, s0) << rv::lw(a1, 1, s0) << rv::halt());
  EXPECT_THAT(machine.bus.seen, IsEmpty());
}

TEST(Memory, AnAccessAcrossWordsOfADeviceIsTwoTransactions) {
  Machine machine;
  machine.run(rv::li(s0, Machine::device_base)
              << rv::lw(a0, 3, s0) << rv::sh(a0, 3, s0) << rv::sh(a0, 1, s0) << rv::halt());
  ASSERT_EQ(machine.bus.seen.size(), 5u);
  EXPECT_EQ(machine.bus.seen[0].address, Machine::device_base + 3);
  EXPECT_EQ(machine.bus.seen[0].bytes, 1u);
  EXPECT_EQ(machine.bus.seen[1].address, Machine::device_base + 4);
  EXPECT_EQ(machine.bus.seen[1].bytes, 3u);
  EXPECT_EQ(machine.bus.seen[2].bytes, 1u);
  EXPECT_EQ(machine.bus.seen[3].bytes, 1u);
  EXPECT_EQ(machine.bus.seen[4].bytes, 2u) << "within a word, one";
}

TEST(Memory, ALoadFromAnUnmappedAddressTrapsAndLeavesTheRegister) {
  Machine machine;
  machine.run(rv::li(s0, Machine::hole) << rv::addi(a0, zero, 9) << rv::lw(a0, 4, s0) << rv::addi(a0, zero, 1));
  EXPECT_TRUE(machine.trapped());
  EXPECT_EQ(machine.x(a0), 9u);
}

// Runs `access` with s0 = base; the handler puts mcause, mepc and mtval into a0, a1 and a2.
Machine& run_to_fault(Machine& machine, std::uint32_t base, std::uint32_t access) {
  Program program = rv::li(t0, Machine::tcm_base + 0x100) << rv::csrw(rv::mtvec, t0) << rv::li(s0, base) << access;
  machine.place(Machine::tcm_base + 0x100,
                {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::csrr(a2, rv::mtval), rv::halt()});
  return machine.run(program);
}

constexpr std::uint32_t fault_pc = Machine::tcm_base + 20;

TEST(Memory, AccessFaultsNameThePartThatFailed) {
  struct Case {
    std::uint32_t base, access, cause, value;
  };
  const std::uint32_t end = Machine::direct_base + FakeBus::bytes;
  for (const Case& c :
       {Case{Machine::hole, rv::lbu(a3, 5, s0), load_fault, Machine::hole + 5},
        Case{Machine::hole, rv::sw(a3, 8, s0), store_fault, Machine::hole + 8},
        Case{end - 2, rv::lw(a3, 0, s0), load_fault, end}, Case{end - 1, rv::sh(a3, 0, s0), store_fault, end},
        Case{Machine::tcm_base - 1, rv::lh(a3, 0, s0), load_fault, Machine::tcm_base - 1},
        Case{Machine::tcm_base + Machine::tcm_bytes - 1, rv::lh(a3, 0, s0), load_fault,
             Machine::tcm_base + Machine::tcm_bytes},
        Case{0xFFFFFFFE, rv::lw(a3, 1, s0), load_fault, 0xFFFFFFFF},
        Case{FakeBus::read_only_base, rv::sw(a3, 0, s0), store_fault, FakeBus::read_only_base}}) {
    Machine machine;
    run_to_fault(machine, c.base, c.access);
    EXPECT_EQ(machine.x(a0), c.cause) << std::hex << c.base;
    EXPECT_EQ(machine.x(a1), fault_pc) << std::hex << c.base;
    EXPECT_EQ(machine.x(a2), c.value) << std::hex << c.base;
  }
}

TEST(Memory, ReadOnlyMemoryIsCachedForLoads) {
  Machine machine;
  machine.bus.memory(FakeBus::read_only_base)[1] = 0x42;
  machine.run(rv::li(s0, FakeBus::read_only_base) << rv::lbu(a0, 1, s0) << rv::lbu(a1, 1, s0) << rv::halt());
  EXPECT_EQ(machine.x(a0), 0x42u);
  EXPECT_EQ(machine.x(a1), 0x42u);
  EXPECT_EQ(machine.bus.seen.size(), 1u);
}

TEST(Memory, AWatchedWordIsReportedAfterEachStoreOnEveryPath) {
  for (const std::uint32_t base : {Machine::tcm_base, Machine::direct_base, Machine::device_base}) {
    Machine machine;
    std::vector<std::uint32_t> words;
    machine.processor.memory().watch(base + data, [&](std::uint32_t word) { words.push_back(word); });
    Program program = rv::li(s0, base + data) << rv::addi(a0, zero, 1);
    program << rv::sw(a0, -4, s0) << rv::sw(a0, 4, s0);  // beside it
    program << rv::sw(a0, 0, s0) << rv::sw(a0, 0, s0) << rv::sb(a0, 3, s0) << rv::sh(a0, -1, s0) << rv::lw(a1, 0, s0);
    machine.run(program << rv::halt());
    EXPECT_THAT(words, testing::ElementsAre(1, 1, 0x01000001, 0x01000000)) << std::hex << base;
  }
}

}  // namespace
}  // namespace lutra::test
