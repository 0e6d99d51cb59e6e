#include "software/training/core/batches.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace lutra::training {

namespace {

// Of at most `most`, both ends included. (std::uniform_int_distribution differs between libraries.)
std::uint32_t draw(std::mt19937_64& generator, std::uint32_t most) {
  return static_cast<std::uint32_t>((generator() >> 32) * (std::uint64_t{most} + 1) >> 32);
}

}  // namespace

Batches::Batches(const network::Dataset& data, PixelTable table, std::size_t size, torch::ScalarType type,
                 torch::Device device)
    : data_(data), table_(std::move(table)), size_(size), type_(type), device_(device) {
  in_order();
}

void Batches::in_order() {
  order_.clear();
  for (std::uint32_t i = 0; i < data_.size(); ++i) order_.push_back({i, 0, 0, false});
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
        const int row = y + choice.row;
        const int column = (choice.flipped ? width - 1 - x : x) + choice.column;
        const bool inside = row >= 0 && row < height && column >= 0 && column < width;
        for (int channel = 0; channel < channels; ++channel) {
          const int pixel = inside ? image[(static_cast<std::size_t>(channel) * height + row) * width + column] : 0;
          *out++ = table_.values[static_cast<std::size_t>(channel) * 256 + pixel];
        }
      }
  }
  result.images = pixels.to(device_, type_).permute({0, 3, 1, 2});
  result.labels = result.labels.to(device_);
  return result;
}

}  // namespace lutra::training
