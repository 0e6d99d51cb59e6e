#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* grid =
    "name: grid\n"
    "base: embedded\n"
    "set: {run.images: 20, run.simulate: 1, run.cpu_baseline: false, scheme.calibration_images: 4}\n"
    "axes:\n"
    "  engine.rows: [4, 16]\n"
    "  scheme.weight_bits: [4, 8]\n"
    "pareto: {minimise: [cycles, lut]}\n";

class SweepCommand : public testing::Test {
 protected:
  SweepCommand() { write_file(scratch_ / "grid.yaml", grid); }

  CommandResult sweep(const std::string& arguments) { return lutra_command(scratch_, "sweep " + arguments); }
  std::string file(const std::string& name) { return read_text_file(scratch_ / name); }
  std::size_t stored(const std::string& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_ / folder)) {
      if (!entry.is_regular_file()) continue;
      EXPECT_EQ(entry.path().extension(), ".gz") << "something else is left: " << entry.path();
      ++count;
    }
    return count;
  }
  std::vector<nlohmann::json> points(const std::string& folder) {
    std::vector<nlohmann::json> all;
    std::istringstream lines(file(folder + "/sweep.jsonl"));
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
  // A bad value, an encoding that the engine refuses, and a good point.
  void write_sweep_with_failures() {
    write_file(scratch_ / "bad.yaml", std::string(grid) +
                                          "points:\n"
                                          "  - {engine.rows: 999}\n"
                                          "  - {engine.weight_bits: 2}\n"
                                          "  - {engine.rows: 8}\n");
  }

  Scratch scratch_;
};

TEST_F(SweepCommand, RunsEveryPointAndWritesTheTables) {
  const CommandResult printed = sweep("grid.yaml --output out --jobs 2");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.output, HasSubstr("Pareto front (least cycles, least lut): "));
  const auto rows = points("out");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].at("set").at("engine.rows"), 4);
  EXPECT_EQ(rows[1].at("set").at("scheme.weight_bits"), 8);
  EXPECT_EQ(rows[1].at("scheme_label"), "uniform W8A8");
  EXPECT_EQ(rows[1].at("engine_label"), "mac 4x16x1");
  EXPECT_EQ(rows[1].at("images"), 20);
  EXPECT_GT(rows[1].at("cycles"), rows[3].at("cycles"));
  EXPECT_LT(rows[1].at("lut"), rows[3].at("lut"));
  EXPECT_EQ(stored("out/points"), 4U);
}

TEST_F(SweepCommand, APointIsWhatARunWithTheSameKeysFinds) {
  ASSERT_EQ(sweep("grid.yaml --output out").exit_code, 0);
  const CommandResult run =
      lutra_command(scratch_,
                    "run embedded --no-float --output run --set run.images=20 --set run.simulate=1 --set "
                    "run.cpu_baseline=false --set scheme.calibration_images=4 --set engine.rows=4 --set "
                    "scheme.weight_bits=8");
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const std::string kept = "out/points/" + points("out")[1].at("key").get<std::string>() + ".json.gz";
  EXPECT_EQ(file("run/result.json"), shell(scratch_, "zcat " + kept).output);
}

TEST_F(SweepCommand, TheTablesAreTheSameBytesForAnyNumberOfJobs) {
  write_sweep_with_failures();
  EXPECT_EQ(sweep("bad.yaml --output one --jobs 1").exit_code, 1);
  EXPECT_EQ(sweep("bad.yaml --output two --jobs 2").exit_code, 1);
  EXPECT_EQ(file("one/sweep.csv"), file("two/sweep.csv"));
  EXPECT_EQ(file("one/sweep.jsonl"), file("two/sweep.jsonl"));
}

TEST_F(SweepCommand, FinishedPointsAreNotRunAgainAndAreSharedBetweenSweeps) {
  EXPECT_THAT(sweep("grid.yaml --output out").errors, HasSubstr("4 points ran now, 0 results were stored before"));
  const std::string first = file("out/sweep.csv");
  EXPECT_THAT(sweep("grid.yaml --output out").errors, HasSubstr("0 points ran now, 4 results were stored before"));
  EXPECT_EQ(file("out/sweep.csv"), first);

  std::string other = grid;
  other.replace(other.find("[4, 16]"), 7, "[8, 16]");
  write_file(scratch_ / "other.yaml", other);
  EXPECT_THAT(sweep("other.yaml --output other --store out/points").errors,
              HasSubstr("2 points ran now, 2 results were stored before"));
  EXPECT_EQ(stored("out/points"), 6U);
}

TEST_F(SweepCommand, PointsThatAreOneScenarioRunOnce) {
  write_file(scratch_ / "twice.yaml", std::string(grid) + "points: [{scheme.weight_bits: 4, engine.rows: 16}]\n");
  EXPECT_THAT(sweep("twice.yaml --output out").errors, HasSubstr("4 points ran now"));
  const auto rows = points("out");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[4].at("key"), rows[2].at("key"));
  EXPECT_EQ(rows[4].at("cycles"), rows[2].at("cycles"));
}

