#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "software/common/files.h"
#include "tests/support/scratch.h"

namespace lutra::test {

struct CommandResult {
  int exit_code = -1;
  std::string output;
  std::string errors;
};

// Runs a shell command in the scratch folder.
inline CommandResult shell(const Scratch& scratch, const std::string& command) {
  const auto output = scratch / "stdout.txt", errors = scratch / "stderr.txt";
  const std::string line = "cd '" + (scratch / "").string() + "' && { " + command + "; } >'" + output.string() +
                           "' 2>'" + errors.string() + "'";
  const int status = std::system(line.c_str());
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.output = read_text_file(output);
  result.errors = read_text_file(errors);
  return result;
}

inline CommandResult lutra_command(const Scratch& scratch, const std::string& arguments) {
  return shell(scratch, std::string(LUTRA_COMMAND) + " " + arguments);
}

// A wrong call: one line that begins so, nothing else, and exit code 2.
inline void expect_wrong_call(const Scratch& scratch, const std::string& arguments, const std::string& message) {
  const CommandResult result = lutra_command(scratch, arguments);
  EXPECT_EQ(result.exit_code, 2) << arguments;
  EXPECT_THAT(result.errors, testing::StartsWith("lutra: error: " + message));
  EXPECT_EQ(result.output, "");
}

}  // namespace lutra::test
