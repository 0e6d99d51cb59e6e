#include "software/result/golden.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "tests/software/result/sample_result.h"
#include "tests/software/scenario/message.h"
#include "tests/support/damage_text.h"

namespace lutra::result {
namespace {

using test::message_of;
using test::sample_result;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

std::vector<std::string> changes(const std::string& golden, const std::string& now) {
  std::vector<std::string> all;
  for (const Difference& difference : compare_golden(golden, now, "g.json")) all.push_back(difference.text());
  return all;
}

template <typename Damage>
std::vector<std::string> changes_after(const Damage& damage) {
  Result now = sample_result();
  damage(now);
  return changes(to_golden(sample_result()), to_golden(now));
}

TEST(Golden, AResultEqualsItself) {
  EXPECT_THAT(changes_after([](Result&) {}), IsEmpty());
}

TEST(Golden, SaysWhatChangedFromWhatToWhatAndByHowMuch) {
  EXPECT_THAT(changes_after([](Result& r) {
                r.cycles.total = 153;
                r.accuracy.correct = 1;
                r.layers[0].causes.load = 19;
              }),
              ElementsAre("accuracy.correct: 2 -> 1 (-1, -50 %)", "cycles.total: 150 -> 153 (+3, +2 %)",
                          "layers.conv,1.by_cause.load: 20 -> 19 (-1, -5 %)"));
}

TEST(Golden, OneFemtojouleIsADifference) {
  EXPECT_THAT(changes_after([](Result& r) { ++r.energy->total; }),
              ElementsAre("energy_fj.total: 3500000000 -> 3500000001 (+1, +2.86e-08 %)"));
}

TEST(Golden, AChangeFromZeroHasNoPercentage) {
  EXPECT_THAT(changes_after([](Result& r) { r.layers[1].causes.load = 4; }),
              ElementsAre("layers.fc.by_cause.load: 0 -> 4 (+4)"));
}

TEST(Golden, WordsAndTruthsAreCompared) {
  EXPECT_THAT(changes_after([](Result& r) {
                r.engine->rows = 8;
                r.resources->fits = false;
              }),
              ElementsAre("engine: \"mac 16x16x1\" -> \"mac 8x16x1\"", "resources.fits: true -> false"));
}

TEST(Golden, SaysWhatIsNewAndWhatIsGone) {
  const auto renamed = changes_after([](Result& r) { r.layers[1].name = "dense"; });
  EXPECT_THAT(renamed, testing::Contains("layers.dense.macs: 100 is new"));
  EXPECT_THAT(renamed, testing::Contains("layers.fc.macs: 100 is gone"));
  EXPECT_THAT(changes_after([](Result& r) { r.cpu_only_cycles.reset(); }),
              ElementsAre("cpu_only_cycles: 12000 -> null"));
}

TEST(Golden, LayersOfOneNameAreKeptApart) {
  Result twice = sample_result();
  twice.layers[1].name = twice.layers[0].name;
  EXPECT_EQ(Json::parse(to_golden(twice)).at("layers").size(), 3U);
}

TEST(Golden, LeavesOutWhatDependsOnTheMachineOrOnWording) {
  EXPECT_THAT(changes_after([](Result& r) {
                r.accuracy.float_correct = 1;
                r.energy->not_counted = {"something else"};
                r.description = "other words";
              }),
              IsEmpty());
}

TEST(Golden, NamesAGoldenFileThatIsNotJson) {
  EXPECT_THAT(message_of([] { changes("{", "{}"); }), StartsWith("g.json: "));
  EXPECT_THAT(message_of([] { changes(std::string(100, '['), "{}"); }), StartsWith("g.json: "));
}

TEST(Golden, ShapesThatDifferAreDifferences) {
  EXPECT_THAT(changes("{\"a\": [1, 2], \"b\": {}}", "{\"a\": [1], \"b\": {\"c\": 1}}"),
              ElementsAre("b.c: 1 is new", "a[1]: 2 is gone", "b: {} is gone"));
  EXPECT_THAT(changes("3", "{\"a\": \"3\"}"), ElementsAre("a: \"3\" is new", ": 3 is gone"));
}

// Any bytes compare or give an Error.
TEST(Golden, MutatedTextComparesOrIsAnError) {
  const std::string original = to_golden(sample_result());
  constexpr unsigned seed = 3;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int different = 0, refused = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text = original;
    test::damage_text(text, random, "[]{}:,-\"0123456789.e\n ", 5);
    if (message_of([&] { different += changes(text, original).empty() ? 0 : 1; }) != "no error") ++refused;
  }
  EXPECT_GT(different, 50);
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace lutra::result
