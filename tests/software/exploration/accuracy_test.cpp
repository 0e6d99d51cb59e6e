#include "software/exploration/point/accuracy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lutra::exploration {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

network::Dataset labelled(std::vector<network::Label> labels) {
  network::Dataset data;
  data.labels = std::move(labels);
  data.class_names = {"cat", "dog"};
  return data;
}

TEST(Accuracy, CountsWhatEachClassIsTakenFor) {
  result::AccuracyFacts facts;
  count_answers({{0, 0}, {2, 1}, {2, 0}}, labelled({0, 1, 2, 0}), 3, facts);
  EXPECT_EQ(facts.images, 3U);
  EXPECT_EQ(facts.correct, 2U);
  EXPECT_THAT(facts.confusion, ElementsAre(ElementsAre(1, 0, 0), ElementsAre(0, 0, 1), ElementsAre(0, 0, 1)));
  EXPECT_THAT(facts.class_names, ElementsAre("cat", "dog"));
  EXPECT_TRUE(result::confusion_holds(facts));
}

TEST(Accuracy, CountsTheFiveBestOfMoreThanFiveClasses) {
  result::AccuracyFacts facts;
  const std::vector<reference::Answer> answers = {{0, 0}, {1, 4}, {1, 5}};
  count_answers(answers, labelled({0, 0, 0}), 6, facts);
  EXPECT_EQ(facts.correct, 1U);
  EXPECT_EQ(facts.top5_correct, 2U);
  count_float_answers(answers, 6, facts);
  EXPECT_EQ(facts.float_correct, 1U);
  EXPECT_EQ(facts.float_top5_correct, 2U);
  result::AccuracyFacts of_five;
  count_answers({{0, 0}}, labelled({0}), 5, of_five);
  count_float_answers({{0, 0}}, 5, of_five);
  EXPECT_FALSE(of_five.top5_correct.has_value());
  EXPECT_FALSE(of_five.float_top5_correct.has_value());
}

TEST(Accuracy, DoesNotCountTooManyClassesAgainstEachOther) {
  result::AccuracyFacts facts;
  count_answers({{0, 0}}, labelled({0}), 257, facts);
  EXPECT_THAT(facts.confusion, IsEmpty());
  EXPECT_EQ(facts.top5_correct, 1U);
}

}  // namespace
}  // namespace lutra::exploration
