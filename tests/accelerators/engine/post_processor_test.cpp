#include "accelerators/engine/post_processor.h"

#include <gtest/gtest.h>

#include "tests/accelerators/engine/packed_pixels.h"
#include "tests/support/tiles.h"

namespace lutra::accelerators {
namespace {

using test::put;
using test::requantise;
using test::simple_tile;

// The formulas at the head of software/network/quantised/quantised_network.h, one output at a time, in 128 bits.
__extension__ using Wide = __int128;

Wide apply(const lutra_requantise& r, Wide x) {
  const Wide bias = lutra_bias(&r);
  return (x * std::int64_t{lutra_multiplier(&r)} + bias) >> r.shift;
}

Wide clamp(Wide value, Wide low, Wide high) { return value < low ? low : value > high ? high : value; }
Wide sat16(Wide value) { return clamp(value, -32768, 32767); }

lutra_requantise entry(const Buffers& buffers, std::uint32_t offset, int index) {
  lutra_requantise r;
  std::memcpy(&r, &buffers.bytes[LUTRA_BUFFER_PARAMETER][offset + static_cast<std::size_t>(index) * sizeof r],
              sizeof r);
  return r;
}

struct Expected {
  std::vector<int> codes;
  std::vector<int> stream;
};

Expected expected(const lutra_tile& tile, const Buffers& buffers, const std::vector<std::int32_t>& sums,
                  const std::vector<int>& skip) {
  Expected result;
  std::size_t i = 0;
  for (int y = 0; y < tile.rows; ++y)
    for (int x = 0; x < tile.columns; ++x)
      for (int k = 0; k < tile.channels; ++k, ++i) {
        const bool one_scale = (tile.flags & LUTRA_TILE_ONE_SCALE) != 0;
        Wide stream = sat16(apply(entry(buffers, tile.scale_offset, one_scale ? 0 : k), sums[i]));
        if ((tile.flags & LUTRA_TILE_SKIP) != 0) {
          const int channel = tile.skip_first_channel + k;
          const int pixel = y * tile.skip_stride_y * tile.skip.width + x * tile.skip_stride_x;
          const bool exists = channel >= 0 && channel < tile.skip.channels;
          const Wide value = exists ? skip[static_cast<std::size_t>(pixel * tile.skip.channels + channel)] : 0;
          stream = sat16(stream + apply(tile.skip_requantise, value));
        }
        const bool one_prelu = (tile.flags & LUTRA_TILE_ONE_PRELU) != 0;
        if ((tile.flags & LUTRA_TILE_PRELU) != 0 && stream < 0)
          stream = sat16(apply(entry(buffers, tile.prelu_offset, one_prelu ? 0 : k), stream));
        result.stream.push_back(static_cast<int>(stream));
        const bool again = (tile.flags & LUTRA_TILE_REQUANTISE) != 0;
        const Wide code = again ? apply(tile.code_requantise, stream) : stream;
        result.codes.push_back(static_cast<int>(clamp(code, tile.code_low, tile.code_high)));
      }
  return result;
}

lutra_requantise random_requantise(test::Random& random) {
  const std::int64_t bias = std::int64_t{random.between(-(1 << 30), 1 << 30)} << random.between(0, 12);
  return requantise(static_cast<std::uint16_t>(random.between(0, 65535)), bias, random.between(0, 47));
}

TEST(PostProcessor, EqualsTheFormulasOnRandomTiles) {
  const std::uint32_t seed = 5;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::Random random(seed);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    lutra_tile tile =
        simple_tile(LUTRA_TILE_ELEMENTWISE, random.between(1, 4), random.between(1, 5), random.between(1, 9));
    tile.flags = static_cast<std::uint16_t>(LUTRA_TILE_CODES | LUTRA_TILE_STREAM | random.between(0, 511));
    tile.code_bits = static_cast<std::uint16_t>(random.chance(6) ? 16 : random.between(1, 8));
    const bool is_signed = tile.code_bits == 16 || random.chance(2);
    tile.code_low = is_signed ? -(1 << (tile.code_bits - 1)) : 0;
    tile.code_high = is_signed ? (1 << (tile.code_bits - 1)) - 1 : (1 << tile.code_bits) - 1;
    tile.skip_stride_y = static_cast<std::uint8_t>(random.between(1, 2));
    tile.skip_stride_x = static_cast<std::uint8_t>(random.between(1, 2));
    tile.skip.channels = static_cast<std::uint16_t>(random.between(1, 9));
    tile.skip.bits = static_cast<std::uint8_t>(random.chance(3) ? 16 : random.between(1, 8));
    tile.skip.is_signed = tile.skip.bits == 16 || random.chance(2);
    tile.skip.width = static_cast<std::uint16_t>(tile.columns * tile.skip_stride_x);
    tile.skip.pixel_bytes = static_cast<std::uint16_t>((tile.skip.channels * tile.skip.bits + 7) / 8);
    tile.skip_first_channel = static_cast<std::int16_t>(random.between(-4, 4));
    tile.skip_requantise = random_requantise(random);
    tile.code_requantise = random_requantise(random);
    tile.prelu_offset = 9 * sizeof(lutra_requantise) + 1;

    Buffers buffers{EngineConfig{}};
    for (int i = 0; i < 9; ++i) {
      auto& bytes = buffers.bytes[LUTRA_BUFFER_PARAMETER];
      put(bytes, static_cast<std::size_t>(i) * sizeof(lutra_requantise), random_requantise(random));
      put(bytes, tile.prelu_offset + static_cast<std::size_t>(i) * sizeof(lutra_requantise), random_requantise(random));
    }
    std::vector<int> skip(
        static_cast<std::size_t>(tile.rows * tile.skip_stride_y * tile.skip.width * tile.skip.channels));
    for (int& value : skip) value = random.code(tile.skip.bits, tile.skip.is_signed != 0);
    const auto packed = test::pack_pixels(skip, tile.skip.channels, tile.skip.bits);
    std::copy(packed.begin(), packed.end(), buffers.bytes[LUTRA_BUFFER_SKIP].begin());
    std::vector<std::int32_t> sums(static_cast<std::size_t>(tile.rows * tile.columns * tile.channels));
    for (auto& sum : sums) sum = random.between(INT32_MIN, INT32_MAX) >> random.between(0, 24);

    const PostResult result = post_process(tile, {}, buffers, sums);
    ASSERT_TRUE(result.parameters_valid);
    const Expected wanted = expected(tile, buffers, sums, skip);
    EXPECT_EQ(test::unpack_pixels(result.codes, tile.channels, tile.code_bits, is_signed), wanted.codes);
    EXPECT_EQ(test::unpack_pixels(result.stream, tile.channels, 16, true), wanted.stream);
  }
}

TEST(PostProcessor, WritesOnlyWhatTheFlagsAsk) {
  Buffers buffers{EngineConfig{}};
  lutra_tile tile = simple_tile(LUTRA_TILE_ELEMENTWISE, 1, 1, 3);
  put(buffers.bytes[LUTRA_BUFFER_PARAMETER], 0, requantise(1, 0, 0));
  tile.flags = LUTRA_TILE_ONE_SCALE | LUTRA_TILE_STREAM;
  const std::vector<std::int32_t> sums = {1, -2, 40000};
  EXPECT_TRUE(post_process(tile, {}, buffers, sums).codes.empty());
  EXPECT_EQ(post_process(tile, {}, buffers, sums).stream, (std::vector<std::uint8_t>{1, 0, 0xFE, 0xFF, 0xFF, 0x7F}));
  tile.flags = LUTRA_TILE_ONE_SCALE | LUTRA_TILE_CODES;
  EXPECT_TRUE(post_process(tile, {}, buffers, sums).stream.empty());
  EXPECT_EQ(post_process(tile, {}, buffers, sums).codes, (std::vector<std::uint8_t>{1, 0, 255}));
}

TEST(PostProcessor, ComparesAStreamWithTheThresholdsOfItsChannel) {
  EngineConfig config;
  config.post_thresholds = 2;
  Buffers buffers(config);
  lutra_tile tile = simple_tile(LUTRA_TILE_ELEMENTWISE, 1, 2, 2);
  tile.flags = LUTRA_TILE_ONE_SCALE | LUTRA_TILE_STREAM | LUTRA_TILE_CODES | LUTRA_TILE_THRESHOLDS;
  tile.code_low = -1;
  tile.code_high = 1;
  tile.threshold_offset = sizeof(lutra_requantise);
  auto& parameters = buffers.bytes[LUTRA_BUFFER_PARAMETER];
  put(parameters, 0, requantise(1, 0, 0));
  const std::int32_t thresholds[] = {-5, 7, -32768,
                                     32768};  // the second channel reaches its first always, never the other
  std::memcpy(&parameters[tile.threshold_offset], thresholds, sizeof thresholds);
  const PostResult result = post_process(tile, config, buffers, std::vector<std::int32_t>{-6, -40000, 7, 40000});
  EXPECT_EQ(test::unpack_pixels(result.codes, 2, 8, true), (std::vector<int>{-1, 0, 1, 0}));
  EXPECT_EQ(test::unpack_pixels(result.stream, 2, 16, true), (std::vector<int>{-6, -32768, 7, 32767}));
}

TEST(PostProcessor, RefusesAShiftTheHardwareDoesNotHave) {
  Buffers buffers{EngineConfig{}};
  const lutra_tile tile = simple_tile(LUTRA_TILE_ELEMENTWISE, 1, 1, 2);
  put(buffers.bytes[LUTRA_BUFFER_PARAMETER], sizeof(lutra_requantise), requantise(1, 0, 48));
  EXPECT_FALSE(post_process(tile, {}, buffers, std::vector<std::int32_t>{0, 0}).parameters_valid);
}

}  // namespace
}  // namespace lutra::accelerators
