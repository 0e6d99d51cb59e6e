#include "software/exploration/campaign/run_points.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "software/common/digest.h"
#include "software/common/files.h"
#include "software/exploration/campaign/point_key.h"
#include "software/network/zoo/zoo.h"
#include "software/result/result_json.h"
#include "tests/support/scratch.h"

namespace lutra::exploration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* shape =
    "name: small\n"
    "network: {model: net.onnx, dataset: embedded, normalisation: {range: 1, mean: [0.5], deviation: [0.25]}}\n"
    "scheme: {name: uniform, calibration_images: 4}\n"
    "engine: {rows: 4}\n"
    "run: {images: 20, simulate: 1}\n";

class RunPoints : public testing::Test {
 protected:
  RunPoints() {
    write_file(scratch_ / "net.onnx", *network::find_in_zoo("embedded_resnet.onnx"));
    options_.program = "p";
  }

  // One point for each list of settings.
  Points points(const std::vector<std::vector<std::string>>& settings) const {
    return {settings.size(), [this, settings](std::size_t i) {
              scenario::Overrides overrides;
              for (const std::string& setting : settings[i])
                overrides.push_back(scenario::parse_override(setting, "setting"));
              return scenario::apply_overrides({(scratch_ / "small.yaml").string(), parse_yaml(shape, "small.yaml")},
                                               overrides);
            }};
  }
  Stores stores(const std::string& folder = "points") {
    const auto warn = [this](const std::string& text) { warnings_ += text + "\n"; };
    return {{scratch_ / folder, warn}, {scratch_ / folder / "networks", warn}};
  }
  // With files read anew.
  PointsOutcome run(const Points& points, const Stores* stores, std::size_t jobs = 1) {
    Inputs inputs;
    PointsOptions options = options_;
    options.inputs = &inputs;
    options.jobs = jobs;
    return run_points(points, stores, options);
  }
  std::size_t files(const std::string& folder) const {
    const std::filesystem::directory_iterator entries(scratch_ / folder);
    return static_cast<std::size_t>(
        std::count_if(begin(entries), end(entries), [](const auto& entry) { return entry.is_regular_file(); }));
  }

  test::Scratch scratch_;
  PointsOptions options_;
  std::string warnings_;
};

TEST_F(RunPoints, GivesTheSameResultsForAnyNumberOfJobs) {
  const Points grid = points({{"engine.rows=4"}, {"engine.rows=8"}, {"scheme.weight_bits=4"}});
  const PointsOutcome one = run(grid, nullptr, 1), many = run(grid, nullptr, 3);
  ASSERT_EQ(one.points.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one.points[i].error, "");
    EXPECT_EQ(one.points[i].key, many.points[i].key);
    EXPECT_EQ(one.points[i].json, many.points[i].json);
  }
  EXPECT_NE(one.points[0].json, one.points[1].json);
}

TEST_F(RunPoints, GoesOnFromWhatIsStored) {
  const Stores kept = stores();
  const PointsOutcome first = run(points({{"engine.rows=4"}, {"engine.rows=8"}}), &kept, 2);
  EXPECT_EQ(first.ran, 2U);
  EXPECT_EQ(first.stored, 0U);
  EXPECT_EQ(files("points/networks"), 2U) << "one network and its accuracy";
  const PointsOutcome second = run(points({{"engine.rows=4"}, {"engine.rows=8"}, {"engine.rows=16"}}), &kept, 2);
  EXPECT_EQ(second.ran, 1U);
  EXPECT_EQ(second.stored, 2U);
  EXPECT_EQ(files("points"), 3U);
  EXPECT_EQ(files("points/networks"), 2U);
  for (const PointOutcome& point : second.points) EXPECT_TRUE(kept.points.has(point.key));
}

// An accuracy that no measurement finds, put where the network's is kept, is that of every point.
TEST_F(RunPoints, PointsShareTheMeasuredNetworkWhateverTheNumberOfJobs) {
  const Points grid = points({{"engine.rows=4"}, {"engine.rows=8"}, {"engine.rows=16"}, {"scheme.weight_bits=4"}});
  for (const std::size_t jobs : {1U, 4U}) {
    const Stores kept = stores(std::to_string(jobs));
    Inputs inputs;
    const PointKey key = make_point_key(grid.variant(0), true, "p", costs::carried_tables(), inputs);
    run(points({{"engine.rows=32"}}), &kept);
    auto measured = kept.networks.load(key.network);
    ASSERT_TRUE(measured.has_value());
    EXPECT_NE(measured->accuracy.correct, 3U);
    measured->accuracy.correct = 3;
    measured->accuracy.confusion.clear();  // they would not add up to it
    kept.networks.save(key.network, *measured, key.origin);
    const PointsOutcome ran = run(grid, &kept, jobs);
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_EQ(kept.points.load(ran.points[i].key).accuracy.correct == 3, i < 3) << i;
  }
}

