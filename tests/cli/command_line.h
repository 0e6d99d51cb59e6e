#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "software/common/files.h"

namespace lutra::test {

// A folder of the running test's own, removed with it.
class Scratch {
 public:
  Scratch() : folder_(std::filesystem::path(testing::TempDir()) / ("lutra_cli_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

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

}  // namespace lutra::test
