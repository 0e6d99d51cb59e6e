#include "software/common/text/text_table.h"

#include <gtest/gtest.h>

#include "software/common/text/csv.h"

namespace lutra {
namespace {

TEST(TextTable, LinesUpItsColumns) {
  TextTable table({"name", "n"});
  table.add({"a", "1,000"});
  table.add({"long"});
  EXPECT_EQ(table.text(), "name      n\n-----------\na     1,000\nlong       \n");
}

TEST(TextTable, InMarkdownABarIsNoBorder) {
  TextTable table({"name", "n"});
  table.add({"a|b", "1"});
  EXPECT_EQ(table.markdown(), "| name | n |\n| --- | --- |\n| a\\|b | 1 |\n");
}

TEST(TextTable, ACellIsOneLineAndMovesNoCursor) {
  TextTable table({"name"});
  table.add({"a\nb\x1b[2J"});
  EXPECT_EQ(table.text(), "name       \n-----------\na\\nb\\x1b[2J\n");
}

TEST(TextTable, ATitleIsOneLineAndEndsWithTheNameWhereNothingDescribesIt) {
  EXPECT_EQ(titled("fcnn", ""), "fcnn");
  EXPECT_EQ(titled("fc\nnn", "a net"), "fc\\nnn: a net");
}

TEST(CsvCell, IsQuotedWhereItMustBeAndOneLineAlways) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_cell("a\nb,\x1b"), "\"a\\nb,\\x1b\"");
}

}  // namespace
}  // namespace lutra
