#include "software/network/data/pictures/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "software/common/error.h"
#include "software/network/data/pictures/jpeg.h"
#include "software/network/data/pictures/png.h"

namespace lutra::network {

std::size_t largest_picture_bytes(const Shape& shape) {
  return 1'000'000 + 8 * static_cast<std::size_t>(shape.elements());
}

bool is_picture_name(const std::string& name) {
  std::string suffix = std::filesystem::path(name).extension().string();
  std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

std::vector<std::uint8_t> read_picture(std::span<const std::uint8_t> bytes, const std::string& place,
                                       const Shape& shape) {
  if (!is_png(bytes) && !is_jpeg(bytes))
    throw Error(fmt::format("{}: is neither a PNG nor a JPEG picture; convert it", place));
  const std::vector<std::uint8_t> pixels =
      is_png(bytes) ? read_png(bytes, place, shape) : read_jpeg(bytes, place, shape);
  const auto channels = static_cast<std::size_t>(shape.channels);
  if (channels == 1) return pixels;
  std::vector<std::uint8_t> planes;
  planes.reserve(pixels.size());
  for (std::size_t channel = 0; channel < channels; ++channel)
    for (std::size_t at = channel; at < pixels.size(); at += channels) planes.push_back(pixels[at]);
  return planes;
}

}  // namespace lutra::network
