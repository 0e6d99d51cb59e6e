#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "software/common/files.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

// What the sources of a twin's tests say.
struct TwinTests {
  int equal = 0;      // tests that compare twin and model
  int planted = 0;    // tests that a planted fault is found
  std::string tiles;  // random ones of a test, where LUTRA_RTL_TILES does not say
};

TwinTests tests_in(const std::filesystem::path& folder) {
  static const std::regex test(R"(TEST(?:_P)?\((\w+), (\w+)\))");
  static const std::regex count(R"(rtl_tiles\((\d+)\))");
  TwinTests found;
  std::set<std::string> tiles;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = read_text_file(entry.path());
    for (std::sregex_iterator match(text.begin(), text.end(), test), end; match != end; ++match) {
      const std::string name = (*match)[2];
      ++(name.ends_with("Found") || name.ends_with("Reported") ? found.planted : found.equal);
    }
    for (std::sregex_iterator match(text.begin(), text.end(), count), end; match != end; ++match)
      tiles.insert((*match)[1]);
  }
  found.tiles = fmt::format("{}", fmt::join(tiles, ", "));
  return found;
}

}  // namespace

Section rtl_twins() {
  Section section;
  section.title = "Cycles and values of arrays, post-processor and activation buffer";
  section.text =
      "Each twin in SystemVerilog runs beside its model, Verilator against C++, on random tiles: a difference in a "
      "value or a cycle fails the\n"
      "test, so where the tests pass the error is 0. `LUTRA_RTL_TILES=10000 ctest -R '^rtl_'` runs so many tiles a "
      "test. A tile's cycles\n"
      "do not depend on buffers. `transfer` and `registers` run streams; loads of activations, the command processor "
      "and the bus have no twin.";
  section.columns = {"twin",   "tests that compare", "random tiles a test", "tests that find a planted fault", "error",
                     "verdict"};
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/tests/accelerators/rtl"))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    const TwinTests tests = tests_in(folder);
    section.rows.push_back({fmt::format("`tests/accelerators/rtl/{}`", folder.filename().string()),
                            std::to_string(tests.equal), tests.tiles, std::to_string(tests.planted), "0",
                            tests.planted > 0 ? "good" : "**no planted fault**"});
  }
  return section;
}

}  // namespace lutra::validation
