#include "software/exploration/campaign/iso_accuracy.h"

#include <gmock/gmock.h>

#include "tests/software/result/sample_result.h"

namespace lutra::exploration {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A network of 974 of 1000 images right.
ComparedPoint point(std::size_t right, double cycles, costs::Femtojoules energy) {
  ComparedPoint point;
  point.result = test::sample_result();
  point.result->accuracy = {1000, right, 974};
  point.result->cycles.mean = cycles;
  point.result->energy->total = energy;
  return point;
}

struct Sample {
  Comparison comparison = parse_comparison(
      "comparison: c\nbase: embedded\nrows: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]\n", "c.yaml");
  ComparisonOutcome outcome;
  Sample() {
    ComparedTable table;
    table.points = {point(969, 400, 4'000'000'000),
                    point(964, 100, 2'000'000'000),
                    point(963, 50, 1'000'000'000),
                    point(980, 400, 3'000'000'000),
                    {}};
    table.points.back().error = "failed";
    outcome.tables = {table};
  }
};

TEST(IsoAccuracy, RowsWithinEachLossStandBestFirst) {
  const auto within = within_losses(Sample().outcome.tables[0]);
  ASSERT_EQ(within.size(), 2U);
  EXPECT_THAT(within[0].by_cycles, ElementsAre(0, 3));
  EXPECT_THAT(within[0].by_energy, ElementsAre(3, 0));
  EXPECT_THAT(within[1].by_cycles, ElementsAre(1, 0, 3));
  EXPECT_THAT(within[1].by_energy, ElementsAre(1, 3, 0));
  EXPECT_EQ(place_in(within[1].by_energy, 3), std::size_t{2});
  EXPECT_EQ(place_in(within[1].by_energy, 2), std::nullopt);
}

TEST(IsoAccuracy, ARowWithoutEnergyHasNoPlaceByIt) {
  ComparisonOutcome outcome = Sample().outcome;
  outcome.tables[0].points[0].result->energy.reset();
  const auto within = within_losses(outcome.tables[0]);
  EXPECT_THAT(within[0].by_cycles, ElementsAre(0, 3));
  EXPECT_THAT(within[0].by_energy, ElementsAre(3));
}

TEST(IsoAccuracy, TheTextNamesTheBestOfEachLossOrThatThereIsNone) {
  Sample sample;
  const std::string text = iso_accuracy_text(sample.comparison, sample.outcome, false);
  EXPECT_THAT(text, HasSubstr("no more than 0.5 or 1.0 points below the float network"));
  EXPECT_THAT(text, HasSubstr("equal shape within 0.5: fewest cycles a (400); least energy d (3.0 uJ)\n"));
  EXPECT_THAT(text, HasSubstr("equal shape within 1.0: fewest cycles b (100); least energy b (2.0 uJ)\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nc ")));
  sample.outcome.tables[0].points = {point(963, 50, 1)};
  EXPECT_THAT(iso_accuracy_text(sample.comparison, sample.outcome, true),
              HasSubstr("- equal shape within 0.5: nothing\n- equal shape within 1.0: nothing\n"));
}

TEST(IsoAccuracy, WithoutAFloatNetworkThereIsNothingToSay) {
  Sample sample;
  for (ComparedPoint& point : sample.outcome.tables[0].points)
    if (point.result) point.result->accuracy.float_correct.reset();
  EXPECT_THAT(within_losses(sample.outcome.tables[0])[1].by_cycles, IsEmpty());
  EXPECT_EQ(iso_accuracy_text(sample.comparison, sample.outcome, false), "");
}

}  // namespace
}  // namespace lutra::exploration
