#include "software/network/data/pictures/label_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"

namespace lutra::network {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

std::vector<std::string> files(const LabelList& list) {
  std::vector<std::string> names;
  for (const LabelledFile& listed : list.files) names.push_back(listed.file);
  return names;
}

std::vector<int> labels(const LabelList& list) {
  std::vector<int> numbers;
  for (const LabelledFile& listed : list.files) numbers.push_back(listed.label);
  return numbers;
}

void refused(const std::string& text, const std::string& message) {
  EXPECT_THAT([&] { read_label_list(text, "y.csv"); }, ThrowsMessage<Error>(StartsWith(message))) << text;
}

TEST(LabelList, OfNumbersKeepsThem) {
  const LabelList list = read_label_list("b.png,3\na.png,0\r\n\nsub/c.png,65535", "y.csv");
  EXPECT_THAT(files(list), ElementsAre("b.png", "a.png", "sub/c.png"));
  EXPECT_THAT(labels(list), ElementsAre(3, 0, 65535));
  EXPECT_THAT(list.class_names, IsEmpty());
}

TEST(LabelList, OfNamesCountsThemSorted) {
  const LabelList list = read_label_list("a.png,dog\nb.png,cat\nc.png,dog\n", "y.csv");
  EXPECT_THAT(list.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(labels(list), ElementsAre(1, 0, 1));
}

TEST(LabelList, PassesOverAHeader) {
  EXPECT_THAT(files(read_label_list("file,label\na.png,1\n", "y.csv")), ElementsAre("a.png"));
  EXPECT_THAT(files(read_label_list("\xEF\xBB\xBF"
                                    "Filename,CLASS\r\na.png,cat\r\n",
                                    "y.csv")),
              ElementsAre("a.png"));
  EXPECT_THAT(files(read_label_list("file.png,label\n", "y.csv")), ElementsAre("file.png")) << "a picture of the class";
}

TEST(LabelList, TakesQuotesAsRfc4180Does) {
  const LabelList list =
      read_label_list("\"a, b.png\",\"say \"\"cat\"\"\"\n\"c\nd.png\",\" dog \"\n\"e\",x\n", "y.csv");
  EXPECT_THAT(files(list), ElementsAre("a, b.png", "c\nd.png", "e"));
  EXPECT_THAT(list.class_names, ElementsAre(" dog ", "say \"cat\"", "x"));
  EXPECT_EQ(list.files[2].place, "y.csv:4:1");
}

TEST(LabelList, NamesLineAndColumnOfWhatIsWrong) {
  refused("", "y.csv: names no pictures; each line is `file,label`");
  refused("file,label\n", "y.csv: names no pictures");
  refused("a.png,1\nb.png\n", "y.csv:2:6: the line has one field");
  refused("a.png,1,2\n", "y.csv:1:8: the line has more than two fields");
  refused("a.png,\n", "y.csv:1:7: the field is empty");
  refused(",1\n", "y.csv:1:1: the field is empty");
  refused("a.png, 1\n", "y.csv:1:7: there are blanks around the field");
  refused("a.png,1 \r\n", "y.csv:1:7: there are blanks around the field");
  refused("a.png,\"cat\n", "y.csv:2:1: a quotation mark is missing");
  refused("a.png,\"cat\"s\n", "y.csv:1:12: something follows the quotation mark");
  refused("a.png,ca\"t\n", "y.csv:1:9: a quotation mark stands within a field");
  refused(std::string("a.png,c\0t\n", 10), "y.csv:1:10: there is a byte 0 in the field");
  refused("a.png,65536\n", "y.csv:1:7: the label 65536 is no class; whole numbers from 0 to 65535 are, or names");
  refused("a.png,99999999999999999999999\n", "y.csv:1:7: the label 99999999999999999999999 is no class");
  refused("a.png,-1\n", "y.csv:1:7: the label -1 is no class");
  refused("a.png,1.0\n", "y.csv:1:7: the label 1.0 is no class");
  refused("a.png,1\nb.png,cat\n", "y.csv:2:7: the label 'cat' is a name, and those before are numbers");
  refused("a.png,cat\nb.png,1\n", "y.csv:2:7: the label '1' is a number, and those before are names");
}

}  // namespace
}  // namespace lutra::network