TEST_F(RunPoints, AFileThatChangesWhilePointsRunChangesNothing) {
  const Points grid = points({{"engine.rows=4"}, {"engine.rows=8"}});
  const PointsOutcome undisturbed = run(grid, nullptr);
  options_.progress = [&](std::size_t, std::size_t) { write_file(scratch_ / "net.onnx", "another file"); };
  const PointsOutcome disturbed = run(grid, nullptr);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(disturbed.points[i].json, undisturbed.points[i].json);
  // And what comes next sees the file as it is now.
  const PointsOutcome next = run(grid, nullptr);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NE(next.points[i].key, undisturbed.points[i].key);
    EXPECT_THAT(next.points[i].error, HasSubstr("net.onnx"));
  }
}

TEST_F(RunPoints, APointThatTakesTooLongFailsAndTheOthersDoNot) {
  options_.point_seconds = 20;
  const Stores kept = stores();
  const PointsOutcome ran = run(points({{"engine=none", "run.simulate=2000"}, {"engine.rows=8"}}), &kept, 2);
  EXPECT_EQ(ran.points[0].error, "took longer than 20 s and was ended");
  EXPECT_EQ(ran.points[1].error, "");
  EXPECT_FALSE(kept.points.has(ran.points[0].key));
  EXPECT_TRUE(kept.points.has(ran.points[1].key));
}

TEST_F(RunPoints, EqualPointsAreOne) {
  const Stores kept = stores();
  std::size_t to_run = 0;
  options_.progress = [&](std::size_t, std::size_t total) { to_run = total; };
  const PointsOutcome ran = run(points({{"engine.rows=8"}, {"engine.rows=8"}}), &kept);
  EXPECT_EQ(ran.points[0].key, ran.points[1].key);
  EXPECT_EQ(ran.ran, 1U);
  EXPECT_EQ(to_run, 1U);
  EXPECT_EQ(files("points"), 1U);
}

TEST_F(RunPoints, AFailureIsThatOfItsPointsAlone) {
  const Points grid = points({{"engine.rows=999"},                 // no scenario
                              {"engine.weight_bits=2"},            // an encoding that the engine refuses
                              {"scheme.calibration_images=9000"},  // a network that cannot be made
                              {"scheme.calibration_images=9000", "engine.rows=8"},
                              {"engine.rows=8"}});
  const PointsOutcome ran = run(grid, nullptr, 2);
  EXPECT_THAT(ran.points[0].error, HasSubstr("engine.rows: '999'"));
  EXPECT_THAT(ran.points[0].key, IsEmpty());
  EXPECT_THAT(ran.points[1].error, HasSubstr("weight_bits"));
  EXPECT_THAT(ran.points[2].error, HasSubstr("calibration_images"));
  EXPECT_EQ(ran.points[3].error, ran.points[2].error);
  EXPECT_EQ(ran.points[4].error, "");
  EXPECT_EQ(ran.ran, 4U);
}

TEST_F(RunPoints, ADamagedResultIsNamedAndComputedAgain) {
  const Stores kept = stores();
  const Points one = points({{"engine.rows=8"}});
  const std::string key = run(one, &kept).points[0].key;
  const std::string good = result::to_json(kept.points.load(key));
  const std::filesystem::path file = scratch_ / "points" / (key + ".json.gz");
  std::string bytes = read_text_file(file);
  bytes[bytes.size() / 2] ^= 4;
  write_file(file, bytes);
  EXPECT_EQ(run(one, &kept).ran, 1U);
  EXPECT_THAT(warnings_, StartsWith(file.string() + ": cannot be believed"));
  EXPECT_EQ(result::to_json(kept.points.load(key)), good);
}

TEST_F(RunPoints, AnEntrySaysWhatItWasComputedFrom) {
  const Stores kept = stores();
  const std::string key = run(points({{"engine.rows=8"}}), &kept).points[0].key;
  const std::string bytes = read_text_file(scratch_ / "points" / (key + ".json.gz"));
  const std::string model = sha256(read_file(scratch_ / "net.onnx"));
  EXPECT_THAT(bytes, HasSubstr("\nprogram p\ncost tables of the program\nmodel " + model + "\ntest images "));
}

}  // namespace
}  // namespace lutra::exploration
