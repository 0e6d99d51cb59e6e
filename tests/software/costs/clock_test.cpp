#include "software/costs/clock.h"

#include <gmock/gmock.h>

#include "accelerators/family/family.h"
#include "software/costs/tables.h"
#include "tests/software/scenario/message.h"

namespace lutra::costs {
namespace {

using accelerators::EngineConfig;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string element(const std::string& what) { return "  - {family: mac, " + what + "}\n"; }

std::string text(const std::string& elements) {
  return "node: 45nm\ntool: t\nlibrary: l\nelements:\n" + elements +
         "broadcast:\n  - {fan_out: 16, ns: 0.5}\n  - {fan_out: 4, ns: 0.25}\npost:\n  - {post: multiplier, ns: 3.0}\n";
}

ClockTable table() {
  return parse_clock_table(
      {"t", "t.yaml",
       text(element("variant: multiplier, width_activation: 8, width_weight: 8, lanes: 16, pipeline: 0, ns: 9.75") +
            element("variant: multiplier, width_activation: 8, width_weight: 8, lanes: 4, pipeline: 0, ns: 7.75") +
            element("variant: multiplier, width_activation: 4, width_weight: 4, lanes: 4, pipeline: 0, ns: 4.75") +
            element("variant: multiplier, width_activation: 4, width_weight: 4, lanes: 4, pipeline: 2, ns: 1"))});
}

EngineConfig engine(int lanes, int pipeline, int bits = 8) {
  EngineConfig config;
  config.family = "mac";
  config.rows = config.columns = 4;
  config.lanes = lanes;
  config.pipeline = pipeline;
  config.activation_bits = config.weight_bits = bits;
  return config;
}

double mhz(const EngineConfig& config) { return closing_clock(config, table()).value().mhz; }

TEST(Clock, IsThatOfTheLongestPath) {
  EXPECT_DOUBLE_EQ(mhz(engine(4, 0)), 1000 / 8.0);
  EXPECT_EQ(closing_clock(engine(4, 0), table())->limited_by, "engine.array");
  EXPECT_DOUBLE_EQ(mhz(engine(4, 2, 4)), 1000 / 3.0);
  EXPECT_EQ(closing_clock(engine(4, 2, 4), table())->limited_by, "engine.post");
}

TEST(Clock, FollowsTheLogarithmOfTheLanes) {
  EXPECT_DOUBLE_EQ(mhz(engine(8, 0)), 1000 / 9.0);
  EXPECT_DOUBLE_EQ(mhz(engine(16, 0)), 1000 / 10.0);
  EXPECT_DOUBLE_EQ(mhz(engine(64, 0)), 1000 / 12.0);
  EXPECT_DOUBLE_EQ(mhz(engine(1, 0)), mhz(engine(4, 0)));
}

TEST(Clock, LanesBeyondTheTableNeverShortenAPath) {
  const ClockTable faster = parse_clock_table(
      {"t", "t.yaml",
       text(element("variant: multiplier, width_activation: 8, width_weight: 8, lanes: 4, pipeline: 0, ns: 9.75") +
            element("variant: multiplier, width_activation: 8, width_weight: 8, lanes: 16, pipeline: 0, ns: 3.75"))});
  EXPECT_DOUBLE_EQ(closing_clock(engine(64, 0), faster).value().mhz, 1000 / 4.0);
}

TEST(Clock, TakesTheSmallestMultiplierThatHoldsAndTheDeepestPipelineThatIsThere) {
  EXPECT_DOUBLE_EQ(mhz(engine(4, 0, 3)), 1000 / 5.0);
  EXPECT_DOUBLE_EQ(mhz(engine(4, 1, 4)), 1000 / 5.0);
  EXPECT_DOUBLE_EQ(mhz(engine(4, 9, 4)), 1000 / 3.0);
  EXPECT_DOUBLE_EQ(mhz(engine(4, 9, 5)), 1000 / 8.0);
}

TEST(Clock, TheLargerSideOfTheArrayIsWhatAnOperandReaches) {
  EngineConfig config = engine(4, 0);
  config.columns = 5;
  EXPECT_DOUBLE_EQ(mhz(config), 1000 / 8.25);
  config.columns = 200;
  EXPECT_DOUBLE_EQ(mhz(config), 1000 / 8.25);
}

TEST(Clock, IsNotSaidOfWhatNothingLikeWasTimed) {
  EXPECT_FALSE(closing_clock(engine(4, 0, 16), table()));
  EngineConfig config = engine(4, 0);
  config.variant = "digit_serial";
  EXPECT_FALSE(closing_clock(config, table()));
  config = engine(4, 0);
  config.post = accelerators::PostForm::shift;
  EXPECT_FALSE(closing_clock(config, table()));
}

TEST(Clock, TablesAreRefusedWithFileAndLine) {
  const auto message = [](const std::string& written) {
    return test::message_of([&] { parse_clock_table({"t", "t.yaml", written}); });
  };
  EXPECT_THAT(message(text("  - {family: mac}\n")), AllOf(HasSubstr("t.yaml:5:"), HasSubstr("variant")));
  const std::string path = "variant: multiplier, width_activation: 8, width_weight: 8, lanes: 16, pipeline: 0, ns: ";
  EXPECT_THAT(message(text(element(path + "0"))), AllOf(HasSubstr("t.yaml:5:"), HasSubstr("0.001")));
  EXPECT_THAT(message(text(element(path + "2") + element(path + "3"))),
              AllOf(HasSubstr("t.yaml:6:"), HasSubstr("twice")));
  EXPECT_THAT(message("node: 45nm\nelements: []\nbroadcast: []\npost: []\n"), HasSubstr("lists no path"));
}

// Depth never makes a path longer by more than what sizing of cells scatters.
TEST(Clock, TheCarriedTableHasEveryFamilyAndADeeperPipelineIsNotSlower) {
  const auto& clock = find_target(carried_tables(), "45nm").clock;
  ASSERT_TRUE(clock);
  for (const ElementPath& path : clock->elements) {
    for (const ElementPath& deeper : clock->elements) {
      if (deeper.family == path.family && deeper.variant == path.variant && deeper.lanes == path.lanes &&
          deeper.width_activation == path.width_activation && deeper.width_weight == path.width_weight &&
          deeper.pipeline > path.pipeline) {
        EXPECT_LE(deeper.ns, path.ns * 1.15) << path.family << " " << path.variant << " " << path.lanes << " lanes, "
                                             << path.pipeline << " -> " << deeper.pipeline;
      }
    }
  }
  for (const EngineConfig& preset : accelerators::preset_engines(EngineConfig()))
    EXPECT_TRUE(closing_clock(preset, *clock)) << preset.family << " " << preset.variant;
}

}  // namespace
}  // namespace lutra::costs
