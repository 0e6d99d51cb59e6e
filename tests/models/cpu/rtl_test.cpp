#include <gtest/gtest.h>

#include "tests/models/cpu/rtl_runs.h"

namespace lutra::test {
namespace {

TEST(IbexRtl, EveryProgramTakesItsCycles) {
  for (const RtlCase& c : rtl_cases()) {
    const RtlRun run = run_on_model(c);
    EXPECT_FALSE(run.trapped) << c.name;
    EXPECT_EQ(run.cycles, c.cycles) << c.name;
  }
}

TEST(IbexRtl, EveryInterruptIsTakenInItsCycle) {
  for (const RtlInterrupt& c : rtl_interrupts()) {
    for (std::uint32_t i = 0; i < c.handled.size(); ++i) {
      const std::uint32_t after = handled_on_model(c, i);
      EXPECT_GE(after, c.handled[i]) << c.name << ", cycle " << c.first + i;
      EXPECT_LE(after, c.handled[i] + c.later) << c.name << ", cycle " << c.first + i;
    }
  }
}

}  // namespace
}  // namespace lutra::test
