#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/architecture/faults.h"

namespace lutra::test {

// Every .md file below a folder, but those in hidden folders and in build folders.
std::vector<std::filesystem::path> find_pages(const std::filesystem::path& root);

// Links of the pages to files, folders and headings that do not exist: "page:line: ...". Links to other hosts, and what
// looks like a link within code, are not looked at.
Faults dead_links(const std::filesystem::path& root);

// Paths in backticks that begin at a folder of the tree's root and name neither a file, a folder nor a unit (x for x.h)
// of it: "page:line: ...". A path with a placeholder (<name>, *) is not looked at.
Faults dead_paths(const std::filesystem::path& root);

// The name that a link gives a heading: lower case, words with hyphens between, no punctuation.
std::string anchor_of(const std::string& heading);

}  // namespace lutra::test
