#include <gmock/gmock.h>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

class Exec : public testing::Test {
 protected:
  CommandResult exec(const std::string& program, const std::string& options = "") {
    const auto elf = std::filesystem::path(LUTRA_TEST_PROGRAMS) / (program + ".elf");
    return lutra_command(scratch_, "exec '" + elf.string() + "' " + options);
  }
  Scratch scratch_;
};

TEST_F(Exec, PrintsTheProgramsOutputAndItsCost) {
  const CommandResult result = exec("devices");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("all devices answer\n"));
  EXPECT_THAT(result.output, HasSubstr("cycles "));
  EXPECT_THAT(result.output, HasSubstr("instructions "));
  EXPECT_THAT(result.output, HasSubstr(" MIPS\n"));
}

TEST_F(Exec, PassesTheExitCodeOn) {
  EXPECT_EQ(exec("fails").exit_code, 7);
  EXPECT_EQ(exec("tohost_passes").exit_code, 0);
  EXPECT_NE(exec("tohost_fails").exit_code, 0);
}

TEST_F(Exec, GivesUpAtTheInstructionLimit) {
  const CommandResult result = exec("spins", "--max-instructions 10000");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("limit of 10000 instructions"));
}

TEST_F(Exec, TakesTheSocFromAScenario) {
  write_file(scratch_ / "slow.yaml",
             "name: slow\nnetwork: {model: embedded, dataset: embedded}\nscheme: {name: uniform}\nengine: none\n"
             "soc: {interconnect: {latency_cycles: 90}}\n");
  const CommandResult fast = exec("tohost_passes"), slow = exec("tohost_passes", "--scenario slow.yaml");
  EXPECT_EQ(slow.exit_code, 0);
  const auto cycles = [](const CommandResult& result) {
    return std::stoull(result.output.substr(result.output.find("cycles ") + 7));
  };
  EXPECT_GT(cycles(slow), cycles(fast));
}

TEST_F(Exec, RefusesAFileThatIsNotAProgram) {
  write_file(scratch_ / "text.elf", "not an ELF file");
  const CommandResult result = lutra_command(scratch_, "exec text.elf");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("text.elf"));
  EXPECT_EQ(lutra_command(scratch_, "exec nothing.elf").exit_code, 1);
}

}  // namespace
}  // namespace lutra::test
