#include "software/result/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/software/result/sample_result.h"

namespace lutra::result {
namespace {

using testing::StartsWith;

TEST(Report, BeginsWithNameAndDescription) {
  EXPECT_THAT(to_report(test::sample_result()), StartsWith("sample: for tests\nnetwork: "));
}

TEST(Report, BeginsWithTheNameAloneWithoutADescription) {
  Result result = test::sample_result();
  result.description.clear();
  EXPECT_THAT(to_report(result), StartsWith("sample\nnetwork: "));
}

}  // namespace
}  // namespace lutra::result
