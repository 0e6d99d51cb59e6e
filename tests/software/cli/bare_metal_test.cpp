#include <gmock/gmock.h>

#include <sstream>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

struct Page {
  std::string commands;  // a line each
  std::string output;    // of all of them
};

// The page shows commands as "    $ ...", and behind each what it prints.
Page read_page(const std::filesystem::path& file) {
  constexpr std::string_view indent = "    ", prompt = "    $ ";
  Page page;
  std::istringstream lines(read_text_file(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(prompt))
      page.commands += line.substr(prompt.size()) + "\n";
    else if (line.starts_with(indent))
      page.output += line.substr(indent.size()) + "\n";
  }
  return page;
}

TEST(BareMetalPage, ItsCommandsPrintWhatItShows) {
  const std::filesystem::path source = LUTRA_SOURCE_DIR;
  const Page page = read_page(source / "software/runtime/bare_metal.md");
  EXPECT_THAT(page.commands, testing::HasSubstr("lutra exec engine.elf"));
  const Scratch scratch;
  for (const char* folder : {"software", "models", "accelerators"})
    std::filesystem::create_directory_symlink(source / folder, scratch / folder);
  const std::string path = std::filesystem::path(LUTRA_COMMAND).parent_path().string();
  write_file(scratch / "page.sh", "set -e\nPATH='" + path + "':$PATH\n" + page.commands);
  const CommandResult result = shell(scratch, "sh page.sh");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, page.output) << result.errors;
}

}  // namespace
}  // namespace lutra::test
