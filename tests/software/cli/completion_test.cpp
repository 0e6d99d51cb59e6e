#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "tests/software/cli/declared_options.h"
#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class Completion : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(lutra_command(scratch_, "completion bash > completion").exit_code, 0);
    std::filesystem::create_directory(scratch_ / "folder");
    write_file(scratch_ / "mine.yaml", "");
  }

  // What bash offers for the last of the words.
  std::vector<std::string> offered(const std::vector<std::string>& words) {
    const std::string previous = words[words.size() - 2];
    const CommandResult result =
        shell(scratch_, fmt::format("bash --norc -uc 'source ./completion; COMP_WORDS=(\"$0\" \"$@\"); COMP_CWORD={}; "
                                    "_lutra lutra \"{}\" \"{}\"; printf \"%s\\n\" \"${{COMPREPLY[@]}}\"' '{}'",
                                    words.size() - 1, words.back(), previous, fmt::join(words, "' '")));
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(result.errors, "");
    std::vector<std::string> lines;
    std::istringstream output(result.output);
    for (std::string line; std::getline(output, line);)
      if (!line.empty()) lines.push_back(line);
    return lines;
  }

  const Scratch scratch_;
};

TEST_F(Completion, InBashKnowsEveryCommandAndEveryOption) {
  EXPECT_THAT(offered({"lutra", "swe"}), ElementsAre("sweep"));
  const std::vector<std::string> commands = offered({"lutra", ""});
  for (const auto& [command, options] : declared_options(scratch_)) {
    EXPECT_THAT(commands, Contains(command));
    EXPECT_THAT(offered({"lutra", command, "--"}), testing::UnorderedElementsAreArray(options)) << command;
  }
  EXPECT_THAT(offered({"lutra", "run", "--im"}), ElementsAre("--images"));
}

TEST_F(Completion, InBashOffersWhatAnOptionTakes) {
  EXPECT_THAT(offered({"lutra", "run", "--output", ""}), ElementsAre("folder"));
  EXPECT_THAT(offered({"lutra", "run", "--trace", "m"}), ElementsAre("mine.yaml"));
  EXPECT_THAT(offered({"lutra", "run", "--images", ""}), IsEmpty());
  EXPECT_THAT(offered({"lutra", "run", "--set", "engine.row"}), ElementsAre("engine.rows="));
  EXPECT_THAT(offered({"lutra", "price", "--fpga", "zynq-7"}), Contains("zynq-7020"));
  EXPECT_THAT(offered({"lutra", "price", "--asic", ""}), IsSupersetOf({"45nm", "none"}));
  EXPECT_THAT(offered({"lutra", "train", "--device", "c"}), ElementsAre("cpu", "cuda"));
  EXPECT_THAT(offered({"lutra", "train", "--device", "=", "a"}), ElementsAre("auto"));
}

TEST_F(Completion, InBashOffersCarriedNamesAndFilesAsArguments) {
  EXPECT_THAT(offered({"lutra", "run", "embedded_w"}), ElementsAre("embedded_w2a2", "embedded_w4a4"));
  EXPECT_THAT(offered({"lutra", "run", "--quiet", "m"}), ElementsAre("mine.yaml"));
  EXPECT_THAT(offered({"lutra", "compare", "embedded_s"}),
              UnorderedElementsAre("embedded_schemes", "embedded_shift_add"));
  EXPECT_THAT(offered({"lutra", "sweep", ""}), IsSupersetOf({"folder", "mine.yaml"}));
  EXPECT_THAT(offered({"lutra", "completion", ""}), UnorderedElementsAre("bash", "zsh"));
  EXPECT_THAT(offered({"lutra", "schemes", ""}), IsEmpty());
}

TEST_F(Completion, InZshKnowsEveryCommandAndEveryOption) {
  const std::string script = lutra_command(scratch_, "completion zsh").output;
  EXPECT_THAT(script, AllOf(HasSubstr("#compdef lutra\n"), Not(HasSubstr("\n\n\n"))));
  for (const auto& [command, options] : declared_options(scratch_)) {
    EXPECT_THAT(script, HasSubstr("'" + command + ":"));
    const std::size_t begin = script.find("    " + command + ")\n");
    ASSERT_NE(begin, std::string::npos) << command;
    const std::string part = script.substr(begin, script.find(";;", begin) - begin);
    for (const std::string& option : options) EXPECT_THAT(part, HasSubstr(option)) << command;
  }
}

TEST_F(Completion, IsValidZsh) {
  if (shell(scratch_, "command -v zsh").exit_code != 0) GTEST_SKIP() << "no zsh (apt-get install zsh)";
  const CommandResult checked =
      shell(scratch_, std::string(LUTRA_COMMAND) + " completion zsh > _lutra && zsh -n _lutra");
  EXPECT_EQ(checked.exit_code, 0) << checked.errors;
  EXPECT_EQ(checked.errors, "");
}

TEST_F(Completion, WantsAShellItKnows) {
  expect_wrong_call(scratch_, "completion", "completion: name the shell: bash or zsh");
  expect_wrong_call(scratch_, "completion fish", "completion: name the shell: bash or zsh");
}

}  // namespace
}  // namespace lutra::test
