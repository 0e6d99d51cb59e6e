#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/training/training_file.h"

namespace lutra::training {

// Where a training's files lie.
struct Places {
  std::optional<std::filesystem::path> data;  // the folder of data sets and models
  std::filesystem::path output;
  std::optional<std::filesystem::path>
      others;  // the folder of other trainings; absent: the one that `output` stands in
};

// The folder that a folder stands in, whether it exists or not.
std::filesystem::path folder_around(const std::filesystem::path& folder);

// A float network: "embedded", or a file whose path is absolute or relative to the recipe, the data folder or the
// folder of other trainings; the first that exists. Throws Error naming every place tried.
network::Graph load_model(const TrainingFile& training, const Places& places, const std::string& written);

// The split's first images, or all of them.
network::Dataset load_images(const TrainingFile& training, const Places& places, network::Split split,
                             std::optional<std::size_t> images = std::nullopt);

// The real value of every pixel byte, [channel][256]: as the input's codes of `bits` express it, or exactly.
std::vector<float> pixel_values(const network::Normalisation& normalisation, int channels, std::optional<int> bits);

}  // namespace lutra::training
