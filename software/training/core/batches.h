#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <random>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/training/core/recipe.h"

namespace lutra::training {

// The real value of every pixel byte, as the first layer's input codes express it.
struct PixelTable {
  std::vector<float> values;  // [channel][256]
};

constexpr std::size_t evaluation_batch = 500;  // images

struct Batch {
  torch::Tensor images;  // [image][channel][row][column], channels innermost in memory
  torch::Tensor labels;  // int64
};

// Images of a data set by the batch. The order of an epoch and what augmentation does to every image depend on the seed
// and the epoch alone. The data set must outlive it.
class Batches {
 public:
  Batches(const network::Dataset& data, PixelTable table, std::size_t size, torch::ScalarType type,
          torch::Device device);

  void shuffle(std::uint64_t seed, int epoch, const Augmentation& augmentation);
  void in_order();  // unaugmented, for evaluation

  std::size_t images() const { return data_.size(); }
  std::size_t count() const;  // of batches; the last may be smaller unless the order is shuffled
  Batch get(std::size_t batch) const;

 private:
  struct Choice {
    std::uint32_t image = 0;
    std::int8_t row = 0, column = 0;  // of the window
    bool flipped = false;
    std::uint8_t quarter_turns = 0;
    std::vector<std::uint8_t> channels;  // where each comes from, 128 added where it is inverted; empty: as they are
  };

  std::vector<std::uint8_t> draw_channels(std::mt19937_64& generator, const Augmentation& augmentation) const;

  const network::Dataset& data_;
  PixelTable table_;
  std::size_t size_;
  torch::ScalarType type_;
  torch::Device device_;
  std::vector<Choice> order_;
  bool whole_only_ = false;
};

}  // namespace lutra::training
