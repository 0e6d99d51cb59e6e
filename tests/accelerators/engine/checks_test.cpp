#include "accelerators/engine/checks.h"

#include <gtest/gtest.h>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/family/timing.h"
#include "tests/accelerators/engine/command_stream.h"
#include "tests/accelerators/engine/packed_pixels.h"
#include "tests/support/tiles.h"

namespace lutra::accelerators {
namespace {

using test::bytes_of;
using test::simple_tile;

constexpr int large = 16384;

EngineConfig small_buffers() {
  EngineConfig config;
  config.activation_buffer_bytes = config.output_buffer_bytes = large;
  config.weight_buffer_bytes = config.skip_buffer_bytes = config.accumulator_buffer_bytes = 2048;
  config.parameter_buffer_bytes = 512;
  return config;
}

// What the checks say of a good tile after `change`.
template <typename Change>
lutra_engine_error error_of_tile(Change change, lutra_tile_kind kind = LUTRA_TILE_MATRIX) {
  static const EngineConfig config = small_buffers();
  static const auto family = make_family(config);
  lutra_tile tile = simple_tile(kind, 4, 4, 8);
  EXPECT_EQ(check_tile(tile, config, *family), LUTRA_ERROR_NONE);
  change(tile);
  return check_tile(tile, config, *family);
}

TEST(TileChecks, FindWhatTheArrayCannotCompute) {
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.kind = 4; }), LUTRA_ERROR_OPCODE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.flags = 8192; }), LUTRA_ERROR_OPCODE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.flags |= LUTRA_TILE_THRESHOLDS; }), LUTRA_ERROR_OPERAND)
      << "no comparators";
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.flags |= LUTRA_TILE_DIRECT; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.rows = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.window_width = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.window_width = 2; }), LUTRA_ERROR_OPERAND) << "beyond the row";
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.stride_x = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.dilation_y = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.bits = 9; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.bits = 16; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.is_signed = 2; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.pixel_bytes = 7; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.group_outputs = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.group_outputs = 4; }), LUTRA_ERROR_OPERAND) << "a second group";
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.group_phase = 65535; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.weight_format = 1; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.weight_bits = 9; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.channels = 9; }, LUTRA_TILE_SUM), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.window_height = 2; }, LUTRA_TILE_ELEMENTWISE), LUTRA_ERROR_OPERAND);
}

TEST(TileChecks, FindWhatThePostProcessorCannotDo) {
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.flags = 0; }), LUTRA_ERROR_OPERAND) << "nothing is written";
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.code_bits = 9; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.code_low = 256; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.code_low = -32769; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.code_high = 32768; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) {
              t.flags |= LUTRA_TILE_REQUANTISE;
              t.code_requantise.shift = 48;
            }),
            LUTRA_ERROR_OPERAND);
  const auto with_skip = [](auto change) {
    return error_of_tile([&](lutra_tile& t) {
      t.flags |= LUTRA_TILE_SKIP;
      change(t);
    });
  };
  EXPECT_EQ(with_skip([](lutra_tile&) {}), LUTRA_ERROR_NONE);
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip_requantise.shift = 48; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip_stride_x = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip_stride_x = 2; }), LUTRA_ERROR_OPERAND) << "beyond the row";
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip.bits = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip.offset = 2048; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(with_skip([](lutra_tile& t) { t.skip_stride_y = 255; }), LUTRA_ERROR_BOUNDS);
}

TEST(TileChecks, FindEveryAccessOutsideABuffer) {
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.offset = 0xFFFFFFFF; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.offset = large - 127; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.offset = large - 128; }), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.rows = 65535; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.window_height = 65535; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.pixel_bytes = 65535; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.weight_offset = 2048 - 63; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.weight_offset = 2048 - 64; }), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.scale_offset = 512 - 95; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) {
              t.scale_offset = 512 - 12;
              t.flags |= LUTRA_TILE_ONE_SCALE;
            }),
            LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) {
              t.prelu_offset = 512 - 95;
              t.flags |= LUTRA_TILE_PRELU;
            }),
            LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.code_offset = large - 127; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) {
              t.stream_offset = large - 255;
              t.flags |= LUTRA_TILE_STREAM;
            }),
            LUTRA_ERROR_BOUNDS);
  for (const auto flag : {LUTRA_TILE_KEEP, LUTRA_TILE_ACCUMULATE})
    EXPECT_EQ(error_of_tile([&](lutra_tile& t) {
                t.accumulator_offset = 512 - 127;
                t.flags = static_cast<std::uint16_t>(t.flags | flag);
              }),
              LUTRA_ERROR_BOUNDS);
}

