#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

#include "accelerators/engine/buffers.h"
#include "accelerators/engine/checks.h"
#include "accelerators/family/timing.h"
#include "software/common/error.h"
#include "tests/accelerators/engine/packed_pixels.h"
#include "tests/support/tiles.h"

namespace lutra::test {

// A tile the engine accepts, and its buffers.
struct PostTile {
  lutra_tile tile;
  accelerators::Buffers buffers;
};

// Draws tiles of every kind, with every combination of flags that an engine accepts.
class PostTileDraw {
 public:
  PostTileDraw(const accelerators::EngineConfig& config, const accelerators::Family& family, std::uint32_t seed)
      : config_(config), family_(family), random_(seed) {}

  PostTile draw() {
    for (int i = 0; i < most_draws; ++i) {
      PostTile drawn{draw_tile(), accelerators::Buffers(config_)};
      if (accelerators::check_tile(drawn.tile, config_, family_) != LUTRA_ERROR_NONE) continue;
      fill(drawn);
      return drawn;
    }
    throw Error("no drawn tile is accepted");
  }

 private:
  static constexpr int most_draws = 10000;

  template <class Integer>
  Integer extreme(Integer otherwise) {
    const Integer low = std::numeric_limits<Integer>::min(), high = std::numeric_limits<Integer>::max();
    switch (random_.between(0, 7)) {
      case 0:
        return low;
      case 1:
        return high;
      case 2:
        return 0;
      default:
        return otherwise;
    }
  }

  lutra_requantise draw_requantise() {
    const auto most = static_cast<int>((1u << config_.post_multiplier_bits) - 1);
    auto multiplier = std::min(extreme(static_cast<std::uint32_t>(random_.between(0, most))), std::uint32_t(most));
    if (config_.post == accelerators::PostForm::shift)
      multiplier = random_.chance(8) ? 0 : 1u << random_.between(0, 15);
    const int shift = random_.chance(3) ? random_.between(0, accelerators::largest_shift) : random_.between(8, 24);
    // A term within the stream's range, a rounding half, or anything.
    std::int64_t bias = static_cast<std::int64_t>(random_.between(-40000, 40000)) * (std::int64_t{1} << shift);
    if (random_.chance(3)) bias = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    if (random_.chance(6))
      bias = extreme((static_cast<std::int64_t>(random_.between(INT32_MIN, INT32_MAX)) * 4294967296) +
                     random_.between(INT32_MIN, INT32_MAX));
    return requantise(multiplier, bias, shift);
  }

  void draw_operand(lutra_operand& operand, int columns, int channels) {
    operand.bits = static_cast<std::uint8_t>(random_.chance(4) ? 16 : random_.between(1, 8));
    operand.is_signed = operand.bits == 16 || random_.chance(2);
    operand.width = static_cast<std::uint16_t>(columns);
    operand.channels = static_cast<std::uint16_t>(channels);
    operand.pixel_bytes = static_cast<std::uint16_t>((channels * operand.bits + 7) / 8);
  }

  lutra_tile draw_tile() {
    lutra_tile tile = simple_tile(static_cast<lutra_tile_kind>(random_.between(0, 3)), random_.between(1, 4),
                                  random_.between(1, 4), random_.between(1, 9));
    tile.flags = static_cast<std::uint16_t>(random_.between(0, 4095));
    if (!random_.chance(6)) tile.flags &= static_cast<std::uint16_t>(~LUTRA_TILE_KEEP);
    if (tile.kind == LUTRA_TILE_MAXIMUM || tile.kind == LUTRA_TILE_SUM) {
      tile.window_height = static_cast<std::uint16_t>(random_.between(1, 3));
      tile.window_width = static_cast<std::uint16_t>(random_.between(1, 3));
    }
    const int input_columns = tile.columns + tile.window_width - 1;
    draw_operand(tile.input, input_columns, tile.channels);
    draw_operand(tile.skip, tile.columns, random_.between(1, 9));
    tile.skip_first_channel = static_cast<std::int16_t>(random_.between(-4, 4));
    tile.skip_requantise = draw_requantise();
    tile.code_requantise = draw_requantise();
    tile.prelu_offset = 9 * sizeof(lutra_requantise);
    tile.threshold_offset = 2 * 9 * sizeof(lutra_requantise);
    tile.code_bits = static_cast<std::uint16_t>(random_.chance(6) ? 16 : random_.between(1, 8));
    const int span = (tile.flags & LUTRA_TILE_THRESHOLDS) != 0 ? random_.between(0, LUTRA_MOST_THRESHOLDS)
                                                               : random_.between(0, (1 << tile.code_bits) - 1);
    tile.code_low = tile.code_bits == 16 || random_.chance(2) ? -(span + 1) / 2 : 0;
    tile.code_high = tile.code_low + span;
    tile.stream_offset = 8192;
    return tile;
  }

  void fill(PostTile& drawn) {
    for (auto* buffer : {&drawn.buffers.bytes[LUTRA_BUFFER_ACTIVATION], &drawn.buffers.bytes[LUTRA_BUFFER_WEIGHT],
                         &drawn.buffers.bytes[LUTRA_BUFFER_SKIP]})
      for (std::size_t i = 0; i < 2048; ++i) (*buffer)[i] = static_cast<std::uint8_t>(random_.between(0, 255));
    auto& parameters = drawn.buffers.bytes[LUTRA_BUFFER_PARAMETER];
    for (std::size_t i = 0; i < 18; ++i) put(parameters, i * sizeof(lutra_requantise), draw_requantise());
    const int count = drawn.tile.code_high - drawn.tile.code_low;
    for (int entry = 0; (drawn.tile.flags & LUTRA_TILE_THRESHOLDS) != 0 && entry < 9; ++entry) {
      const int scale = random_.between(0, 31);
      std::vector<std::int32_t> values(static_cast<std::size_t>(count));
      for (auto& value : values) value = extreme(random_.between(INT32_MIN, INT32_MAX) >> scale);
      std::sort(values.begin(), values.end());
      for (std::size_t i = 0; i < values.size(); ++i)
        std::memcpy(&parameters[drawn.tile.threshold_offset + (static_cast<std::size_t>(entry * count) + i) * 4],
                    &values[i], 4);
    }
    const int unused = 32 - config_.accumulator_bits;
    for (std::size_t i = 0; i < 4u * 4u * 9u; ++i)
      drawn.buffers.accumulators[i] =
          extreme(random_.between(INT32_MIN, INT32_MAX) >> random_.between(0, 31 - unused)) >> unused;
  }

  const accelerators::EngineConfig& config_;
  const accelerators::Family& family_;
  Random random_;
};

}  // namespace lutra::test
