#include "accelerators/engine/checks.h"

#include <gtest/gtest.h>

#include "tests/accelerators/command_stream.h"
#include "tests/accelerators/tiles.h"

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
  EXPECT_EQ(error_of_tile([](lutra_tile& t) { t.flags = 512; }), LUTRA_ERROR_OPCODE);
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

TEST(TransferChecks, FindEveryAccessOutsideABufferOrTheAddressSpace) {
  const EngineConfig config = small_buffers();
  const auto error_of = [&](auto change) {
    lutra_transfer t = bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x80000000, 64);
    t.command.opcode = LUTRA_LOAD;
    change(t);
    return check_transfer(t, config);
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
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.pad_bottom = 65535; }), LUTRA_ERROR_BOUNDS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.address = 0xFFFFFFC1; }), LUTRA_ERROR_BUS);
  EXPECT_EQ(error_of([](lutra_transfer& t) { t.address = 0xFFFFFFC0; }), LUTRA_ERROR_NONE);
  EXPECT_EQ(error_of([](lutra_transfer& t) {
              t.rows = t.columns = 2;
              t.row_pitch = t.column_pitch = 0xFFFFFFFF;
            }),
            LUTRA_ERROR_BUS);
}

}  // namespace
}  // namespace lutra::accelerators
