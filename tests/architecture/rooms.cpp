#include "tests/architecture/rooms.h"

#include <fstream>
#include <regex>
#include <stdexcept>

namespace lutra::test {
namespace {

std::vector<std::string> words_in_backticks(const std::string& cell) {
  static const std::regex pattern("`([^`]+)`");
  std::vector<std::string> words;
  for (std::sregex_iterator match(cell.begin(), cell.end(), pattern), end; match != end; ++match) {
    words.push_back((*match)[1]);
  }
  return words;
}

}  // namespace

Rooms read_rooms(const std::filesystem::path& page) {
  Rooms rooms;
  rooms.page = page.filename().string();
  const std::map<std::string, Table*> tables = {{"room | may know", &rooms.may_know},
                                                {"room | never reach", &rooms.never_reach},
                                                {"headers | may be seen in", &rooms.libraries},
                                                {"unit | its part", &rooms.parts},
                                                {"room | units", &rooms.large}};
  static const std::regex row_pattern(R"(^\| *(.+?) *\| *(.*?) *\|$)");
  std::ifstream stream(page);
  std::set<std::string> seen;
  Table* table = nullptr;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const auto fail = [&](const std::string& what) {
      throw std::runtime_error(rooms.page + ":" + std::to_string(number) + ": " + what);
    };
    if (line.empty() || line.front() != '|') {
      table = nullptr;
      continue;
    }
    std::smatch cells;
    if (!std::regex_match(line, cells, row_pattern)) {
      fail("this row does not have two cells");
    }
    if (table == nullptr) {
      const std::string title = cells[1].str() + " | " + cells[2].str();
      const auto found = tables.find(title);
      if (found == tables.end()) {
        fail("no table is called '" + title + "'");
      }
      table = found->second;
      seen.insert(title);
      continue;
    }
    if (cells[1].str().find_first_not_of("-: ") == std::string::npos) {
      continue;
    }
    const auto keys = words_in_backticks(cells[1]);
    if (keys.size() != 1) {
      fail("the first cell holds one name in backticks");
    }
    if (!table->emplace(keys[0], Row{number, words_in_backticks(cells[2])}).second) {
      fail("'" + keys[0] + "' has a row already");
    }
  }
  for (const auto& [title, ignored] : tables) {
    if (seen.count(title) == 0) {
      throw std::runtime_error(rooms.page + ": the table '" + title + "' is missing");
    }
  }
  return rooms;
}

}  // namespace lutra::test
