#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "software/network/shape.h"

namespace lutra::network {

// Labelled images as bytes, channel-planar: pixels[image][channel][row][column].
struct Dataset {
  std::string name;
  Shape shape;
  int classes = 10;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;

  std::size_t size() const { return labels.size(); }
  std::span<const std::uint8_t> image(std::size_t index) const {
    const auto bytes = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * bytes, bytes);
  }
};

// How a network expects its pixels: value = (pixel / 255 * range - mean[c]) / deviation[c].
struct Normalisation {
  double range = 1.0;
  std::vector<double> mean;       // one per channel, or one for all; empty: 0
  std::vector<double> deviation;  // one per channel, or one for all; empty: 1
};

enum class Split { train, test };

// Each loader throws Error naming the file and what is wrong with it (missing, truncated, bad magic, bad label, more
// than 256 MiB of a CIFAR-10 batch or 512 MiB of an IDX file's content).
Dataset load_cifar10(const std::filesystem::path& folder, Split split);
// IDX images and labels under their MNIST names, gzip-compressed or not.
Dataset load_idx(const std::filesystem::path& folder, Split split);
// The data set Lutra makes itself: same bytes on every machine.
Dataset make_embedded(Split split);
// By name: "cifar10", "mnist", "fashion-mnist", "embedded". `folder` may be the set's own folder or one that holds it.
Dataset load_dataset(const std::string& name, const std::filesystem::path& folder, Split split);

}  // namespace lutra::network