TEST(TileChecks, HoldResidentWeightsAgainstTheWeightMemory) {
  EngineConfig config = small_buffers();
  const auto error_of = [&](std::uint32_t offset, lutra_tile_kind kind = LUTRA_TILE_MATRIX) {
    lutra_tile tile = simple_tile(kind, 4, 4, 8);
    tile.flags |= LUTRA_TILE_RESIDENT_WEIGHTS;
    tile.weight_offset = offset;
    return check_tile(tile, config, *make_family(config));
  };
  EXPECT_EQ(error_of(0), LUTRA_ERROR_BOUNDS) << "there is none";
  config.weight_memory_bytes = 4096;
  EXPECT_EQ(error_of(4096 - 64), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of(4096 - 63), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of(0, LUTRA_TILE_SUM), LUTRA_ERROR_OPERAND);
}

TEST(TransferChecks, LoadTheWeightMemoryAndNeverStoreIt) {
  EngineConfig config = small_buffers();
  const auto error_of = [&](lutra_opcode opcode) {
    lutra_transfer t = bytes_of(LUTRA_BUFFER_WEIGHT_MEMORY, 64, 0x80000000, 64);
    t.command.opcode = static_cast<std::uint8_t>(opcode);
    return check_transfer(t, config, *make_family(config));
  };
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_BOUNDS) << "there is none";
  config.weight_memory_bytes = 128;
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of(LUTRA_STORE), LUTRA_ERROR_OPERAND);
  config.weight_memory_bytes = 127;
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_BOUNDS);
}

TEST(TransferChecks, HoldWhatLiesInTheMapMemoryAgainstItsEnd) {
  EngineConfig config = small_buffers();
  const auto error_of = [&](lutra_opcode opcode, std::uint32_t address, lutra_buffer buffer = LUTRA_BUFFER_OUTPUT) {
    lutra_transfer t = bytes_of(buffer, 0, address, 4);
    t.memory = LUTRA_MEMORY_MAPS;
    t.command.opcode = static_cast<std::uint8_t>(opcode);
    t.rows = 3;
    t.columns = 2;
    t.column_pitch = 8;
    t.row_pitch = 32;  // the last byte is 2 * 32 + 8 + 4 behind the address
    return check_transfer(t, config, *make_family(config));
  };
  EXPECT_EQ(error_of(LUTRA_LOAD, 0), LUTRA_ERROR_BOUNDS) << "there is none";
  config.map_memory_bytes = 100;
  for (const lutra_opcode opcode : {LUTRA_LOAD, LUTRA_STORE}) {
    EXPECT_EQ(error_of(opcode, 24), LUTRA_ERROR_NONE);
    EXPECT_EQ(error_of(opcode, 25), LUTRA_ERROR_BOUNDS);
    EXPECT_EQ(error_of(opcode, 0xFFFFFFF0u), LUTRA_ERROR_BOUNDS);
  }
  config.weight_memory_bytes = 100;
  config.command_memory_bytes = 100;
  for (const lutra_buffer buffer : {LUTRA_BUFFER_WEIGHT_MEMORY, LUTRA_BUFFER_MAP_MEMORY, LUTRA_BUFFER_COMMAND_MEMORY})
    EXPECT_EQ(error_of(LUTRA_LOAD, 0, buffer), LUTRA_ERROR_OPERAND) << "filled from main memory alone";
}

TEST(TransferChecks, LoadTheMapMemoryFromMainMemoryAndKnowNoThird) {
  EngineConfig config = small_buffers();
  config.map_memory_bytes = 128;
  lutra_transfer t = bytes_of(LUTRA_BUFFER_MAP_MEMORY, 64, 0x80000000, 64);
  const auto error_of = [&](lutra_opcode opcode) {
    t.command.opcode = static_cast<std::uint8_t>(opcode);
    return check_transfer(t, config, *make_family(config));
  };
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of(LUTRA_STORE), LUTRA_ERROR_OPERAND);
  t.offset = 65;
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_BOUNDS);
  t = bytes_of(LUTRA_BUFFER_OUTPUT, 0, 0, 64);
  t.memory = 2;
  EXPECT_EQ(error_of(LUTRA_LOAD), LUTRA_ERROR_OPERAND);
}

TEST(TileChecks, FindAnInputThatNoStripeOfTheBanksBegins) {
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.offset = 16; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.input.offset = 32; }), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.lead_y = 255, t.input.pixel_bytes = 64; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.lead_x = 1; }), LUTRA_ERROR_OPERAND) << "beyond the row";
}

