#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/data/own/examples.h"

namespace lutra::network {

// Where a file or folder lies that a scenario names.
using FindFile = std::function<std::filesystem::path(const std::string& written)>;

// Images and labels as they are read, in the order in which they stand there.
struct OwnImages {
  Examples examples;
  std::vector<Label> labels;             // empty: none are known
  std::vector<std::string> class_names;  // empty: classes are numbers
};

// Of an array's file, or of a folder of pictures, which have the data's shape or, where that does not say one, the
// `input` of the network. `labels` may be empty. Throws Error naming the file and the way out.
OwnImages read_own_images(const OwnData& data, const std::string& images, const std::string& labels,
                          const FindFile& find, const Shape& input);

}  // namespace lutra::network
