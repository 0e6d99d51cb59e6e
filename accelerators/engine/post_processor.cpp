#include "accelerators/engine/post_processor.h"

#include <algorithm>
#include <cstring>

#include "accelerators/engine/checks.h"
#include "accelerators/family/pixel.h"

namespace lutra::accelerators {

namespace {

struct Requantiser {
  std::uint64_t bias = 0;
  std::uint16_t multiplier = 0;
  std::uint8_t shift = 0;

  std::int64_t operator()(std::int64_t x) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) * multiplier + bias) >> shift;
  }
};

Requantiser requantiser(const lutra_requantise& entry) {
  return {static_cast<std::uint64_t>(static_cast<std::uint32_t>(entry.bias_high)) << 32 | entry.bias_low,
          entry.multiplier, entry.shift};
}

std::int16_t saturate(std::int64_t value) {
  return static_cast<std::int16_t>(std::clamp<std::int64_t>(value, INT16_MIN, INT16_MAX));
}

// One requantiser per channel, repeated where the tile has a single one.
std::vector<Requantiser> parameters(const lutra_tile& tile, const Buffers& buffers, std::uint32_t offset, bool single) {
  std::vector<Requantiser> result(tile.channels);
  const std::uint8_t* bytes = buffers.bytes[LUTRA_BUFFER_PARAMETER].data() + offset;
  for (std::size_t k = 0; k < result.size(); ++k) {
    lutra_requantise entry;
    std::memcpy(&entry, bytes + (single ? 0 : k * sizeof entry), sizeof entry);
    result[k] = requantiser(entry);
  }
  return result;
}

bool shifts_valid(const std::vector<Requantiser>& entries) {
  return std::all_of(entries.begin(), entries.end(), [](const Requantiser& r) { return r.shift <= largest_shift; });
}

// Adds what the skip operand holds for one row of pixels.
class SkipAdder {
 public:
  SkipAdder(const lutra_tile& tile, const Buffers& buffers)
      : tile_(tile),
        bytes_(buffers.bytes[LUTRA_BUFFER_SKIP].data() + tile.skip.offset),
        values_(tile.skip.channels),
        requantise_(requantiser(tile.skip_requantise)) {}

  void add(int y, int x, std::span<std::int16_t> stream) {
    const std::size_t pixel = static_cast<std::size_t>(y) * tile_.skip_stride_y * tile_.skip.width +
                              static_cast<std::size_t>(x) * tile_.skip_stride_x;
    unpack_pixel(bytes_ + pixel * tile_.skip.pixel_bytes, tile_.skip.channels, tile_.skip.bits,
                 tile_.skip.is_signed != 0, values_.data());
    for (std::size_t k = 0; k < stream.size(); ++k) {
      const std::int64_t channel = tile_.skip_first_channel + static_cast<std::int64_t>(k);
      const bool exists = channel >= 0 && channel < tile_.skip.channels;
      const std::int64_t term = requantise_(exists ? values_[static_cast<std::size_t>(channel)] : 0);
      // Twice the stream's range decides the saturated sum as well as any larger term would.
      stream[k] = saturate(stream[k] + std::clamp<std::int64_t>(term, 2 * INT16_MIN, 2 * (INT16_MAX + 1)));
    }
  }

 private:
  const lutra_tile& tile_;
  const std::uint8_t* bytes_;
  std::vector<std::int16_t> values_;
  Requantiser requantise_;
};

std::int16_t code(const lutra_tile& tile, const Requantiser& requantise, std::int16_t stream) {
  const bool requantises = (tile.flags & LUTRA_TILE_REQUANTISE) != 0;
  const std::int64_t value = requantises ? requantise(stream) : stream;
  return static_cast<std::int16_t>(std::clamp<std::int64_t>(value, tile.code_low, tile.code_high));
}

}  // namespace

PostResult post_process(const lutra_tile& tile, const Buffers& buffers, std::span<const std::int32_t> sums) {
  const auto has = [&](lutra_tile_flag flag) { return (tile.flags & flag) != 0; };
  const auto scale = parameters(tile, buffers, tile.scale_offset, has(LUTRA_TILE_ONE_SCALE));
  std::vector<Requantiser> prelu;
  if (has(LUTRA_TILE_PRELU)) prelu = parameters(tile, buffers, tile.prelu_offset, has(LUTRA_TILE_ONE_PRELU));
  PostResult result;
  result.shifts_valid = shifts_valid(scale) && shifts_valid(prelu);
  if (!result.shifts_valid) return result;

  const std::size_t pixels = std::size_t{tile.rows} * tile.columns;
  const std::size_t code_bytes = pixel_bytes(tile.channels, tile.code_bits);
  const std::size_t stream_bytes = pixel_bytes(tile.channels, 16);
  if (has(LUTRA_TILE_CODES)) result.codes.resize(pixels * code_bytes);
  if (has(LUTRA_TILE_STREAM)) result.stream.resize(pixels * stream_bytes);
  const Requantiser code_requantise = requantiser(tile.code_requantise);
  SkipAdder skip(tile, buffers);
  std::vector<std::int16_t> stream(tile.channels);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::int32_t* sum = &sums[pixel * tile.channels];
    for (std::size_t k = 0; k < stream.size(); ++k) stream[k] = saturate(scale[k](sum[k]));
    if (has(LUTRA_TILE_SKIP))
      skip.add(static_cast<int>(pixel / tile.columns), static_cast<int>(pixel % tile.columns), stream);
    for (std::size_t k = 0; k < prelu.size(); ++k)
      if (stream[k] < 0) stream[k] = saturate(prelu[k](stream[k]));
    if (has(LUTRA_TILE_STREAM)) pack_pixel(stream.data(), tile.channels, 16, &result.stream[pixel * stream_bytes]);
    if (!has(LUTRA_TILE_CODES)) continue;
    for (std::int16_t& value : stream) value = code(tile, code_requantise, value);
    pack_pixel(stream.data(), tile.channels, tile.code_bits, &result.codes[pixel * code_bytes]);
  }
  return result;
}

}  // namespace lutra::accelerators
