#include "models/devices/interrupt_controller.h"

#include <gtest/gtest.h>

#include "models/interface/memory_map.h"
#include "software/common/error.h"
#include "tests/models/device_bench.h"

namespace lutra::models {
namespace {

using test::drive;
using test::Initiator;

// Drives the lines of the controller from the test's process.
struct PlicBench {
  PlicBench() { plic.interrupt.bind(interrupt); }

  void enable(Initiator& i, std::uint32_t source, std::uint32_t priority) {
    i.write(LUTRA_PLIC_PRIORITY + 4 * source, priority);
    i.write(LUTRA_PLIC_ENABLE, i.read(LUTRA_PLIC_ENABLE).value | (1u << source));
  }
  void raise(Initiator& i, std::uint32_t source, bool level = true) {
    plic.line(source).write(level);
    settle(i);
  }
  static void settle(Initiator& i) { i.wait_until(i.cycle() + 1); }

  sc_core::sc_signal<bool> interrupt{"interrupt"};
  InterruptController plic{"plic"};
};

TEST(InterruptController, ServesALevelSource) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 2, 1);
    bench.raise(i, 2);
    EXPECT_TRUE(bench.interrupt.read());
    EXPECT_EQ(i.read(LUTRA_PLIC_PENDING).value, 1u << 2);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "claimed, although the line is still high";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
    i.write(LUTRA_PLIC_CLAIM, 2);
    bench.settle(i);
    EXPECT_TRUE(bench.interrupt.read()) << "completed with the line still high";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    bench.raise(i, 2, false);
    i.write(LUTRA_PLIC_CLAIM, 2);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read());
  });
}

TEST(InterruptController, HonoursEnablePriorityAndThreshold) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.raise(i, 3);
    EXPECT_FALSE(bench.interrupt.read()) << "neither enabled nor given a priority";
    bench.enable(i, 3, 0);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "priority 0 never interrupts";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
    i.write(LUTRA_PLIC_PRIORITY + 4 * 3, 4);
    i.write(LUTRA_PLIC_THRESHOLD, 4);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "not over the threshold";
    i.write(LUTRA_PLIC_THRESHOLD, 3);
    bench.settle(i);
    EXPECT_TRUE(bench.interrupt.read());
  });
}

TEST(InterruptController, ClaimsTheHighestPriorityThenTheLowestSource) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 5, 2);
    bench.enable(i, 6, 7);
    bench.enable(i, 31, 7);
    for (const std::uint32_t source : {31u, 5u, 6u}) bench.raise(i, source);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 6u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 31u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 5u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
  });
}

TEST(InterruptController, IgnoresForeignCompletions) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 2, 1);
    bench.raise(i, 2);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    i.write(LUTRA_PLIC_CLAIM, 7);
    i.write(LUTRA_PLIC_CLAIM, 0xFFFFFFFF);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read());
  });
}

TEST(InterruptController, RefusesIllegalAccesses) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_PLIC_PRIORITY).status, tlm::TLM_ADDRESS_ERROR_RESPONSE) << "source 0 does not exist";
    EXPECT_EQ(i.write(LUTRA_PLIC_PENDING, 1).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(LUTRA_PLIC_ENABLE, 1).status, tlm::TLM_BURST_ERROR_RESPONSE);
    i.write(LUTRA_PLIC_ENABLE, 0xFFFFFFFF);
    EXPECT_EQ(i.read(LUTRA_PLIC_ENABLE).value, 0xFFFFFFFEu);
  });
}

TEST(InterruptController, HasLinesForItsSourcesOnly) {
  PlicBench bench;
  EXPECT_THROW(bench.plic.line(0), Error);
  EXPECT_THROW(bench.plic.line(32), Error);
  bench.plic.line(31);
}

}  // namespace
}  // namespace lutra::models
