#include "software/training/seeds/seed_runs.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/training/seeds/seed_report.h"
#include "tests/support/scratch.h"

namespace lutra::training {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class SeedRunsOf : public testing::Test {
 protected:
  void report(const std::string& folder, int seed, double accuracy, int epochs = 12,
              const std::string& training = "one") {
    write_file(scratch_ / folder / fmt::format("seed{}", seed) / "report.json",
               fmt::format(R"({{"training": "{}", "scheme": "uniform", "seed": {}, "epochs": {}, "epochs_wanted": 12,
                               "test_images": 2000, "reference_accuracy": {}}})",
                           training, seed, epochs, accuracy));
  }

  std::string failure(const std::string& folder) {
    try {
      read_seed_runs(scratch_ / folder);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  test::Scratch scratch_;
};

TEST_F(SeedRunsOf, AreReadWithWhatIsNotFinishedBeside) {
  report("a", 1, 90);
  report("a", 10, 91);
  report("a", 2, 80, 7);
  std::filesystem::create_directories(scratch_ / "a/seed3");
  std::filesystem::create_directories(scratch_ / "a/seed_of_doubt");
  const SeedRuns runs = read_seed_runs(scratch_ / "a");
  EXPECT_THAT(runs.accuracies, ElementsAre(Pair(1, 90), Pair(10, 91)));
  EXPECT_THAT(runs.unfinished, ElementsAre(2, 3));
  EXPECT_EQ(runs.training, "one");
  EXPECT_EQ(runs.test_images, 2000U);
  EXPECT_THAT(seed_report(runs), HasSubstr("not finished of 'one': 2, 3"));
}

TEST_F(SeedRunsOf, WhatDoesNotBelongTogetherIsNamed) {
  EXPECT_THAT(failure("nowhere"), HasSubstr("nowhere: holds no finished training of a seed"));
  report("a", 1, 90);
  report("a", 2, 90, 12, "two");
  EXPECT_THAT(failure("a"), HasSubstr("seed2/report.json: 'two', 12 epochs"));
  report("b", 1, 101);
  EXPECT_THAT(failure("b"), HasSubstr("seed1/report.json.reference_accuracy: give 0 to 100"));
  std::filesystem::create_directories(scratch_ / "c");
  report("c", 1, 90);
  std::filesystem::rename(scratch_ / "c/seed1", scratch_ / "c/seed4");
  EXPECT_THAT(failure("c"), HasSubstr("the folder's name says 4"));
  write_file(scratch_ / "d/seed1/report.json", "{");
  EXPECT_THAT(failure("d"), HasSubstr("seed1/report.json"));
}

TEST_F(SeedRunsOf, TwoRecipesAreComparedOverTheSeedsOfBoth) {
  for (int seed = 1; seed <= 6; ++seed) report("a", seed, 90 + 0.1 * seed);
  for (int seed = 3; seed <= 8; ++seed) report("b", seed, 89 + 0.1 * seed + 0.01 * (seed % 2), 12, "other");
  const SeedRuns left = read_seed_runs(scratch_ / "a"), right = read_seed_runs(scratch_ / "b");
  const std::string text = seed_comparison(left, right, 0.5);
  EXPECT_THAT(text, HasSubstr("'one' is above 'other'"));
  EXPECT_THAT(text, HasSubstr("seeds to see 0.5 points in four of five tries: 2"));
  EXPECT_THAT(seed_comparison(right, left, 0.5), HasSubstr("'one' is above 'other'"));
  EXPECT_THAT(seed_json(left, &right, 0.5), HasSubstr("\"seeds\": [\n   3,\n   4,\n   5,\n   6\n  ]"));
}

TEST_F(SeedRunsOf, AnIntervalThatHoldsZeroIsNoOrder) {
  for (int seed = 1; seed <= 4; ++seed) {
    report("a", seed, 90 + seed);
    report("b", seed, 95 - seed, 12, "other");
  }
  EXPECT_THAT(seed_comparison(read_seed_runs(scratch_ / "a"), read_seed_runs(scratch_ / "b"), 0.5),
              HasSubstr("no order"));
}

TEST_F(SeedRunsOf, OneSeedOrNoneInCommonDecidesNothing) {
  report("a", 1, 90);
  report("b", 1, 91, 12, "other");
  report("c", 2, 91, 12, "other");
  EXPECT_THAT(seed_comparison(read_seed_runs(scratch_ / "a"), read_seed_runs(scratch_ / "b"), 0.5),
              HasSubstr("one pair says nothing about chance"));
  EXPECT_THROW(seed_comparison(read_seed_runs(scratch_ / "a"), read_seed_runs(scratch_ / "c"), 0.5), Error);
}

TEST(Seeds, ArePickedByNumberOrByRange) {
  EXPECT_THAT(*read_seeds("3", 7), ElementsAre(7, 8, 9));
  EXPECT_THAT(*read_seeds("2-4", 7), ElementsAre(2, 3, 4));
  for (const char* wrong :
       {"", "0", "-", "3-", "-3", "4-2", "1001", "1-1001", "x", "1-2-3", "99999999999999999999", "1.5"})
    EXPECT_FALSE(read_seeds(wrong, 1)) << wrong;
}

}  // namespace
}  // namespace lutra::training
