#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "software/network/data/own/array.h"

namespace lutra::network {

// What a file of raw numbers cannot say itself.
struct RawForm {
  NumberType type = NumberType::of_file;
  std::vector<int> shape;  // of one example
};

// What the file holds, told by its first bytes: .npy, .npz (of which `array` is wanted), IDX of any type and shape,
// each also as .gz, or else raw numbers. Throws Error naming the path. At most largest_array_bytes, unpacked.
Array read_array(const std::filesystem::path& path, const std::string& array, const RawForm& raw);

// The same of a content.
Array read_array(std::vector<std::uint8_t> bytes, const std::string& place, const std::string& array,
                 const RawForm& raw);

}  // namespace lutra::network
