#include "software/network/data/cifar10_grid.h"

#include <fmt/format.h>
#include <webp/decode.h>

#include <memory>

#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::network {

namespace {

constexpr std::uintmax_t largest_grid_bytes = std::uintmax_t{1} << 28;
constexpr std::size_t grid_channels = 3;

}  // namespace

void append_cifar10_grid(Dataset& data, const std::filesystem::path& picture, const std::filesystem::path& labels) {
  const auto side = static_cast<std::size_t>(data.shape.height);
  const auto per_row = std::size_t{100};
  const std::vector<std::uint8_t> file = read_file(picture, largest_grid_bytes);
  const std::vector<std::uint8_t> classes = read_file(labels, largest_grid_bytes);
  int width = 0;
  int height = 0;
  if (WebPGetInfo(file.data(), file.size(), &width, &height) == 0)
    throw Error(fmt::format("{}: is not a WebP picture", picture.string()));
  const std::size_t rows = (classes.size() + per_row - 1) / per_row;
  if (static_cast<std::size_t>(width) != per_row * side || static_cast<std::size_t>(height) != rows * side)
    throw Error(fmt::format("{}: has {} x {} pixels; {} labels in {} need {} x {}", picture.string(), width, height,
                            classes.size(), labels.string(), per_row * side, rows * side));
  const std::unique_ptr<std::uint8_t, void (*)(void*)> pixels(WebPDecodeRGB(file.data(), file.size(), &width, &height),
                                                              WebPFree);
  if (!pixels) throw Error(fmt::format("{}: is a damaged WebP picture", picture.string()));
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k] >= data.classes)
      throw Error(fmt::format("{}: label {} of image {}; 0..{} are possible", labels.string(), classes[k], k,
                              data.classes - 1));
    data.labels.push_back(classes[k]);
    for (std::size_t channel = 0; channel < grid_channels; ++channel)
      for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x) {
          const std::size_t pixel = (k / per_row * side + y) * per_row * side + k % per_row * side + x;
          data.pixels.push_back(pixels.get()[pixel * grid_channels + channel]);
        }
  }
}

}  // namespace lutra::network
