#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace lutra::architecture {

namespace {

// Tests that share a folder race when they run side by side: tests/support/scratch.h is the only way to one.
TEST(Tests, HaveFoldersOfTheirOwn) {
  const std::filesystem::path tests = std::filesystem::path(LUTRA_SOURCE_DIR) / "tests";
  const std::filesystem::path scratch = tests / "support" / "scratch.h";
  std::string faults;
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tests)) {
    const auto extension = entry.path().extension();
    if ((extension != ".cpp" && extension != ".h") || entry.path() == scratch || entry.path().stem() == "scratch_test")
      continue;
    ++read;
    std::ifstream file(entry.path());
    std::string line;
    for (int number = 1; std::getline(file, line); ++number)
      if (line.find("TempDir()") != std::string::npos || line.find("temp_directory_path") != std::string::npos)
        faults +=
            entry.path().string() + ":" + std::to_string(number) + ": take a folder from tests/support/scratch.h\n";
  }
  EXPECT_EQ(faults, "");
  EXPECT_GT(read, 150);
}

}  // namespace

}  // namespace lutra::architecture
