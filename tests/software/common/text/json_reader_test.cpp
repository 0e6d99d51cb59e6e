#include "software/common/text/json_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"

namespace lutra {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

auto parsing(const std::string& text) {
  return [text] { JsonReader::parse(text, "t.json"); };
}

TEST(JsonText, KeepsTheOrderOfKeysAndEveryKindOfValue) {
  const std::string text = R"({"z":[1,-2,0.5,null,true,"\u00e9"],"a":{},"b":[]})";
  EXPECT_EQ(JsonReader::parse(text, "t.json").dump(), R"({"z":[1,-2,0.5,null,true,"é"],"a":{},"b":[]})");
}

TEST(JsonText, RefusesAKeyGivenTwice) {
  EXPECT_THAT(parsing(R"({"a": 1, "b": {"a": 2}, "a": 3})"),
              ThrowsMessage<Error>("t.json: an object has the key 'a' twice"));
}

TEST(JsonText, RefusesWhatIsNoJsonInFewWords) {
  EXPECT_THAT(parsing(""), ThrowsMessage<Error>(StartsWith("t.json: is not JSON")));
  EXPECT_THAT(parsing("{\"a\": }"), ThrowsMessage<Error>(StartsWith("t.json: is not JSON")));
  EXPECT_THAT(parsing("{} 1"), ThrowsMessage<Error>(StartsWith("t.json: is not JSON")));
  EXPECT_THAT(parsing("\"" + std::string(100'000, 'x')), ThrowsMessage<Error>(SizeIs(testing::Lt(300))));
}

// Each would take gigabytes or minutes if it were not bounded.
TEST(JsonText, IsBoundedInSizeDepthAndValues) {
  EXPECT_THAT(parsing(std::string(100'000, '[')), ThrowsMessage<Error>("t.json: nested deeper than 32 levels"));
  EXPECT_THAT(parsing(std::string((16U << 20) + 1, ' ')),
              ThrowsMessage<Error>(AllOf(StartsWith("t.json: is larger"), HasSubstr("16777216"))));
  std::string many = "[";
  for (int i = 0; i < 1'100'000; ++i) many += "{},";
  EXPECT_THAT(parsing(many), ThrowsMessage<Error>(HasSubstr("more than the 1048576 values")));
}

TEST(JsonText, ReadsHundredsOfThousandsOfKeys) {
  std::string text = "{";
  for (int i = 0; i < 300'000; ++i) text += fmt::format("\"key{}\":{},", i, i);
  text += "\"last\":0}";
  EXPECT_THAT(JsonReader::parse(text, "t.json"), SizeIs(300'001));
}

}  // namespace
}  // namespace lutra
