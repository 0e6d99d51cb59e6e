#include "software/training/core/batches.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace lutra::training {

namespace {

constexpr std::uint8_t inverted = 128;

// Of at most `most`, both ends included. (std::uniform_int_distribution differs between libraries.)
std::uint32_t draw(std::mt19937_64& generator, std::uint32_t most) {
  return static_cast<std::uint32_t>((generator() >> 32) * (std::uint64_t{most} + 1) >> 32);
}

}  // namespace

std::vector<std::uint8_t> Batches::draw_channels(std::mt19937_64& generator, const Augmentation& augmentation) const {
  std::vector<std::uint8_t> channels(static_cast<std::size_t>(data_.shape.channels));
  std::iota(channels.begin(), channels.end(), std::uint8_t{0});
  for (std::size_t i = channels.size(); i > 1 && augmentation.permute_channels; --i)
    std::swap(channels[i - 1], channels[draw(generator, static_cast<std::uint32_t>(i) - 1)]);
  for (std::uint8_t& channel : channels)
    if (augmentation.invert && draw(generator, 1) == 1) channel |= inverted;
  return channels;
}

Batches::Batches(const network::Dataset& data, PixelTable table, std::size_t size, torch::ScalarType type,
                 torch::Device device)
    : data_(data), table_(std::move(table)), size_(size), type_(type), device_(device) {
  in_order();
}

void Batches::in_order() {
  order_.clear();
  for (std::uint32_t i = 0; i < data_.size(); ++i) order_.push_back({.image = i, .channels = {}});
  whole_only_ = false;
}

void Batches::shuffle(std::uint64_t seed, int epoch, const Augmentation& augmentation) {
  std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                         static_cast<std::uint32_t>(epoch)};
  std::mt19937_64 generator(sequence);
  in_order();
  whole_only_ = true;
  for (std::size_t i = order_.size(); i > 1; --i)
    std::swap(order_[i - 1], order_[draw(generator, static_cast<std::uint32_t>(i) - 1)]);
  for (Choice& choice : order_) {
    const auto span = static_cast<std::uint32_t>(2 * augmentation.pad);
    choice.row = static_cast<std::int8_t>(static_cast<int>(draw(generator, span)) - augmentation.pad);
    choice.column = static_cast<std::int8_t>(static_cast<int>(draw(generator, span)) - augmentation.pad);
    choice.flipped = augmentation.flip && draw(generator, 1) == 1;
    if (augmentation.turn) choice.quarter_turns = static_cast<std::uint8_t>(draw(generator, 3));
    if (augmentation.permute_channels || augmentation.invert) choice.channels = draw_channels(generator, augmentation);
  }
}

std::size_t Batches::count() const {
  const std::size_t whole = order_.size() / size_;
  return whole_only_ && whole > 0 ? whole : (order_.size() + size_ - 1) / size_;
}

Batch Batches::get(std::size_t batch) const {
  const std::size_t first = batch * size_;
  const std::size_t last = std::min(first + size_, order_.size());
  const int channels = data_.shape.channels;
  const int height = data_.shape.height;
  const int width = data_.shape.width;
  Batch result;
  const auto images = static_cast<std::int64_t>(last - first);
  torch::Tensor pixels = torch::empty({images, height, width, channels}, torch::kFloat32);
  result.labels = torch::empty({images}, torch::kInt64);
  auto* out = pixels.data_ptr<float>();
  auto* labels = result.labels.data_ptr<std::int64_t>();
  for (std::size_t i = first; i < last; ++i) {
    const Choice& choice = order_[i];
    const auto image = data_.image(choice.image);
    *labels++ = data_.labels[choice.image];
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        int row = y;
        int column = x;
        for (int turn = 0; turn < choice.quarter_turns; ++turn) {
          const int turned = height - 1 - row;
          row = column;
          column = turned;
        }
        row += choice.row;
        column = (choice.flipped ? width - 1 - column : column) + choice.column;
        const bool inside = row >= 0 && row < height && column >= 0 && column < width;
        for (int channel = 0; channel < channels; ++channel) {
          const int from = choice.channels.empty() ? channel : choice.channels[static_cast<std::size_t>(channel)];
          const int source = from & (inverted - 1);
          const int pixel = inside ? image[(static_cast<std::size_t>(source) * height + row) * width + column] : 0;
          *out++ = table_.values[static_cast<std::size_t>(channel) * 256 + (from >= inverted ? 255 - pixel : pixel)];
        }
      }
  }
  result.images = pixels.to(device_, type_).permute({0, 3, 1, 2});
  result.labels = result.labels.to(device_);
  return result;
}

}  // namespace lutra::training
