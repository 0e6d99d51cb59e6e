#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Package : public testing::Test {
 protected:
  CommandResult succeed(const std::string& command) {
    const CommandResult result = shell(scratch_, command);
    EXPECT_EQ(result.exit_code, 0) << command << '\n' << result.output << result.errors;
    return result;
  }
  void install(const std::string& component) {
    succeed(
        fmt::format("'{}' --install '{}' --prefix installed --component {}", LUTRA_CMAKE, LUTRA_BINARY_DIR, component));
  }
  // The call that configures the project in the folder `source`, so that it looks for packages in installed/ first.
  std::string configure(const std::string& source, const std::string& build) const {
    return fmt::format(
        "'{}' -S '{}' -B {} -G '{}' -DCMAKE_CXX_COMPILER='{}' -DCMAKE_BUILD_TYPE={} -DCMAKE_PREFIX_PATH='{}'",
        LUTRA_CMAKE, source, build, LUTRA_GENERATOR, LUTRA_CXX, LUTRA_BUILD_TYPE, (scratch_ / "installed").string());
  }

  const Scratch scratch_;
};

// Quoted includes of installed headers that name no installed header.
std::vector<std::string> dangling_includes(const fs::path& include) {
  std::vector<std::string> faults;
  for (const auto& entry : fs::recursive_directory_iterator(include)) {
    std::ifstream file(entry.path());
    for (std::string line; entry.is_regular_file() && std::getline(file, line);) {
      constexpr std::string_view begin = "#include \"";
      if (!line.starts_with(begin)) continue;
      const std::string name = line.substr(begin.size(), line.find('"', begin.size()) - begin.size());
      if (!fs::exists(include / name)) faults.push_back(entry.path().string() + " includes " + name);
    }
  }
  return faults;
}

TEST_F(Package, HoldsTheProgramItsManualItsCompletionsAndItsPages) {
  install("program");
  for (const char* file : {"bin/lutra", "share/man/man1/lutra.1", "share/bash-completion/completions/lutra",
                           "share/zsh/site-functions/_lutra", "share/doc/lutra/LICENSE", "share/doc/lutra/README.md",
                           "share/doc/lutra/scenarios/README.md", "share/doc/lutra/models/cpu/README.md",
                           "share/doc/lutra/models/soc.svg"})
    EXPECT_TRUE(fs::exists(scratch_ / "installed" / file)) << file;
  const auto printed = [&](const char* command) {
    return succeed(std::string("installed/bin/lutra ") + command).output;
  };
  EXPECT_EQ(read_text_file(scratch_ / "installed/share/man/man1/lutra.1"), printed("man"));
  EXPECT_EQ(read_text_file(scratch_ / "installed/share/bash-completion/completions/lutra"), printed("completion bash"));
  EXPECT_EQ(read_text_file(scratch_ / "installed/share/zsh/site-functions/_lutra"), printed("completion zsh"));
}

TEST_F(Package, IsALibraryForAnotherProgramWhichCountsTheSameCycles) {
  install("library");
  EXPECT_THAT(dangling_includes(scratch_ / "installed/include/lutra"), testing::IsEmpty());

  succeed(configure(LUTRA_SOURCE_DIR "/tests/package/consumer", "build"));
  succeed(fmt::format("'{}' --build build", LUTRA_CMAKE));
  const std::string found = succeed("ASAN_OPTIONS=detect_leaks=0 build/consumer embedded_ternary").output;

  ASSERT_EQ(lutra_command(scratch_, "run embedded_ternary --images 1 --simulate 1 --quiet --output result").exit_code,
            0);
  const auto result = nlohmann::json::parse(read_text_file(scratch_ / "result/result.json"));
  EXPECT_EQ(found, fmt::format("embedded_ternary: {} cycles\n", result["cycles"]["total"].get<std::uint64_t>()));
}

TEST_F(Package, IsRefusedWhereAnotherMinorVersionIsWanted) {
  install("library");
  write_file(scratch_ / "later/CMakeLists.txt",
             "cmake_minimum_required(VERSION 3.25)\nproject(later LANGUAGES CXX)\nfind_package(lutra 0.3 REQUIRED)\n");
  const CommandResult refused = shell(scratch_, configure("later", "build"));
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.errors, HasSubstr("version: 0.2.0"));
}

}  // namespace
}  // namespace lutra::test
