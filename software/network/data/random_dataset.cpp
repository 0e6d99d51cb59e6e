#include "software/network/data/random_dataset.h"

#include <algorithm>
#include <random>

#include "software/network/limits.h"

namespace lutra::network {

namespace {

constexpr std::int64_t most_random_images = 1024;
constexpr std::int64_t most_random_bytes = std::int64_t{64} << 20;

}  // namespace

Dataset make_random(const Shape& shape, std::uint32_t seed, Split split) {
  check_shape(shape, "random data");
  Dataset data;
  data.name = "random";
  data.shape = shape;
  data.classes = 0;
  const std::int64_t images = std::clamp(most_random_bytes / shape.elements(), std::int64_t{1}, most_random_images);
  data.pixels.resize(static_cast<std::size_t>(images * shape.elements()));
  std::mt19937_64 random(std::uint64_t{seed} * 2 + (split == Split::train ? 1 : 0));
  for (std::uint8_t& pixel : data.pixels) pixel = static_cast<std::uint8_t>(random() >> 56);
  return data;
}

}  // namespace lutra::network
