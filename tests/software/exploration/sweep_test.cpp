#include "software/exploration/campaign/sweep.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <random>

#include "software/common/files.h"
#include "software/exploration/campaign/sweep_run.h"
#include "tests/software/scenario/message.h"
#include "tests/support/damage_text.h"
#include "tests/support/scratch.h"

namespace lutra::exploration {
namespace {

using test::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string head = "name: s\nbase: embedded\n";  // the next line is the third

std::string refusal(const std::string& text) {
  return message_of([&] { parse_sweep(text, "grid.yaml"); });
}

std::vector<std::string> labels(const std::string& text) {
  const Sweep sweep = parse_sweep(text, "grid.yaml");
  std::vector<std::string> all;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) all.push_back(point_label(sweep, i));
  return all;
}

TEST(Sweep, TheLastAxisVariesFastest) {
  EXPECT_THAT(
      labels(head + "axes: {engine.rows: [4, 8], scheme.weight_bits: [2, 3]}\n"),
      ElementsAre("point 0 (engine.rows=4 scheme.weight_bits=2)", "point 1 (engine.rows=4 scheme.weight_bits=3)",
                  "point 2 (engine.rows=8 scheme.weight_bits=2)", "point 3 (engine.rows=8 scheme.weight_bits=3)"));
}

TEST(Sweep, ZippedKeysWalkTogetherAndAreOneAxis) {
  EXPECT_THAT(
      labels(head + "axes: {engine.rows: [4, 8]}\nzip:\n  - {engine.columns: [1, 2], engine.post_lanes: [1, 2]}\n"),
      ElementsAre("point 0 (engine.rows=4 engine.columns=1 engine.post_lanes=1)",
                  "point 1 (engine.rows=4 engine.columns=2 engine.post_lanes=2)",
                  "point 2 (engine.rows=8 engine.columns=1 engine.post_lanes=1)",
                  "point 3 (engine.rows=8 engine.columns=2 engine.post_lanes=2)"));
}

TEST(Sweep, SinglePointsFollowTheGrid) {
  EXPECT_THAT(labels(head + "points: [{engine: none}, {engine.rows: 3}]\naxes: {engine.rows: [4]}\n"),
              ElementsAre("point 0 (engine.rows=4)", "point 1 (engine=none)", "point 2 (engine.rows=3)"));
}

TEST(Sweep, AKeySetForAllIsInEveryPointAndNotAColumn) {
  const Sweep sweep = parse_sweep(head + "set: {run.images: 7}\naxes: {engine.rows: [4, 8]}\n", "grid.yaml");
  EXPECT_THAT(sweep.keys, ElementsAre("engine.rows"));
  for (const scenario::Overrides& point : sweep.points)
    EXPECT_EQ(scenario::apply_overrides(sweep.base, point).scenario.run.images, std::size_t{7});
}

TEST(Sweep, AValueMayBeAMappingThatALaterKeyChanges) {
  const Sweep sweep = parse_sweep(head + "axes: {engine: [{family: mac, lanes: 2}], engine.rows: [3]}\n", "grid.yaml");
  const scenario::Scenario scenario = scenario::apply_overrides(sweep.base, sweep.points.at(0)).scenario;
  EXPECT_EQ(scenario.engine->lanes, 2);
  EXPECT_EQ(scenario.engine->rows, 3);
}

TEST(Sweep, GoalsAreFiguresWithADirection) {
  const Sweep sweep = parse_sweep(
      head + "points: [{engine.rows: 4}]\npareto: {minimise: [cycles, lut], maximise: [accuracy_percent]}\n",
      "grid.yaml");
  EXPECT_EQ(sweep.objectives.text(), "least cycles, least lut, most accuracy_percent");
}

TEST(Sweep, TheBaseLiesBesideTheSweepOrIsCarried) {
  const test::Scratch folder;
  write_file(folder / "own.yaml",
             "name: own\nnetwork: {model: embedded, dataset: embedded}\nscheme: {name: uniform}\nengine: none\n");
  write_file(folder / "grid.yaml", "name: s\nbase: own.yaml\naxes: {engine: [none]}\n");
  const Sweep sweep = load_sweep((folder / "grid.yaml").string());
  EXPECT_EQ(sweep.base.file, (folder / "own.yaml").string());
  EXPECT_EQ(scenario::apply_overrides(sweep.base, sweep.points[0]).scenario.name, "own");
  EXPECT_THAT(refusal("name: s\nbase: embeded\naxes: {engine: [none]}\n"),
              StartsWith("grid.yaml:2: base: scenario 'embeded' is neither a file nor one that Lutra carries; did you "
                         "mean 'embedded'?"));
}

TEST(Sweep, ABadValueIsBlamedOnItsLineOfTheSweepWhenThePointIsMade) {
  const Sweep sweep = parse_sweep(head + "axes:\n  engine.rows: [8, 999]\n", "grid.yaml");
  EXPECT_EQ(message_of([&] { scenario::apply_overrides(sweep.base, sweep.points[0]); }), "no error");
  EXPECT_EQ(message_of([&] { scenario::apply_overrides(sweep.base, sweep.points[1]); }),
            "grid.yaml:4: engine.rows: '999' stands where a whole number from 1 to 255 is expected");
}

TEST(Sweep, RefusesAFileThatIsNotASweep) {
  EXPECT_EQ(refusal(head), "grid.yaml:1: there are no points; give 'axes', 'zip' or 'points'");
  EXPECT_EQ(refusal(head + "axis: {a: [1]}\n"), "grid.yaml:3: key 'axis' is unknown here; did you mean 'axes'?");
  EXPECT_EQ(refusal("base: embedded\naxes: {a: [1]}\n"), "grid.yaml:1: key 'name' is missing");
  EXPECT_EQ(refusal("name: s\naxes: {a: [1]}\n"), "grid.yaml:1: key 'base' is missing");
  EXPECT_EQ(refusal(head + "axes: {engine.rows: 8}\n"),
            "grid.yaml:3: axes.engine.rows: '8' stands where a list is expected");
  EXPECT_EQ(refusal(head + "axes: {engine.rows: []}\n"),
            "grid.yaml:3: axes.engine.rows: the list is empty; give the values that this key takes");
  EXPECT_THAT(refusal(head + "axes: {engine..rows: [8]}\n"), HasSubstr("'engine..rows' names no key"));
  EXPECT_EQ(refusal(head + "zip: [{}]\n"), "grid.yaml:3: zip[0]: is empty; give keys, each with a list of values");
  EXPECT_EQ(refusal(head + "zip:\n  - engine.rows: [1, 2]\n    engine.columns: [1]\n"),
            "grid.yaml:5: zip[0].engine.columns: has 1 values and 'engine.rows' has 2; keys that are zipped need "
            "equally many");
  EXPECT_THAT(refusal(head + "points: [engine]\n"), HasSubstr("grid.yaml:3: points[0]: 'engine' stands where"));
  EXPECT_THAT(refusal(head + "axes: {a: [1]}\npareto: {}\n"), HasSubstr("grid.yaml:4: pareto: gives no columns"));
  EXPECT_THAT(refusal(head + "axes: {a: [1]}\npareto: {minimise: [cycels]}\n"),
              HasSubstr("'cycels' is none of the choices; did you mean 'cycles'?"));
  EXPECT_THAT(refusal(head + "axes: {a: [1]}\npareto: {minimise: [fits]}\n"), HasSubstr("none of the choices"));
  EXPECT_THAT(refusal(head + "axes: {a: [1]}\npareto: {minimise: [lut], maximise: [lut]}\n"),
              HasSubstr("'lut' is given twice"));
}

TEST(Sweep, AKeyThatUndoesAnotherIsRefused) {
  EXPECT_EQ(refusal(head + "set: {engine.rows: 8}\naxes: {engine.rows: [4]}\n"),
            "grid.yaml:4: engine.rows: would undo 'engine.rows' of line 3; give a key once");
  EXPECT_EQ(refusal(head + "axes:\n  engine.rows: [4]\n  engine: [none]\n"),
            "grid.yaml:5: engine: would undo 'engine.rows' of line 4; give the outer key first");
}

TEST(Sweep, MorePointsOrKeysThanAreAcceptedAreRefused) {
  std::string many = "[0";
  for (int i = 1; i < 1000; ++i) many += "," + std::to_string(i);
  many += "]";
  const std::string axes = "axes:\n  a: " + many + "\n  b: " + many + "\n";
  EXPECT_THAT(refusal(head + axes), HasSubstr("more than the 100000 points"));
  std::string overflow = head + "axes:\n";
  for (char c = 'a'; c <= 'z'; ++c) overflow += std::string("  ") + c + ": " + many + "\n";
  EXPECT_THAT(refusal(overflow), HasSubstr("more than the 100000 points"));
  std::string keys = head + "set:\n";
  for (int i = 0; i < 65; ++i) keys += "  k" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(refusal(keys + "points: [{a: 1}]\n"), HasSubstr("a point sets 66 keys"));
  std::string columns = head + "points:\n";
  for (int i = 0; i < 65; ++i) columns += "  - {k" + std::to_string(i) + ": 1}\n";
  EXPECT_THAT(refusal(columns), HasSubstr("more than the 64 keys"));
}

TEST(Sweep, EveryShippedSweepAndEachOfItsPointsIsValid) {
  int found = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(LUTRA_SOURCE_DIR) / "scenarios/sweeps")) {
    SCOPED_TRACE(entry.path());
    const Sweep sweep = load_sweep(entry.path().string());
    EXPECT_EQ(sweep.name, entry.path().stem());
    for (const scenario::Overrides& point : sweep.points) scenario::apply_overrides(sweep.base, point);
    ++found;
  }
  EXPECT_GT(found, 0);
}

// Any bytes give a sweep or an Error, and so does any of its points.
TEST(Sweep, MutatedTextIsASweepOrAnError) {
  const std::string original = head +
                               "set: {run.images: 7}\naxes: {engine.rows: [4, 8], scheme: [{name: uniform}]}\n"
                               "zip: [{engine.columns: [1, 2], engine.lanes: [1, 2]}]\npoints: [{engine: none}]\n"
                               "pareto: {minimise: [cycles], maximise: [accuracy_percent]}\n";
  constexpr unsigned seed = 21;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text = original;
    for (unsigned i = 0; i <= random() % 3; ++i) test::damage_text(text, random, "[]{}:,-.&*!0123456789e\n ", 5);
    const std::string message = message_of([&] {
      const Sweep sweep = parse_sweep(text, "grid.yaml");
      for (const scenario::Overrides& point : sweep.points) scenario::apply_overrides(sweep.base, point);
    });
    if (message != "no error") ++refused;
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace lutra::exploration
