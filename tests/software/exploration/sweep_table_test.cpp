#include "software/exploration/campaign/sweep_table.h"

#include <gmock/gmock.h>

#include "tests/software/result/sample_result.h"
#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

SweepRow row_of(const result::Result& result) {
  SweepRow row;
  row.key = "k";
  for (const result::Figure& figure : result::figures()) row.figures.push_back(figure.of(result));
  return row;
}

struct Sample {
  Sweep sweep = parse_sweep(
      "name: s\nbase: embedded\nset: {run.images: 3}\npoints: [{engine.rows: 4}, "
      "{scheme: {name: \"a,b\"}}]\npareto: {minimise: [cycles]}\n",
      "grid.yaml");
  SweepOutcome outcome;
  Sample() {
    outcome.rows = {row_of(test::sample_result()), {}};
    outcome.rows[0].standing.on_front = true;
    outcome.rows[1].error = "no, \"never\"";
    outcome.failed = 1;
  }
};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    all.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return all;
}

TEST(SweepTable, CsvHasALinePerPointWithItsKeysFiguresAndError) {
  const Sample sample;
  const auto rows = lines(to_csv(sample.sweep, sample.outcome));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0], testing::StartsWith("point,engine.rows,scheme,scheme_label,engine_label,accuracy_percent,"));
  EXPECT_THAT(rows[0], testing::EndsWith(",pareto,misses,error"));
  EXPECT_THAT(rows[1], testing::StartsWith(
                           "0,4,,uniform W4A8,mac 16x16x1,66.66666666666667,100.0,100.0,100.0,3,2,150,60,20,5,5,60,"));
  EXPECT_THAT(rows[1], testing::EndsWith(",true,,"));
  EXPECT_THAT(rows[2], testing::StartsWith("1,,\"{\"\"name\"\":\"\"a,b\"\"}\",,"));
  EXPECT_THAT(rows[2], testing::EndsWith(",\"no, \"\"never\"\"\""));
}

TEST(SweepTable, ConstraintsWithoutGoalsAreCountedAndNamed) {
  Sample sample;
  sample.sweep.objectives.goals.clear();
  sample.sweep.objectives.constraints = {{&result::find_figure("cycles"), {}, 50.0}};
  sample.outcome.rows[0].standing = {{}, "cycles 100 is above 50"};
  const std::string report = to_report(sample.sweep, sample.outcome);
  EXPECT_THAT(report, HasSubstr("constraints (cycles at most 50): met by 0 of 2 points\n"));
  EXPECT_THAT(lines(report)[2], testing::EndsWith("misses"));
  EXPECT_THAT(report, HasSubstr("cycles 100 is above 50"));
}

TEST(SweepTable, JsonLinesHoldEveryKeyThatIsSet) {
  const Sample sample;
  const auto rows = lines(to_json_lines(sample.sweep, sample.outcome));
  ASSERT_EQ(rows.size(), 2U);
  const Json first = Json::parse(rows[0]), second = Json::parse(rows[1]);
  EXPECT_EQ(first.at("set"), Json::parse(R"({"run.images":3,"engine.rows":4})"));
  EXPECT_EQ(first.at("cycles"), 150);
  EXPECT_EQ(first.at("energy_uj"), 3.5);
  EXPECT_EQ(first.at("fits"), true);
  EXPECT_EQ(first.at("pareto"), true);
  EXPECT_EQ(first.at("key"), "k");
  EXPECT_EQ(second.at("point"), 1);
  EXPECT_EQ(second.at("error"), "no, \"never\"");
  EXPECT_FALSE(second.contains("cycles"));
}

TEST(SweepTable, TheReportNamesTheFrontAndWhatFailed) {
  const Sample sample;
  const std::string report = to_report(sample.sweep, sample.outcome);
  EXPECT_THAT(report, HasSubstr("Pareto front (least cycles): 0\n"));
  EXPECT_THAT(report, HasSubstr("grid.yaml: point 1 (scheme={\"name\":\"a,b\"}): no, \"never\"\n"));
}

TEST(SweepTable, APointWithoutAGoalsFigureIsNotComparedAndCounted) {
  Sample sample;
  result::Result without = test::sample_result();
  without.energy.reset();
  without.resources.reset();
  without.area.reset();
  sample.outcome.rows[1] = row_of(without);
  EXPECT_THAT(to_report(sample.sweep, sample.outcome),
              HasSubstr("not compared, for a goal's figure is not known: 1\n"));
  EXPECT_THAT(to_csv(sample.sweep, sample.outcome), Not(HasSubstr("null")));
  EXPECT_TRUE(Json::parse(lines(to_json_lines(sample.sweep, sample.outcome))[1]).at("lut").is_null());
}

TEST(SweepTable, HasNoFrontWhereEveryPointFailed) {
  Sample sample;
  sample.outcome.rows[0] = sample.outcome.rows[1];
  EXPECT_THAT(to_report(sample.sweep, sample.outcome), HasSubstr("Pareto front (least cycles): no point\n"));
}

TEST(Figures, AreFoundByName) {
  EXPECT_EQ(result::find_figure("cycles").of(test::sample_result()), 150);
  EXPECT_THAT(test::message_of([] { result::find_figure("cycels"); }), HasSubstr("accuracy_percent"));
}

}  // namespace
}  // namespace lutra::exploration
