#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "software/network/shape.h"

namespace lutra::network {

// How a network expects its pixels: value = (pixel / 255 * range - mean[c]) / deviation[c].
struct Normalisation {
  double range = 1.0;
  std::vector<double> mean;       // one per channel, or one for all; empty: 0
  std::vector<double> deviation;  // one per channel, or one for all; empty: 1
};

using Label = std::uint16_t;

// Images as bytes, channel-planar: pixels[image][channel][row][column].
struct Dataset {
  std::string name;
  Shape shape;
  int classes = 10;  // 0: as many as the network tells apart
  std::vector<std::uint8_t> pixels;
  std::vector<Label> labels;             // one per image; empty: none are known
  std::optional<Normalisation> meaning;  // what the bytes stand for, where the data say it and not the scenario
  std::vector<std::string> class_names;  // where classes have names: of class k
  std::vector<float> values;             // what the bytes are rounded from, where they are: in the order of `pixels`

  std::size_t size() const { return pixels.empty() ? 0 : pixels.size() / static_cast<std::size_t>(shape.elements()); }
  std::span<const std::uint8_t> image(std::size_t index) const { return part(pixels, index); }
  std::span<const float> exact_image(std::size_t index) const { return part(values, index); }

 private:
  template <typename Value>
  std::span<const Value> part(const std::vector<Value>& all, std::size_t index) const {
    const auto count = static_cast<std::size_t>(shape.elements());
    return std::span(all).subspan(index * count, count);
  }
};

enum class Split { train, test };

// Each loader throws Error naming the file and what is wrong with it (missing, truncated, bad magic, bad label, more
// than 256 MiB of a CIFAR-10 batch or 512 MiB of an IDX file's content).
Dataset load_cifar10(const std::filesystem::path& folder, Split split);
// IDX images and labels under their MNIST names, gzip-compressed or not.
Dataset load_idx(const std::filesystem::path& folder, Split split);
// The data set Lutra makes itself: same bytes on every machine.
Dataset make_embedded(Split split);
// By name: "cifar10", "cifar100", "mnist", "fashion-mnist", "embedded". `folder` may be the set's own folder or one
// that holds it.
Dataset load_dataset(const std::string& name, const std::filesystem::path& folder, Split split);

}  // namespace lutra::network
