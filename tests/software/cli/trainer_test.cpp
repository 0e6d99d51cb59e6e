#include <gmock/gmock.h>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Trainer, ItsCommandsAreListedWhetherItWasBuiltOrNot) {
  const Scratch scratch;
  const CommandResult help = lutra_command(scratch, "--help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, AllOf(HasSubstr("\n  train "), HasSubstr("\n  export ")));
}

TEST(Trainer, WhatItAcceptsIsKnownWhetherItWasBuiltOrNot) {
  const Scratch scratch;
  const CommandResult help = lutra_command(scratch, "train --help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, AllOf(HasSubstr("usage: lutra train <recipe.yaml>"), HasSubstr("--device auto|cpu|cuda")));
  expect_wrong_call(scratch, "train a --output b --device tpu", "--device tpu: give auto, cpu or cuda");
  expect_wrong_call(scratch, "export a --outptu b", "unknown option '--outptu'; did you mean '--output'?");
}

TEST(Trainer, TheErrorSaysHowToGetItWhereItIsAbsent) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch / "bin");
  std::filesystem::copy_file(LUTRA_COMMAND, scratch / "bin/lutra");
  for (const std::string command : {"train embedded_float --output out", "export out"}) {
    const CommandResult result = shell(scratch, "PATH=/nowhere bin/lutra " + command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, AllOf(HasSubstr("built without libtorch"), HasSubstr("apt-get install libtorch-dev"),
                                     HasSubstr("'lutra " + command.substr(0, command.find(' ')) + "'")));
  }
}

TEST(Trainer, TheProgramInThePathIsTaken) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch / "bin");
  std::filesystem::copy_file(LUTRA_COMMAND, scratch / "bin/lutra");
  std::filesystem::create_directory(scratch / "elsewhere");
  write_file(scratch / "elsewhere/lutra-train", "#!/bin/sh\necho \"$@\"\nexit 7\n");
  std::filesystem::permissions(scratch / "elsewhere/lutra-train", std::filesystem::perms::owner_all);
  const CommandResult result = shell(scratch, "PATH=\"$PWD/elsewhere\" bin/lutra train 'a b' --output out");
  EXPECT_EQ(result.exit_code, 7) << result.errors;
  EXPECT_EQ(result.output, "train a b --output out\n");
}

}  // namespace
}  // namespace lutra::test
