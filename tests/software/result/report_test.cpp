#include "software/result/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/software/result/sample_result.h"

namespace lutra::result {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Report, BeginsWithNameAndDescription) {
  EXPECT_THAT(to_report(test::sample_result()), StartsWith("sample: for tests\nnetwork: "));
}

TEST(Report, BeginsWithTheNameAloneWithoutADescription) {
  Result result = test::sample_result();
  result.description.clear();
  EXPECT_THAT(to_report(result), StartsWith("sample\nnetwork: "));
}

TEST(Report, NamesTheTop5WhereThereIsOne) {
  Result result = test::sample_result();
  EXPECT_THAT(to_report(result), HasSubstr("accuracy over 3 test images\ntop 5: 100.00 %, float 100.00 %\n"));
  result.accuracy.float_top5_correct.reset();
  EXPECT_THAT(to_report(result), HasSubstr("\ntop 5: 100.00 %\n"));
  result.accuracy.top5_correct.reset();
  EXPECT_THAT(to_report(result), Not(HasSubstr("top 5")));
}

TEST(Report, ShowsWhatIsTakenForWhat) {
  Result result = test::sample_result();
  EXPECT_THAT(confusion_text(result), AllOf(HasSubstr("class, taken for"), HasSubstr("\ncat "), HasSubstr("\ndog "),
                                            HasSubstr(" 1 "), HasSubstr(".")));
  result.accuracy.confusion.clear();
  EXPECT_EQ(confusion_text(result), "\nmore than 256 classes: what is taken for what is not counted\n");
  result.accuracy.correct.reset();
  EXPECT_EQ(confusion_text(result), "");
}

}  // namespace
}  // namespace lutra::result