TEST(TransferChecks, FindPlacementsThatTheBanksDoNotHave) {
  static const EngineConfig config = small_buffers();
  static const auto family = make_family(config);
  const auto error_of = [&](auto change, lutra_buffer buffer = LUTRA_BUFFER_ACTIVATION) {
    lutra_transfer t = bytes_of(buffer, 0, 0x80000000, 64);
    t.command.opcode = LUTRA_LOAD;
    change(t);
    return check_transfer(t, config, *family);
  };
  EXPECT_EQ(error_of([](lutra_transfer&) {}), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.offset = 16; }), LUTRA_ERROR_OPERAND) << "within a stripe";
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.skew = 16; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.row_bits = 17; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.gap = 8; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.unfold = 2; }), LUTRA_ERROR_OPERAND)
      << "wider than the region";
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.interleave_y = 32; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.pad_bottom = 65535; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.placement.interleave_y = 2; }, LUTRA_BUFFER_WEIGHT),
            LUTRA_ERROR_OPERAND);
}

TEST(TransferChecks, FindEveryAccessOutsideABufferOrTheAddressSpace) {
  const EngineConfig config = small_buffers();
  const auto family = make_family(config);
  const auto error_of = [&](auto change) {
    lutra_transfer t = bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x80000000, 64);
    t.command.opcode = LUTRA_LOAD;
    change(t);
    return check_transfer(t, config, *family);
  };
  EXPECT_EQ(error_of([](lutra_transfer&) {}), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.buffer = LUTRA_BUFFER_COUNT; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.rows = 0; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.pad_byte = 256; }), LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) {
              t.command.opcode = LUTRA_STORE;
              t.pad_left = 1;
            }),
            LUTRA_ERROR_OPERAND);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.offset = 2048 - 63; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.offset = 0xFFFFFFFF; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.rows = 0xFFFFFFFF; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.rows = t.columns = t.element_bytes = 0x80000000; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.pad_bottom = 1; }), LUTRA_ERROR_OPERAND) << "padding of weights";
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.command.opcode = LUTRA_STORE; }), LUTRA_ERROR_OPERAND)
      << "a store of weights";
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.address = 0xFFFFFFC1; }), LUTRA_ERROR_BUS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.address = 0xFFFFFFC0; }), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of([](lutra_transfer& t) {
              t.rows = t.columns = 2;
              t.row_pitch = t.column_pitch = 0xFFFFFFFF;
            }),
            LUTRA_ERROR_BUS);
}

lutra_tile random_tile(test::Random& random) {
  const auto small = [&](int high) { return static_cast<std::uint16_t>(random.between(0, high)); };
  const auto byte = [&](int high) {
    return static_cast<std::uint8_t>(random.between(random.chance(30) ? 0 : 1, high));
  };
  const auto operand = [&](lutra_operand& o) {
    o.offset = small(600);
    o.width = small(20);
    o.channels = small(12);
    o.bits = static_cast<std::uint8_t>(random.chance(4) ? 16 : random.between(0, 9));
    o.is_signed = static_cast<std::uint8_t>(o.bits == 16 || random.chance(2));
    o.pixel_bytes = small(26);
  };
  const auto requantiser = [&] {
    return test::requantise(small(65535), random.between(INT32_MIN, INT32_MAX), random.between(0, 49));
  };
  lutra_tile t = simple_tile(static_cast<lutra_tile_kind>(random.between(0, 3)), small(4), small(5), small(10));
  t.flags = static_cast<std::uint16_t>(random.between(0, 511));
  if (t.kind != LUTRA_TILE_ELEMENTWISE) t.window_height = small(3);
  if (t.kind != LUTRA_TILE_ELEMENTWISE) t.window_width = small(3);
  t.stride_y = byte(2);
  t.stride_x = byte(2);
  t.dilation_y = byte(2);
  t.dilation_x = byte(2);
  t.group_channels = small(5);
  t.group_outputs = small(10);
  t.group_phase = small(12);
  operand(t.input);
  if (!random.chance(8)) t.input.offset -= t.input.offset % 32;  // a stripe of the banks
  operand(t.skip);
  t.weight_offset = small(1000);
  t.weight_bits = static_cast<std::uint16_t>(random.between(2, 8));
  t.accumulator_offset = small(500);
  t.scale_offset = small(450);
  t.prelu_offset = small(450);
  t.skip_first_channel = static_cast<std::int16_t>(random.between(-20, 20));
  t.skip_requantise = requantiser();
  t.code_requantise = requantiser();
  t.code_low = random.between(INT32_MIN, 40000);
  t.code_high = random.between(-40000, INT32_MAX);
  t.code_bits = static_cast<std::uint16_t>(random.chance(4) ? 16 : random.between(1, 9));
  t.code_offset = small(large);
  t.stream_offset = small(large);
  return t;
}

