#include "tests/architecture/source_tree.h"

#include <fstream>
#include <regex>
#include <stdexcept>

namespace lutra::test {
namespace fs = std::filesystem;
namespace {

std::vector<Include> read_includes(const fs::path& file) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::ifstream stream(file);
  std::vector<Include> includes;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) {
      includes.push_back({number, match[2], match[1] == "<"});
    }
  }
  return includes;
}

}  // namespace

SourceTree read_sources(const fs::path& root, const std::vector<std::string>& folders) {
  SourceTree tree;
  for (const auto& folder : folders) {
    if (!fs::is_directory(root / folder)) {
      throw std::runtime_error((root / folder).string() + ": no such folder");
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string suffix = entry.path().extension().string();
      if (entry.is_regular_file() && (suffix == ".h" || suffix == ".cpp" || suffix == ".S")) {
        tree[fs::relative(entry.path(), root).generic_string()] = read_includes(entry.path());
      }
    }
  }
  return tree;
}

std::string room_of(const std::string& file) { return fs::path(file).parent_path().generic_string(); }

std::string unit_of(const std::string& file) { return fs::path(file).replace_extension().generic_string(); }

bool lies_in(const std::string& room, const std::string& house) {
  return room == house || room.rfind(house + "/", 0) == 0;
}

}  // namespace lutra::test
