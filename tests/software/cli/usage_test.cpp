#include <gmock/gmock.h>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Usage : public testing::Test {
 protected:
  CommandResult run(const std::string& arguments) { return lutra_command(scratch_, arguments); }
  Scratch scratch_;
};

TEST_F(Usage, HelpAndVersionGoToStandardOutput) {
  const CommandResult version = run("--version");
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.output, "lutra 0.2.0\n");
  const CommandResult help = run("--help");
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"run", "sweep", "check", "describe", "quantize", "exec", "schemes", "engines", "keys"}) {
    EXPECT_THAT(help.output, HasSubstr(std::string("  ") + command + " "));
    const CommandResult own = run(std::string(command) + " --help");
    EXPECT_EQ(own.exit_code, 0);
    EXPECT_THAT(own.output, StartsWith(std::string("usage: lutra ") + command));
    EXPECT_EQ(own.errors, "");
  }
}

TEST_F(Usage, AWrongCallNamesTheNearestRightOneAndExitsWithTwo) {
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    expect_wrong_call(scratch_, arguments, message);
  };
  refused("", "name a command");
  refused("rum", "unknown command 'rum'; did you mean 'run'?");
  refused("--versio", "unknown option '--versio'; see 'lutra --help'");
  refused("run --imges 3", "unknown option '--imges'; did you mean '--images'?");
  refused("run a b", "too many arguments");
  refused("run --images", "the required argument for option '--images' is missing");
  refused("run --images -1", "");
  refused("run --images 0", "--images 0: give a whole number from 1 to 10000000");
  refused("run --images 1e3", "--images 1e3: give a whole number");
  refused("run --jobs 99999999999999999999", "--jobs 99999999999999999999: give a whole number");
  refused("run --output ''", "");
  refused("run --im 3", "unknown option '--im'");
  refused("sweep", "sweep: name a sweep file");
  refused("sweep a.yaml", "sweep: name the folder for the results with --output");
  refused("sweep a.yaml b.yaml", "too many arguments");
  refused("check --golden ''", "");
  for (const char* command :
       {"run -", "sweep - --output o", "compare - --output o", "describe -", "explain -", "check -"})
    refused(command, "-: standard input is not read");
  refused("run --trace -", "--trace -: standard input and output are not used; name a path");
  refused("describe", "describe: name a scenario or an ONNX file");
  refused("quantize embedded", "quantize: name the ONNX file to write");
  refused("exec", "exec: name an ELF file");
}

TEST_F(Usage, WrongInputIsOneLineAndExitsWithOne) {
  write_file(scratch_ / "bad.yaml",
             "name: x\nnetwork: {model: embedded, dataset: embedded}\nscheme: {name: uniform}\nengin: none\n");
  const CommandResult unknown_key = run("run bad.yaml --output out");
  EXPECT_EQ(unknown_key.exit_code, 1);
  EXPECT_EQ(unknown_key.errors, "lutra: error: bad.yaml:4: key 'engin' is unknown here; did you mean 'engine'?\n");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out"));

  const CommandResult no_scenario = run("run embeded");
  EXPECT_EQ(no_scenario.exit_code, 1);
  EXPECT_THAT(no_scenario.errors, HasSubstr("did you mean 'embedded'?"));

  const CommandResult no_data = run("run cifar10_resnet20");
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.errors, HasSubstr("--data"));

  write_file(scratch_ / "broken.onnx", "not an ONNX file");
  const CommandResult broken = run("describe broken.onnx");
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.errors, HasSubstr("broken.onnx: is not an ONNX file"));
  EXPECT_EQ(std::count(broken.errors.begin(), broken.errors.end(), '\n'), 1);
}

// Where nobody writes into the pipe, reading it would wait for ever.
TEST_F(Usage, AFileToReadIsARegularFile) {
  ASSERT_EQ(shell(scratch_, "mkfifo pipe pipe.onnx").exit_code, 0);
  for (const char* arguments : {"run pipe", "sweep pipe --output o", "compare pipe --output o", "describe pipe",
                                "describe pipe.onnx", "explain pipe", "price pipe", "exec pipe"}) {
    const CommandResult refused = run(arguments);
    EXPECT_EQ(refused.exit_code, 1) << arguments;
    EXPECT_THAT(refused.errors, HasSubstr("is a pipe, not a regular file")) << arguments;
  }
  EXPECT_THAT(run("explain /dev/zero").errors, HasSubstr("/dev/zero: is a device"));
}

TEST_F(Usage, NamesMoveNoCursor) {
  write_file(scratch_ / "s.yaml",
             "name: \"a\\e[2Jb\"\nnetwork: {model: embedded, dataset: embedded}\n"
             "scheme: {name: uniform}\nengine: none\ndescription: \"c\\e]0;d\\a\"\n");
  const CommandResult described = run("describe s.yaml");
  EXPECT_EQ(described.exit_code, 0) << described.errors;
  EXPECT_THAT(described.output, HasSubstr("a\\x1b[2Jb"));
  EXPECT_THAT(described.output, HasSubstr("c\\x1b]0;d\\x07"));
  EXPECT_EQ((described.output + run("describe \"$(printf 'x\\033[31m')\"").errors).find('\x1b'), std::string::npos);
}

TEST_F(Usage, LostOutputIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_EQ(shell(scratch_, std::string(LUTRA_COMMAND) + " schemes >/dev/full").exit_code, 1);
}

TEST_F(Usage, ListsSchemesAndEngines) {
  EXPECT_THAT(run("schemes").output, HasSubstr("uniform"));
  EXPECT_THAT(run("engines").output, HasSubstr("mac"));
}

TEST_F(Usage, DescribesAScenario) {
  const CommandResult result = run("describe embedded");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* part : {"scenario embedded", "16 rows x 16 columns", "fpga:zynq-7020", "asic:45nm", "Conv", "MACs"})
    EXPECT_THAT(result.output, HasSubstr(part));
  const CommandResult without_data = run("describe cifar10_resnet20");
  EXPECT_EQ(without_data.exit_code, 0);
  EXPECT_THAT(without_data.output, HasSubstr("the network cannot be shown"));
}

}  // namespace
}  // namespace lutra::test
