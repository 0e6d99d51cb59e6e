#include <gmock/gmock.h>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// Where output goes that nobody reads or that finds no room.
class Output : public testing::Test {
 protected:
  // What `lutra run` leaves where its output goes elsewhere.
  CommandResult run(const std::string& elsewhere) const {
    return shell(scratch_,
                 std::string(LUTRA_COMMAND) + " run --images 1 --simulate 1 --no-float --output out " + elsewhere);
  }
  bool has_results() const {
    return std::filesystem::exists(scratch_ / "out/result.json") &&
           std::filesystem::exists(scratch_ / "out/layers.csv");
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch_.path()))
      if (const std::string name = entry.path().filename().string(); !name.starts_with("std")) names.push_back(name);
    return names;
  }

  Scratch scratch_;
};

TEST_F(Output, AReaderThatHasGoneEndsNoRun) {
  const CommandResult piped = run("; echo $? >code.txt; } | { true");
  EXPECT_EQ(read_text_file(scratch_ / "code.txt"), "0\n") << piped.errors;
  EXPECT_TRUE(has_results());
}

TEST_F(Output, MessagesThatFindNoRoomEndNoRun) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_EQ(run("2>/dev/full").exit_code, 0);
  EXPECT_TRUE(has_results());
}

TEST_F(Output, FilesAreThereBeforeTheReportFails) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const CommandResult full = run(">/dev/full");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.errors, EndsWith("lutra: error: the output could not be written: No space left on device\n"));
  EXPECT_TRUE(has_results());
}

// script(1) gives a program a terminal.
TEST_F(Output, ProgressIsABarOnATerminalAndLinesElsewhereAndNeverOnStandardOutput) {
  const std::string command =
      std::string(LUTRA_COMMAND) + " run --images 200 --simulate 2 --no-float --set run.steady_cycles=0";
  const CommandResult lines = shell(scratch_, command);
  ASSERT_EQ(lines.exit_code, 0) << lines.errors;
  for (const char* line : {"load and quantise\n", "\nsimulate: 0 of 2\nsimulate: 1 of 2\nsimulate: 2 of 2\n",
                           "\nquantised accuracy: 0 of 200\n", "\nquantised accuracy: 200 of 200\n"})
    EXPECT_THAT(lines.errors, HasSubstr(line));
  EXPECT_THAT(lines.errors, Not(HasSubstr("[#")));

  const CommandResult quiet = shell(scratch_, command + " --quiet");
  EXPECT_EQ(quiet.errors, "");

  const CommandResult terminal = shell(scratch_, "script -qec '" + command + " >report.txt' /dev/null");
  if (terminal.exit_code == 127) GTEST_SKIP() << "no script(1)";
  EXPECT_THAT(terminal.output, HasSubstr("simulate             [###############...............] 1/2"));
  EXPECT_THAT(terminal.output, Not(HasSubstr("simulate: 1 of 2")));
  EXPECT_EQ(read_text_file(scratch_ / "report.txt"), lines.output);
}

TEST_F(Output, AFullDiskLeavesNoHalfAFile) {
  const CommandResult full = shell(scratch_, std::string("ulimit -f 4; ") + LUTRA_COMMAND +
                                                 " run --images 1 --simulate 1 --no-float --quiet --output out");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.errors, HasSubstr("cannot be written: File too large"));
  for (const std::string& name : files()) EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out/result.json"));
}

TEST_F(Output, AnInterruptOfARunSaysSoAndLeavesNothing) {
  // A shell's background process ignores SIGINT until it catches it: bit 1 of SigCgt.
  const CommandResult interrupted = shell(
      scratch_,
      std::string(LUTRA_COMMAND) +
          " run --images 1 --no-float --quiet --set run.steady_cycles=1000000000 --trace t.json --output out & p=$!; "
          "until grep -q 'SigCgt:.*[2367abef]$' /proc/$p/status || ! kill -0 $p; do sleep 0.02; done; "
          "sleep 1; kill -INT $p; wait $p");
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_THAT(interrupted.errors, HasSubstr("lutra: interrupted"));
  for (const std::string& name : files()) EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
}

}  // namespace
}  // namespace lutra::test
