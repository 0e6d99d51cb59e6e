#include "software/common/process/run_program.h"

#include <gmock/gmock.h>

#include "software/common/files.h"
#include "tests/support/scratch.h"

namespace lutra {
namespace {

TEST(RunProgram, FeedsItsInputAndKeepsItsOutput) {
  const test::Scratch folder;
  EXPECT_EQ(run_program("cat", {}, "a\nb\n", folder / "out"), 0);
  EXPECT_EQ(read_text_file(folder / "out"), "a\nb\n");
}

TEST(RunProgram, PutsNoShellBetween) {
  const test::Scratch folder;
  const std::filesystem::path name = folder / "a`touch pwned`\n$(touch pwned) \"b";
  EXPECT_EQ(run_program("printf", {"%s", "`touch pwned`"}, "", name), 0);
  EXPECT_EQ(read_text_file(name), "`touch pwned`");
  EXPECT_FALSE(std::filesystem::exists("pwned"));
  EXPECT_FALSE(std::filesystem::exists(folder / "pwned"));
}

TEST(RunProgram, SaysHowTheProgramEnded) {
  const test::Scratch folder;
  EXPECT_EQ(run_program("false", {}, "", folder / "out"), 1);
  EXPECT_EQ(run_program("lutra_test_no_such_program", {}, "", folder / "out"), 127);
  EXPECT_EQ(run_program("true", {}, "", folder / "no/such/folder"), 127);
}

}  // namespace
}  // namespace lutra
