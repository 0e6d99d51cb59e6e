#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"

namespace lutra::network {

inline constexpr std::size_t largest_picture_set_bytes = std::size_t{1} << 29;

struct PictureSet {
  std::size_t count = 0;
  std::vector<std::uint8_t> pixels;      // [picture][channel][row][column]
  std::vector<Label> labels;             // empty: none are known
  std::vector<std::string> class_names;  // name k is class k; empty: the labels are numbers, or there are none
};

// The PNG and JPEG pictures of a folder, all of that shape. With `labels`, a CSV file (label_list.h): those that it
// names, relative to the folder, in its order. Without: of a folder of folders, each is a class, sorted by class and
// then by name; of a folder of pictures, all, sorted by name and without labels. Names sort by their bytes; those that
// begin with a dot are passed over. At most most_pictures, and largest_picture_set_bytes of pixels, which is known
// before the first is unpacked. Throws Error naming the file and the way out.
PictureSet read_pictures(const std::filesystem::path& folder, const std::optional<std::filesystem::path>& labels,
                         const Shape& shape);

}  // namespace lutra::network
