#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// small_caches(): 256 bytes, 2 ways, 32-byte lines, so 4 sets; addresses 128 bytes apart share a set.
constexpr std::uint32_t data = Machine::direct_base + 0x4000;
constexpr std::uint32_t way = 128;
constexpr std::uint32_t start = 9;      // the cycle at which Machine::run enters the program
constexpr std::uint32_t transfer = 10;  // FakeBus

struct Accesses {
  std::vector<Seen> seen;
  std::uint64_t hits, misses, write_backs;
  std::uint64_t end;  // cycle
};

// With s0 = data, a1 = the next way, a2 = the one behind it.
Accesses accesses_of(const Program& body, const models::HartConfig& config = small_caches()) {
  Machine machine(config);
  Program program = rv::li(s0, data);
  program << rv::addi(a1, s0, way) << rv::addi(a2, s0, 2 * way) << body << rv::halt();
  machine.run(program);
  const auto& memory = machine.processor.memory();
  return {machine.bus.seen, machine.processor.core().data_cache_hits, memory.misses(), memory.write_backs(),
          machine.bus.now()};
}

constexpr std::uint32_t first = start + 4;  // when the body starts
constexpr std::uint32_t jump = 2;           // of the halting jump

TEST(DataCache, AMissFillsTheLineAndTheRestOfItHits) {
  const Accesses result = accesses_of({rv::lw(a0, 4, s0), rv::lw(a0, 28, s0), rv::lbu(a0, 0, s0), rv::lh(a0, 30, s0)});
  EXPECT_THAT(result.seen, ElementsAre(Seen{first + 2, 'r', data, 32}));
  EXPECT_EQ(result.hits, 3u);
  EXPECT_EQ(result.misses, 1u);
  EXPECT_EQ(result.end, first + 2 + transfer + 3 * 2 + jump);
}

TEST(DataCache, TwoWaysHoldTwoLinesOfASet) {
  const Accesses result = accesses_of({rv::lw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, s0), rv::lw(a0, 0, a1)});
  EXPECT_EQ(result.misses, 2u);
  EXPECT_EQ(result.hits, 2u);
}

TEST(DataCache, TheLeastRecentlyUsedLineIsReplaced) {
  // s0, a1, s0 again: a1 is the older one, so a2 replaces it.
  const Accesses result = accesses_of({rv::lw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, s0), rv::lw(a0, 0, a2),
                                       rv::lw(a0, 0, s0), rv::lw(a0, 0, a1)});
  EXPECT_EQ(result.hits, 2u) << "s0, twice";
  EXPECT_EQ(result.misses, 4u);
  EXPECT_EQ(result.seen.back().address, data + way);
  EXPECT_EQ(result.write_backs, 0u);
}

TEST(DataCache, AStoreMissFillsAndADirtyVictimIsWrittenBackAfterTheFill) {
  const Accesses result = accesses_of({rv::sw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, a2)});
  const std::uint64_t second = first + 2 + transfer;
  const std::uint64_t third = second + 2 + transfer;
  EXPECT_THAT(result.seen,
              ElementsAre(Seen{first + 2, 'r', data, 32}, Seen{second + 2, 'r', data + way, 32},
                          Seen{third + 2, 'r', data + 2 * way, 32}, Seen{third + 2 + transfer, 'w', data, 32}));
  EXPECT_EQ(result.write_backs, 1u);
  EXPECT_EQ(result.end, third + 2 + 2 * transfer + jump);
}

TEST(DataCache, ALineFilledAgainIsCleanAgain) {
  const Accesses result = accesses_of({rv::sw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, a2), rv::lw(a0, 0, s0),
                                       rv::lw(a0, 0, a1), rv::lw(a0, 0, a2)});
  EXPECT_EQ(result.write_backs, 1u);
}

