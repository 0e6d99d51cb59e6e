#include "accelerators/array/patches.h"

#include <algorithm>
#include <cstring>

#include "accelerators/family/family.h"
#include "accelerators/family/pixel.h"

namespace lutra::accelerators::array {

namespace {

std::vector<std::int16_t> unpack_activations(const MatrixTile& tile, std::span<const std::uint8_t> bytes) {
  const std::size_t pixels = activation_bytes(tile) / tile.input_pixel_bytes;
  std::vector<std::int16_t> values(pixels * tile.input_channels);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel)
    unpack_pixel(&bytes[pixel * tile.input_pixel_bytes], tile.input_channels, tile.activation_bits,
                 tile.activation_signed, &values[pixel * tile.input_channels]);
  return values;
}

// The elements of one dot product, in its order, from the window whose first pixel is (y, x).
void gather(const MatrixTile& tile, const std::vector<std::int16_t>& activations, int first_channel, int y, int x,
            std::int16_t* patch) {
  const bool whole_rows = is_one_run(tile.dilation_x, tile.group_channels, tile.input_channels);
  const int pieces = whole_rows ? 1 : tile.window_width;
  const std::size_t piece = static_cast<std::size_t>(tile.group_channels) * (whole_rows ? tile.window_width : 1);
  for (int r = 0; r < tile.window_height; ++r)
    for (int s = 0; s < pieces; ++s, patch += piece) {
      const std::size_t pixel =
          (static_cast<std::size_t>(y) * tile.stride_y + static_cast<std::size_t>(r) * tile.dilation_y) *
              tile.input_width +
          static_cast<std::size_t>(x) * tile.stride_x + static_cast<std::size_t>(s) * tile.dilation_x;
      std::memcpy(patch, &activations[pixel * tile.input_channels + first_channel], piece * sizeof(std::int16_t));
    }
}

// Products of one output channel of a group whose activation is not zero: those of a pixel count in every window that
// holds it.
std::uint64_t nonzero_products(const MatrixTile& tile, const std::vector<std::int16_t>& activations,
                               std::size_t first_channel) {
  const std::size_t pixels = activations.size() / tile.input_channels;
  std::vector<std::uint32_t> nonzero(pixels);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::int16_t* channels = &activations[pixel * tile.input_channels + first_channel];
    for (std::size_t i = 0; i < static_cast<std::size_t>(tile.group_channels); ++i)
      nonzero[pixel] += channels[i] != 0 ? 1 : 0;
  }
  std::uint64_t products = 0;
  for (std::size_t y = 0; y < static_cast<std::size_t>(tile.rows); ++y)
    for (std::size_t r = 0; r < static_cast<std::size_t>(tile.window_height); ++r) {
      const std::size_t row = (y * tile.stride_y + r * tile.dilation_y) * tile.input_width;
      for (std::size_t x = 0; x < static_cast<std::size_t>(tile.columns); ++x)
        for (std::size_t s = 0; s < static_cast<std::size_t>(tile.window_width); ++s)
          products += nonzero[row + x * tile.stride_x + s * tile.dilation_x];
    }
  return products;
}

std::int32_t wrap(std::uint32_t sum, int bits) {
  const std::uint32_t sign = 1u << (bits - 1);
  const std::uint32_t kept = bits == 32 ? sum : sum & ((1u << bits) - 1);
  return static_cast<std::int32_t>((kept ^ sign) - sign);
}

}  // namespace

std::uint64_t accumulate(const MatrixTile& tile, int accumulator_bits, std::size_t stride,
                         std::span<const std::uint8_t> activations, std::span<std::int32_t> accumulators,
                         const std::function<void(const PatchBatch&)>& datapath) {
  const std::vector<std::int16_t> values = unpack_activations(tile, activations);
  std::vector<std::int16_t> patches(patches_at_once * stride);
  std::vector<std::uint32_t> sums(patches_at_once * static_cast<std::size_t>(tile.channels));
  const std::size_t pixels = static_cast<std::size_t>(tile.rows) * tile.columns;
  std::uint64_t products = 0;
  std::size_t first_output = 0;
  int group = tile.group_phase / tile.group_outputs;
  for (const int run : group_runs(tile.channels, tile.group_outputs, tile.group_phase)) {
    const auto outputs = static_cast<std::size_t>(run);
    for (std::size_t first = 0; first < pixels; first += patches_at_once) {
      const std::size_t count = std::min(patches_at_once, pixels - first);
      for (std::size_t p = 0; p < count; ++p)
        gather(tile, values, group * tile.group_channels, static_cast<int>((first + p) / tile.columns),
               static_cast<int>((first + p) % tile.columns), &patches[p * stride]);
      datapath({patches, count, stride, first_output, outputs, sums});
      for (std::size_t p = 0; p < count; ++p)
        for (std::size_t k = 0; k < outputs; ++k) {
          std::int32_t& target = accumulators[(first + p) * tile.channels + first_output + k];
          target = wrap(static_cast<std::uint32_t>(target) + sums[p * outputs + k], accumulator_bits);
        }
    }
    products += outputs * nonzero_products(tile, values, static_cast<std::size_t>(group) * tile.group_channels);
    first_output += outputs;
    ++group;
  }
  return products;
}

}  // namespace lutra::accelerators::array
