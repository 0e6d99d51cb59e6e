#include "accelerators/engine/post_processor.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "accelerators/engine/checks.h"
#include "accelerators/family/pixel.h"

namespace lutra::accelerators {

namespace {

struct Requantiser {
  std::uint64_t bias = 0;
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 0;

  std::int64_t operator()(std::int64_t x) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) * multiplier + bias) >> shift;
  }
};

Requantiser requantiser(const lutra_requantise& entry) {
  return {static_cast<std::uint64_t>(lutra_bias(&entry)), lutra_multiplier(&entry), entry.shift};
}

std::int16_t saturate(std::int64_t value) {
  return static_cast<std::int16_t>(std::clamp<std::int64_t>(value, INT16_MIN, INT16_MAX));
}

// One requantise entry per channel, repeated where the tile has a single one.
std::vector<lutra_requantise> parameters(const lutra_tile& tile, const Buffers& buffers, std::uint32_t offset,
                                         bool single) {
  std::vector<lutra_requantise> entries(tile.channels);
  const std::uint8_t* bytes = buffers.bytes[LUTRA_BUFFER_PARAMETER].data() + offset;
  for (std::size_t k = 0; k < entries.size(); ++k)
    std::memcpy(&entries[k], bytes + (single ? 0 : k * sizeof entries[k]), sizeof entries[k]);
  return entries;
}

bool can_requantise_all(const std::vector<lutra_requantise>& entries, const EngineConfig& config) {
  return std::all_of(entries.begin(), entries.end(), [&](const auto& entry) { return can_requantise(entry, config); });
}

std::vector<Requantiser> requantisers(const std::vector<lutra_requantise>& entries) {
  std::vector<Requantiser> result;
  for (const lutra_requantise& entry : entries) result.push_back(requantiser(entry));
  return result;
}

// The thresholds of a tile in the parameter buffer.
class Thresholds {
 public:
  Thresholds(const lutra_tile& tile, const EngineConfig& config, const Buffers& buffers)
      : halves_(config.post == PostForm::thresholds),
        bytes_(buffers.bytes[LUTRA_BUFFER_PARAMETER].data() + tile.threshold_offset),
        count_(static_cast<std::size_t>(std::int64_t{tile.code_high} - tile.code_low)),
        pitch_((tile.flags & LUTRA_TILE_ONE_THRESHOLDS) != 0 ? 0 : count_),
        low_(tile.code_low) {}

  std::int16_t code(std::size_t channel, std::int32_t value) const {
    return static_cast<std::int16_t>(
        low_ + static_cast<std::int32_t>(halves_ ? search(channel, value) : count(channel, value)));
  }

 private:
  static constexpr int comparator_bits = 17;  // of a stream's value, and one beyond its reach

  std::size_t search(std::size_t channel, std::int32_t value) const {
    std::size_t reached = 0;
    for (std::size_t left = count_; left > 0;) {
      const std::size_t half = left / 2;
      if (value >= threshold(channel, reached + half)) {
        reached += half + 1;
        left -= half + 1;
      } else {
        left = half;
      }
    }
    return reached;
  }

  std::size_t count(std::size_t channel, std::int32_t value) const {
    constexpr int unused = 32 - comparator_bits;
    std::size_t reached = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const auto bits = static_cast<std::uint32_t>(threshold(channel, i)) << unused;
      if (value >= static_cast<std::int32_t>(bits) >> unused) ++reached;
    }
    return reached;
  }

  std::int32_t threshold(std::size_t channel, std::size_t index) const {
    std::int32_t value;
    std::memcpy(&value, bytes_ + (channel * pitch_ + index) * sizeof value, sizeof value);
    return value;
  }

  bool halves_;
  const std::uint8_t* bytes_;
  std::size_t count_;
  std::size_t pitch_;
  std::int32_t low_;
};

// Codes of the sums alone.
std::vector<std::uint8_t> direct_codes(const lutra_tile& tile, const EngineConfig& config, const Buffers& buffers,
                                       std::span<const std::int32_t> sums) {
  const Thresholds thresholds(tile, config, buffers);
  const std::size_t bytes = pixel_bytes(tile.channels, tile.code_bits);
  std::vector<std::uint8_t> packed(std::size_t{tile.rows} * tile.columns * bytes);
  std::vector<std::int16_t> codes(tile.channels);
  for (std::size_t pixel = 0; pixel < std::size_t{tile.rows} * tile.columns; ++pixel) {
    for (std::size_t k = 0; k < codes.size(); ++k) codes[k] = thresholds.code(k, sums[pixel * codes.size() + k]);
    pack_pixel(codes.data(), tile.channels, tile.code_bits, &packed[pixel * bytes]);
  }
  return packed;
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

int threshold_comparisons(const lutra_tile& tile, const EngineConfig& config) {
  const int count = tile.code_high - tile.code_low;
  return config.post == PostForm::thresholds ? std::bit_width(static_cast<unsigned>(count)) : count;
}

PostResult post_process(const lutra_tile& tile, const EngineConfig& config, const Buffers& buffers,
                        std::span<const std::int32_t> sums) {
  const auto has = [&](lutra_tile_flag flag) { return (tile.flags & flag) != 0; };
  PostResult result;
  if (has(LUTRA_TILE_DIRECT)) {
    result.codes = direct_codes(tile, config, buffers, sums);
    return result;
  }
  const auto scales = parameters(tile, buffers, tile.scale_offset, has(LUTRA_TILE_ONE_SCALE));
  std::vector<lutra_requantise> slopes;
  if (has(LUTRA_TILE_PRELU)) slopes = parameters(tile, buffers, tile.prelu_offset, has(LUTRA_TILE_ONE_PRELU));
  result.parameters_valid = can_requantise_all(scales, config) && can_requantise_all(slopes, config);
  if (!result.parameters_valid) return result;
  const std::vector<Requantiser> scale = requantisers(scales);
  const std::vector<Requantiser> prelu = requantisers(slopes);

  const std::size_t pixels = std::size_t{tile.rows} * tile.columns;
  const std::size_t code_bytes = pixel_bytes(tile.channels, tile.code_bits);
  const std::size_t stream_bytes = pixel_bytes(tile.channels, 16);
  if (has(LUTRA_TILE_CODES)) result.codes.resize(pixels * code_bytes);
  if (has(LUTRA_TILE_STREAM)) result.stream.resize(pixels * stream_bytes);
  const Requantiser code_requantise = requantiser(tile.code_requantise);
  std::optional<Thresholds> thresholds;
  if (has(LUTRA_TILE_THRESHOLDS)) thresholds.emplace(tile, config, buffers);
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
    for (std::size_t k = 0; k < stream.size(); ++k)
      stream[k] = thresholds ? thresholds->code(k, stream[k]) : code(tile, code_requantise, stream[k]);
    pack_pixel(stream.data(), tile.channels, tile.code_bits, &result.codes[pixel * code_bytes]);
  }
  return result;
}

}  // namespace lutra::accelerators