TEST(DataCache, AMisalignedAccessAcrossLinesLooksUpBoth) {
  const Accesses result = accesses_of({rv::lw(a0, 30, s0), rv::lw(a0, 30, s0)});
  EXPECT_THAT(result.seen,
              ElementsAre(Seen{first + 2, 'r', data, 32}, Seen{first + 2 + transfer + 1, 'r', data + 32, 32}));
  EXPECT_EQ(result.hits, 2u);
  EXPECT_EQ(result.end, first + (2 + transfer + 1 + transfer) + 3 + jump);
}

TEST(DataCache, CleaningWritesBackAndForgets) {
  const Accesses result =
      accesses_of({rv::sw(a0, 0, s0), rv::sw(a0, 32, s0), rv::lw(a0, 0, a1), rv::csrrwi(zero, rv::dcache, 1),
                   rv::lw(a0, 0, s0), rv::csrrwi(zero, rv::dcache, 1)});
  EXPECT_EQ(result.write_backs, 2u);
  EXPECT_EQ(result.misses, 4u);
  ASSERT_EQ(result.seen.size(), 6u);
  EXPECT_EQ(result.seen[3].what, 'w');
  EXPECT_EQ(result.seen[4].what, 'w');
  EXPECT_EQ(result.seen[4].cycle, result.seen[3].cycle + transfer);
}

TEST(DataCache, WritingZeroToItsRegisterDoesNothing) {
  const Accesses result = accesses_of({rv::sw(a0, 0, s0), rv::csrrwi(zero, rv::dcache, 0), rv::csrr(a3, rv::dcache)});
  EXPECT_EQ(result.write_backs, 0u);
}

TEST(DataCache, WithoutACacheEveryAccessIsATransactionOfItsSize) {
  models::HartConfig config = small_caches();
  config.data_cache.bytes = 0;
  const Accesses result = accesses_of({rv::lw(a0, 0, s0), rv::sb(a0, 1, s0), rv::lhu(a0, 2, s0)}, config);
  EXPECT_THAT(result.seen, ElementsAre(Seen{first + 1, 'r', data, 4}, Seen{first + 1 + 11, 'w', data + 1, 1},
                                       Seen{first + 1 + 22, 'r', data + 2, 2}));
  EXPECT_EQ(result.end, first + 3 * 11 + jump);
}

TEST(DataCache, MayBeDirectMappedOrFullyAssociative) {
  models::HartConfig config = small_caches();
  config.data_cache = {.bytes = 128, .ways = 1, .line_bytes = 32};
  EXPECT_EQ(accesses_of({rv::lw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, s0)}, config).misses, 3u);
  config.data_cache = {.bytes = 128, .ways = 4, .line_bytes = 32};
  EXPECT_EQ(accesses_of({rv::lw(a0, 0, s0), rv::lw(a0, 0, a1), rv::lw(a0, 0, a2), rv::lw(a0, 0, s0)}, config).misses,
            3u);
}

TEST(DataCache, WithdrawnMemoryIsNotTouchedDirectly) {
  Machine machine;
  machine.processor.memory().watch(Machine::tcm_base + 0x800, [&](std::uint32_t) {
    machine.processor.withdraw_direct_memory(Machine::direct_base, Machine::direct_base + (FakeBus::bytes - 1));
  });
  machine.run(rv::li(s0, data) << rv::li(s1, Machine::tcm_base + 0x800) << rv::lw(a0, 0, s0) << rv::sw(a0, 0, s1)
                               << rv::lw(a0, 0, s0) << rv::halt());
  EXPECT_EQ(machine.processor.memory().misses(), 2u) << "the tag went with the memory";
}

