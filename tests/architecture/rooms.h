#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lutra::test {

// What one row of a table names, and the line of the page it stands in.
struct Row {
  int line = 0;
  std::vector<std::string> values;
};
using Table = std::map<std::string, Row>;

// The page of rooms: tests/architecture/rooms.md says what each table means.
struct Rooms {
  std::string page;   // its path, for messages
  Table may_know;     // room -> rooms
  Table never_reach;  // rooms -> rooms
  Table libraries;    // header or folder of headers -> rooms
  Table parts;        // unit -> its own part
  Table large;        // room -> its number of units
};

// Throws std::runtime_error "page:line: ..." for a line of a table that cannot be read, a key given twice, or a missing
// table.
Rooms read_rooms(const std::filesystem::path& page);

}  // namespace lutra::test
