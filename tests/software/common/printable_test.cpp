#include "software/common/printable.h"

#include <gtest/gtest.h>

namespace lutra {
namespace {

TEST(Printable, TextOfPeopleStaysAsItIs) {
  EXPECT_EQ(one_line("3x3, 5 µJ – ç 漢 \xF0\x9F\x98\x80"), "3x3, 5 µJ – ç 漢 \xF0\x9F\x98\x80");
  EXPECT_EQ(one_line(""), "");
}

TEST(Printable, ControlCharactersBecomeWords) {
  EXPECT_EQ(one_line("a\nb\r\tc\x7F\x1b[31m"), "a\\nb\\r\\tc\\x7f\\x1b[31m");
  EXPECT_EQ(one_line(std::string_view("\0x", 2)), "\\x00x");
  EXPECT_EQ(one_line("\xC2\x9B"
                     "31m"),
            "\\xc2\\x9b31m");  // C1: the one-character form of ESC [
  EXPECT_EQ(plain_lines("a\n\x1b\n"), "a\n\\x1b\n");
}

TEST(Printable, BytesThatAreNoTextBecomeWords) {
  EXPECT_EQ(one_line("\x9B\xFF\xC2"), "\\x9b\\xff\\xc2");
  EXPECT_EQ(one_line("\xE2\x82"), "\\xe2\\x82");
}

TEST(Printable, ABarIsNoBorderOfATable) { EXPECT_EQ(markdown_cell("a|b\nc"), "a\\|b\\nc"); }

}  // namespace
}  // namespace lutra
