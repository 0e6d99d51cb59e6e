#include "software/network/data/own/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

std::int64_t product(const std::vector<std::int64_t>& extents) {
  std::int64_t result = 1;
  for (const std::int64_t extent : extents) result = saturating_product({result, extent});
  return result;
}

int as_extent(std::int64_t extent) {
  return static_cast<int>(std::min<std::int64_t>(extent, std::int64_t{max_dimension} + 1));
}

Shape image_shape(const std::vector<std::int64_t>& extents, Layout layout, const Array& array) {
  const auto at = [&](std::size_t i) { return as_extent(extents[i]); };
  if (extents.size() == 1) return {at(0), 1, 1};
  if (extents.size() == 2) return {1, at(0), at(1)};
  if (extents.size() == 3 && layout == Layout::nchw) return {at(0), at(1), at(2)};
  if (extents.size() == 3) return {at(2), at(0), at(1)};
  throw Error(
      fmt::format("{}: holds {} numbers; images are [N,C,H,W], [N,H,W] or [N,F]: say with 'shape' how to read "
                  "one of them, as [3, 32, 32]",
                  array.place, to_string(array.shape)));
}

}  // namespace

std::size_t Examples::index(std::size_t image, std::size_t planar) const {
  const std::size_t first = image * static_cast<std::size_t>(shape.elements());
  if (layout == Layout::nchw) return first + planar;
  const std::size_t plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  return first + planar % plane * static_cast<std::size_t>(shape.channels) + planar / plane;
}

float Examples::value(std::size_t image, std::size_t planar) const {
  const double number = array.at(index(image, planar));
  const auto result = static_cast<float>((number - zero_point) * scale);
  if (!std::isfinite(result))
    throw Error(fmt::format("{}: number {} of image {} is {}, which stands for {}; every value must be finite",
                            array.place, index(0, planar), image, number, result));
  return result;
}

Examples make_examples(Array array, const OwnData& data) {
  if (array.shape.empty()) throw Error(fmt::format("{}: holds a single number, and no images", array.place));
  std::vector<std::int64_t> extents(array.shape.begin() + 1, array.shape.end());
  if (!data.shape.empty()) {
    const std::vector<std::int64_t> wanted(data.shape.begin(), data.shape.end());
    if (product(wanted) != product(extents))
      throw Error(fmt::format("{}: holds {} images of {}, {} numbers each; 'shape' says {}, which are {}", array.place,
                              array.shape[0], to_string(extents), product(extents), to_string(wanted),
                              product(wanted)));
    extents = wanted;
  }
  Examples examples;
  examples.shape = image_shape(extents, data.layout, array);
  if (array.shape[0] == 0) throw Error(fmt::format("{}: holds no images", array.place));
  check_shape(examples.shape, array.place);
  examples.array = std::move(array);
  examples.layout = data.layout;
  examples.scale = data.scale.value_or(1);
  examples.zero_point = data.zero_point.value_or(0);
  return examples;
}

}  // namespace lutra::network
