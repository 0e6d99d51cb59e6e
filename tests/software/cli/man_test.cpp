#include <gmock/gmock.h>

#include "tests/software/cli/declared_options.h"
#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Without the backslashes that roff wants.
std::string plain(const std::string& page) {
  std::string text;
  for (const char letter : page)
    if (letter != '\\') text += letter;
  return text;
}

// From the heading of the command to the next heading.
std::string section(const std::string& page, const std::string& command) {
  std::size_t begin = page.find(".SS \"lutra " + command + " ");
  if (begin == std::string::npos) begin = page.find(".SS \"lutra " + command + '"');
  if (begin == std::string::npos) return "";
  return page.substr(begin, page.find("\n.S", begin) - begin);
}

TEST(Man, HasEveryCommandWithEveryOption) {
  const Scratch scratch;
  const CommandResult result = lutra_command(scratch, "man");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.errors, "");
  EXPECT_THAT(result.output, StartsWith(".TH \"LUTRA\" 1"));
  const std::string page = plain(result.output);
  EXPECT_THAT(page, HasSubstr("lutra 0.2.0"));
  for (const auto& [command, options] : declared_options(scratch))
    for (const std::string& option : options)
      EXPECT_THAT(section(page, command), HasSubstr("fB" + option + "fR")) << command;
}

TEST(Man, IsFormattedWithoutAWarning) {
  const Scratch scratch;
  if (shell(scratch, "command -v man").exit_code != 0) GTEST_SKIP() << "no man (apt-get install man-db)";
  ASSERT_EQ(lutra_command(scratch, "man > lutra.1").exit_code, 0);
  const CommandResult shown = shell(scratch, "LC_ALL=C MANWIDTH=80 man --warnings -P cat -l lutra.1");
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_EQ(shown.errors, "");
  EXPECT_THAT(shown.output, HasSubstr("--trace-frames N"));
}

}  // namespace
}  // namespace lutra::test
