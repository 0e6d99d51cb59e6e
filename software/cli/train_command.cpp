#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "software/cli/command.h"
#include "software/common/error.h"
#include "software/training/command_lines.h"

namespace lutra::cli {

namespace {

constexpr const char* program = "lutra-train";  // apart, so that nothing else loads libtorch

std::filesystem::path own_folder() {
  std::error_code failure;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? std::filesystem::path() : self.parent_path();
}

// Becomes the program beside this one: installed, in the build tree, or in PATH.
int become_trainer(const char* command, const Arguments& arguments) {
  std::vector<std::string> words{program, command};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::filesystem::path folder = own_folder();
  for (const std::filesystem::path& place : {folder / program, folder / "../training" / program}) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    ::execv(place.c_str(), pointers.data());
    throw Error(fmt::format("{}: cannot be started: {}", place.string(), std::strerror(errno)));
  }
  ::execvp(program, pointers.data());
  throw Error(
      fmt::format("'lutra {}' is not here: this Lutra was built without libtorch. Install it (apt-get install "
                  "libtorch-dev; ./setup.sh does) and build again",
                  command));
}

}  // namespace

CommandLine train_options() { return training::train_command_line(); }

int train_command(const CommandLine& options) { return become_trainer("train", options.given()); }

CommandLine export_options() { return training::export_command_line(); }

int export_command(const CommandLine& options) { return become_trainer("export", options.given()); }

}  // namespace lutra::cli
