#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* quick_run = "run --no-float --quiet --images 1 --simulate 2 ";

TEST(Trace, TwoRunsWriteTheSameBytesAndTheResultIsThatOfARunWithout) {
  const Scratch scratch;
  ASSERT_EQ(lutra_command(scratch, std::string(quick_run) + "--trace a.json --output a").exit_code, 0);
  ASSERT_EQ(lutra_command(scratch, std::string(quick_run) + "--trace b.json --output b").exit_code, 0);
  ASSERT_EQ(lutra_command(scratch, std::string(quick_run) + "--output c").exit_code, 0);
  const std::string trace = read_text_file(scratch / "a.json");
  EXPECT_EQ(trace, read_text_file(scratch / "b.json"));
  EXPECT_FALSE(nlohmann::json::parse(trace).at("traceEvents").empty());
  EXPECT_EQ(read_text_file(scratch / "a/result.json"), read_text_file(scratch / "c/result.json"));
}

TEST(Trace, FramesWithoutAFileIsAWrongCall) {
  const Scratch scratch;
  const CommandResult printed = lutra_command(scratch, std::string(quick_run) + "--trace-frames 2");
  EXPECT_EQ(printed.exit_code, 2);
  EXPECT_THAT(printed.errors, HasSubstr("--trace-frames needs --trace FILE"));
}

TEST(Trace, AnUnwritableFileIsFoundBeforeTheRun) {
  const Scratch scratch;
  write_file(scratch / "taken", "");
  const CommandResult printed = lutra_command(scratch, std::string(quick_run) + "--trace taken/t.json --output out");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("taken"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "out/result.json"));
}

}  // namespace
}  // namespace lutra::test