// One that compares, unless the rest of it is wrong.
lutra_tile comparing_tile(test::Random& random) {
  lutra_tile t = random_tile(random);
  t.flags = static_cast<std::uint16_t>(random.between(0, 4095)) | LUTRA_TILE_THRESHOLDS | LUTRA_TILE_CODES;
  t.code_low = random.between(-8, 0);
  t.code_high = t.code_low + random.between(-1, LUTRA_MOST_THRESHOLDS + 1);
  t.threshold_offset = static_cast<std::uint32_t>(random.between(0, 450));
  return t;
}

// Under a sanitizer this is what says that the checks are enough.
TEST(TileChecks, PassOnlyTilesThatRunInTheirPredictedTime) {
  const std::uint32_t seed = 31;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::Random random(seed);
  EngineConfig config = small_buffers();
  config.activation_buffer_bytes = 2048;
  config.post_multiplier_bits = 31;  // so that any bytes are a multiplier it has
  const auto family = make_family(config);
  Buffers buffers(config);
  for (auto& buffer : buffers.bytes)
    for (auto& each : buffer) each = static_cast<std::uint8_t>(random.between(0, 255));
  // Wherever an entry begins, its shift is one the hardware has.
  for (auto& each : buffers.bytes[LUTRA_BUFFER_PARAMETER]) each = static_cast<std::uint8_t>(random.between(0, 47));
  int passed = 0;
  for (int round = 0; round < 100000; ++round) {
    const lutra_tile tile = random_tile(random);
    if (check_tile(tile, config, *family) != LUTRA_ERROR_NONE) continue;
    ++passed;
    const TileResult result = compute_tile(tile, config, *family, buffers);
    ASSERT_EQ(result.error, LUTRA_ERROR_NONE) << "round " << round;
    EXPECT_EQ(result.cycles, tile_cycles(tile, config, *family)) << "round " << round;
    commit(tile, result, buffers);
  }
  EXPECT_GT(passed, 2000);
}

TEST(TileChecks, PassOnlyTilesThatAlsoRunWithComparators) {
  const std::uint32_t seed = 33;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::Random random(seed);
  EngineConfig config = small_buffers();
  config.activation_buffer_bytes = 2048;
  config.post_multiplier_bits = 31;  // so that any bytes are a multiplier it has
  config.post = PostForm::thresholds;
  const auto family = make_family(config);
  Buffers buffers(config);
  for (auto& buffer : buffers.bytes)
    for (auto& each : buffer) each = static_cast<std::uint8_t>(random.between(0, 47));
  int passed = 0;
  for (int round = 0; round < 100000; ++round) {
    const lutra_tile tile = random.chance(4) ? random_tile(random) : comparing_tile(random);
    if (check_tile(tile, config, *family) != LUTRA_ERROR_NONE) continue;
    passed += (tile.flags & LUTRA_TILE_THRESHOLDS) != 0;
    const TileResult result = compute_tile(tile, config, *family, buffers);
    ASSERT_EQ(result.error, LUTRA_ERROR_NONE) << "round " << round;
    EXPECT_EQ(result.cycles, tile_cycles(tile, config, *family)) << "round " << round;
    commit(tile, result, buffers);
  }
  EXPECT_GT(passed, 1000);
}

TEST(TileChecks, LetAFewComparatorsHaveAFewThresholdsOfStreamsAlone) {
  EngineConfig config;
  const auto family = make_family(config);
  lutra_tile tile = test::simple_tile(LUTRA_TILE_ELEMENTWISE, 1, 1, 1);
  tile.flags |= LUTRA_TILE_THRESHOLDS;
  tile.code_low = -1;
  tile.code_high = 1;
  EXPECT_EQ(check_tile(tile, config, *family), LUTRA_ERROR_OPERAND);
  config.post_thresholds = 2;
  EXPECT_EQ(check_tile(tile, config, *family), LUTRA_ERROR_NONE);
  tile.code_high = 2;
  EXPECT_EQ(check_tile(tile, config, *family), LUTRA_ERROR_OPERAND);
  tile.code_high = 1;
  tile.flags |= LUTRA_TILE_DIRECT;
  EXPECT_EQ(check_tile(tile, config, *family), LUTRA_ERROR_OPERAND);
}

}  // namespace
}  // namespace lutra::accelerators
