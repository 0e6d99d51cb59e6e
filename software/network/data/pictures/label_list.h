#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/limits.h"

namespace lutra::network {

inline constexpr std::size_t most_pictures = std::size_t{1} << 20;
inline constexpr std::size_t most_classes = max_classes;

struct LabelledFile {
  std::string file;
  Label label = 0;
  std::string place;  // where it is named, for messages
};

struct LabelList {
  std::vector<LabelledFile> files;
  std::vector<std::string> class_names;  // sorted: name k is class k; empty: the labels are numbers
};

// A CSV file of `file,label` lines, of which the first may be a header. Labels are all numbers from 0, or all names.
// Takes most_pictures lines. Throws Error "place:line:column: ...".
LabelList read_label_list(std::string_view text, const std::string& place);

}  // namespace lutra::network