TEST_F(SweepCommand, AFailingPointIsRecordedAndTheRestGoesOn) {
  write_sweep_with_failures();
  const CommandResult printed = sweep("bad.yaml --output out");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors,
              HasSubstr("lutra: error: 2 of 7 points failed; the first: bad.yaml: point 4 (engine.rows=999): "
                        "bad.yaml:9: engine.rows: '999' stands where a whole number from 1 to 255 is expected\n"));
  EXPECT_THAT(printed.output, HasSubstr("bad.yaml: point 5 (engine.weight_bits=2): "));
  const auto rows = points("out");
  ASSERT_EQ(rows.size(), 7U);
  EXPECT_THAT(rows[4].at("error").get<std::string>(), HasSubstr("'999'"));
  EXPECT_THAT(rows[5].at("error").get<std::string>(), HasSubstr("8-bit weights on 2-bit multipliers"));
  EXPECT_GT(rows[6].at("cycles"), 0);
  EXPECT_EQ(stored("out/points"), 5U);
  EXPECT_THAT(file("out/sweep.csv"), HasSubstr("\n4,999,,,"));
  EXPECT_THAT(sweep("bad.yaml --output out").errors,
              HasSubstr("1 points ran now, 5 results were stored before"));  // the failed one is tried again
}

TEST_F(SweepCommand, AnInterruptedSweepGoesOnAndEndsWithTheSameBytes) {
  std::string slow = grid;
  slow.replace(slow.find("[4, 16]"), 7, "[4, 8, 12, 16]");
  write_file(scratch_ / "slow.yaml", slow);
  ASSERT_EQ(sweep("slow.yaml --output whole --quiet").exit_code, 0);
  const CommandResult interrupted =
      shell(scratch_,
            std::string(LUTRA_COMMAND) +
                " sweep slow.yaml --output parts --jobs 1 & sweep=$!; "
                "until ls parts/points/*.json.gz >/dev/null 2>&1; do sleep 0.02; done; kill -INT $sweep; wait $sweep");
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_THAT(interrupted.errors, HasSubstr("lutra: interrupted after "));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "parts/sweep.csv"));
  const std::size_t kept = stored("parts/points");
  EXPECT_GE(kept, 1U);
  EXPECT_LT(kept, 8U);
  const CommandResult resumed = sweep("slow.yaml --output parts");
  EXPECT_EQ(resumed.exit_code, 0);
  EXPECT_THAT(resumed.errors, HasSubstr(std::to_string(kept) + " results were stored before"));
  EXPECT_EQ(file("parts/sweep.csv"), file("whole/sweep.csv"));
  EXPECT_EQ(file("parts/sweep.jsonl"), file("whole/sweep.jsonl"));
}

TEST_F(SweepCommand, WhatIsStoredAndDamagedIsNamedSetAsideAndComputedAgain) {
  ASSERT_EQ(sweep("grid.yaml --output out --quiet").exit_code, 0);
  const std::string before = file("out/sweep.csv");
  const std::string damaged = "out/points/" + points("out")[2].at("key").get<std::string>() + ".json.gz";
  write_file(scratch_ / damaged, "{}");
  for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "out/points/networks")) {
    std::string content = read_text_file(entry.path());
    content[content.size() / 2] ^= 1;
    write_file(entry.path(), content);
  }
  const CommandResult printed = sweep("grid.yaml --output out --jobs 1");
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.errors, HasSubstr("lutra: warning: " + damaged + ": cannot be believed"));
  EXPECT_THAT(printed.errors, HasSubstr(".onnx.gz: cannot be believed"));
  EXPECT_THAT(printed.errors, HasSubstr("1 points ran now, 3 results were stored before"));
  EXPECT_EQ(file("out/sweep.csv"), before);
  EXPECT_TRUE(std::filesystem::exists(scratch_ / (damaged + ".damaged")));
}

TEST_F(SweepCommand, RefusesAFileThatIsNotASweepAndLeavesNothingBehind) {
  write_file(scratch_ / "none.yaml", "name: x\nbase: embedded\naxes: {engine.rows: 8}\n");
  const CommandResult printed = sweep("none.yaml --output out");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_EQ(printed.errors, "lutra: error: none.yaml:3: axes.engine.rows: '8' stands where a list is expected\n");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out"));
  EXPECT_EQ(sweep("nowhere.yaml --output out").exit_code, 1);
  EXPECT_EQ(sweep("grid.yaml").exit_code, 2);
  EXPECT_EQ(sweep("--output out").exit_code, 2);
  EXPECT_EQ(sweep("grid.yaml --output out --jobs 0").exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out"));
}

TEST_F(SweepCommand, QuietPrintsNothing) {
  const CommandResult printed = sweep("grid.yaml --output out --quiet");
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_EQ(printed.output, "");
  EXPECT_THAT(printed.errors, Not(HasSubstr("points")));
}

}  // namespace
}  // namespace lutra::test
