#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lutra::test {

// One #include line. `target` is what it names: a path from the root of the tree, or what stands between < and >.
struct Include {
  int line = 0;
  std::string target;
  bool library = false;  // <...>
};

// The sources below some folders of a tree, by their path from its root.
using SourceTree = std::map<std::string, std::vector<Include>>;

// Reads every .h, .cpp and .S. Throws std::runtime_error where a folder is missing.
SourceTree read_sources(const std::filesystem::path& root, const std::vector<std::string>& folders);

// The folder of a file: its room.
std::string room_of(const std::string& file);

// A file without its suffix: x.h and x.cpp are one unit.
std::string unit_of(const std::string& file);

// Whether `room` is `house` or lies in it.
bool lies_in(const std::string& room, const std::string& house);

}  // namespace lutra::test
