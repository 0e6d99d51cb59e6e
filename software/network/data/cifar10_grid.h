#pragma once

#include <filesystem>

#include "software/network/data/dataset.h"

namespace lutra::network {

// A batch kept as a picture: image k is the 32x32 tile at row k / 100, column k % 100 of a lossless WebP of 3200 pixels
// a row, and byte k of the label file. Appends its images. Throws Error naming the file;
// a picture of another size than the labels need is not unpacked.
void append_cifar10_grid(Dataset& data, const std::filesystem::path& picture, const std::filesystem::path& labels);

}  // namespace lutra::network
