#include "software/simulation/attribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"

namespace lutra::simulation {
namespace {

using models::CounterInfo;
using models::Quantity;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const std::vector<CounterInfo> without_engine{{"hart", "load", Quantity::events, ""}};

const std::vector<CounterInfo> with_engine{{"hart", "load", Quantity::events, ""},
                                           {"engine.cause", "idle", Quantity::cycles, ""},
                                           {"engine.cause", "compute", Quantity::cycles, ""},
                                           {"engine.cause", "load", Quantity::cycles, ""},
                                           {"engine.cause", "store", Quantity::cycles, ""},
                                           {"engine.cause", "command", Quantity::cycles, ""}};

FrameMeasurement attribute(const std::vector<CounterInfo>& counters, std::size_t op_count,
                           const std::vector<Mark>& marks) {
  return simulation::attribute(counters, op_count, Marks{marks, marks, marks});
}

TEST(Attribution, GivesEveryCycleToTheSoftwareWithoutAnEngine) {
  const FrameMeasurement frame =
      attribute(without_engine, 1, {{std::nullopt, 100, {0}}, {0, 110, {3}}, {std::nullopt, 150, {10}}});
  EXPECT_EQ(frame.cycles, 50U);
  EXPECT_EQ(frame.outside.cycles, 10U);
  EXPECT_THAT(frame.outside.counters, ElementsAre(3U));
  EXPECT_EQ(frame.ops[0].cycles, 40U);
  EXPECT_EQ(frame.ops[0].causes.software, 40U);
  EXPECT_THAT(frame.ops[0].counters, ElementsAre(7U));
}

TEST(Attribution, AnOperationMarkedTwiceAddsUp) {
  const FrameMeasurement frame = attribute(
      without_engine, 2, {{0, 0, {0}}, {1, 10, {1}}, {0, 30, {2}}, {std::nullopt, 35, {9}}, {std::nullopt, 36, {9}}});
  EXPECT_EQ(frame.ops[0].cycles, 15U);
  EXPECT_EQ(frame.ops[1].cycles, 20U);
  EXPECT_EQ(frame.outside.cycles, 1U);
  EXPECT_THAT(frame.ops[0].counters, ElementsAre(8U));
}

TEST(Attribution, SplitsAnOperationByTheEnginesCauses) {
  const FrameMeasurement frame =
      attribute(with_engine, 1, {{0, 0, {0, 0, 0, 0, 0, 0}}, {std::nullopt, 100, {5, 10, 60, 20, 7, 3}}});
  const Causes& causes = frame.ops[0].causes;
  EXPECT_EQ(causes.software, 10U);
  EXPECT_EQ(causes.compute, 60U);
  EXPECT_EQ(causes.load, 20U);
  EXPECT_EQ(causes.store, 7U);
  EXPECT_EQ(causes.command, 3U);
}

// The load unit comes to operation 1 at cycle 40, compute at 60, the store unit at 70.
TEST(Attribution, GivesWhatAUnitMovesToTheOperationThatItMovesItFor) {
  const std::vector<CounterInfo> counters{{"dram", "read_bytes", Quantity::bytes, ""},
                                          {"hart", "load", Quantity::events, ""},
                                          {"dram", "write_bytes", Quantity::bytes, ""}};
  const Mark begin{0, 0, {0, 0, 0}};
  const Mark end{std::nullopt, 100, {100, 100, 100}};
  const FrameMeasurement frame = simulation::attribute(counters, 2,
                                                       {{{begin, {1, 40, {40, 40, 40}}, end},
                                                         {begin, {1, 60, {60, 60, 60}}, end},
                                                         {begin, {1, 70, {70, 70, 70}}, end}}});
  EXPECT_EQ(frame.cycles, 100U);
  EXPECT_EQ(frame.ops[0].cycles, 60U);
  EXPECT_THAT(frame.ops[0].counters, ElementsAre(40U, 60U, 70U));
  EXPECT_THAT(frame.ops[1].counters, ElementsAre(60U, 40U, 30U));
}

TEST(Attribution, RefusesCausesThatDoNotAddUp) {
  EXPECT_THAT(
      [] {
        attribute(with_engine, 1, {{0, 0, {0, 0, 0, 0, 0, 0}}, {std::nullopt, 101, {5, 10, 60, 20, 7, 3}}});
      },
      ThrowsMessage<Error>(HasSubstr("add up to 100 cycles, but it took 101")));
}

TEST(Attribution, RefusesAnOperationTheProgramDoesNotHave) {
  EXPECT_THAT(
      [] {
        attribute(without_engine, 1, {{7, 0, {0}}, {std::nullopt, 1, {0}}});
      },
      ThrowsMessage<Error>(HasSubstr("operation 7 of a program that has 1")));
}

TEST(Attribution, RefusesAnEngineThatDoesNotCountEveryCause) {
  EXPECT_THAT(
      [] {
        attribute({{"engine.cause", "idle", Quantity::cycles, ""}}, 1, {});
      },
      ThrowsMessage<Error>(HasSubstr("every cause")));
}

}  // namespace
}  // namespace lutra::simulation