TEST(Caches, ImpossibleShapesAreRefused) {
  const auto refused = [](models::CacheConfig cache) {
    models::HartConfig config;
    config.data_cache = cache;
    try {
      Machine machine(config);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(refused({.bytes = 256, .ways = 2, .line_bytes = 24}), HasSubstr("line_bytes is 24"));
  EXPECT_THAT(refused({.bytes = 256, .ways = 2, .line_bytes = 4}), HasSubstr("line_bytes is 4"));
  EXPECT_THAT(refused({.bytes = 1024, .ways = 2, .line_bytes = 512}), HasSubstr("line_bytes is 512"));
  EXPECT_THAT(refused({.bytes = 256, .ways = 0, .line_bytes = 32}), HasSubstr("ways is 0"));
  EXPECT_THAT(refused({.bytes = 300, .ways = 2, .line_bytes = 32}), HasSubstr("300 bytes in 2 ways"));
  EXPECT_THAT(refused({.bytes = 192, .ways = 2, .line_bytes = 32}), HasSubstr("no power of two of sets"));
  EXPECT_THAT(refused({.bytes = 32, .ways = 2, .line_bytes = 32}), HasSubstr("32 bytes in 2 ways"));
  EXPECT_THAT(refused({.bytes = 1u << 27, .ways = 2, .line_bytes = 32}), HasSubstr("at most"));
  EXPECT_EQ(refused({.bytes = 96, .ways = 3, .line_bytes = 32}), "no error") << "three ways of one set";
}

// The program lies in cached memory; Machine::run enters it at `start`.
constexpr std::uint32_t code = Machine::direct_base;

TEST(InstructionCache, ABlockTakesItsLinesInOrder) {
  Machine machine;
  Program program;
  program.repeat(11, rv::nop);  // 12 instructions with the halt: lines 0 and 1
  machine.run(program << rv::halt(), code);
  EXPECT_THAT(machine.bus.seen, ElementsAre(Seen{start, 'r', code, 32}, Seen{start + transfer, 'r', code + 32, 32}));
  EXPECT_EQ(machine.bus.now(), start + 2 * transfer + 11 + jump);
  EXPECT_EQ(machine.processor.instructions().misses(), 2u);
}

TEST(InstructionCache, ALoopHitsFromItsSecondRound) {
  Machine machine;
  Program program = {rv::addi(a0, zero, 10), rv::addi(a0, a0, -1), rv::bne(a0, zero, -4), rv::halt()};
  machine.run(program, code);
  EXPECT_EQ(machine.bus.seen.size(), 1u);
  EXPECT_EQ(machine.processor.instructions().misses(), 1u);
  EXPECT_EQ(machine.processor.instructions().hits(), 9u + 1) << "nine rounds and the halt";
  EXPECT_EQ(machine.bus.now(), start + transfer + 1 + 10 + 9 * 3 + 1 + jump);
}

TEST(InstructionCache, ThreeLinesOfASetThrashTwoWays) {
  Machine machine;
  machine.place(code, {rv::jal(zero, way)});
  machine.place(code + way, {rv::jal(zero, way)});
  machine.place(code + 2 * way, {rv::addi(a0, a0, -1), rv::bne(a0, zero, -4 - 2 * static_cast<int>(way)), rv::halt()});
  machine.run(rv::li(t0, code) << rv::addi(a0, zero, 3) << rv::jalr(zero, t0, 0));
  EXPECT_EQ(machine.processor.instructions().misses(), 9u);
  EXPECT_EQ(machine.processor.instructions().hits(), 1u) << "the halt";
}

TEST(InstructionCache, FenceIForgetsTheLines) {
  Machine machine;
  machine.run({rv::nop, rv::fence_i, rv::halt()}, code);
  EXPECT_EQ(machine.bus.seen.size(), 2u);
}

TEST(InstructionCache, WithoutOneEachWordIsFetched) {
  Machine machine(no_caches());
  Program program;
  program << rv::nop << std::uint16_t{1} << std::uint16_t{1} << rv::nop << rv::halt();
  machine.run(program, code);
  EXPECT_THAT(machine.bus.seen, ElementsAre(Seen{start, 'r', code, 4}, Seen{start + 11, 'r', code + 4, 4},
                                            Seen{start + 23, 'r', code + 8, 4}, Seen{start + 34, 'r', code + 12, 4}));
  EXPECT_EQ(machine.bus.now(), start + 44 + jump);
}

}  // namespace
}  // namespace lutra::test
