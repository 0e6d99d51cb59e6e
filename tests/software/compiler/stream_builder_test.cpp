#include "software/compiler/mapping/stream_builder.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/token_replay.h"

namespace lutra {
namespace {

using compiler::Region;
using compiler::StreamBuilder;

constexpr std::uint32_t outputs = 0x1000;  // in memory, behind all inputs

lutra_transfer transfer(lutra_buffer buffer, std::uint32_t offset, std::uint32_t bytes) {
  lutra_transfer t{};
  t.address = (buffer == LUTRA_BUFFER_OUTPUT ? outputs : 0) + offset;
  t.buffer = buffer;
  t.offset = offset;
  t.rows = t.columns = 1;
  t.element_bytes = bytes;
  return t;
}

void load(StreamBuilder& builder, const lutra_transfer& t) { builder.load(t, compiler::region_of(t)); }

std::vector<unsigned> tokens_of(const StreamBuilder& builder) {
  std::vector<unsigned> tokens;
  struct Visitor {
    std::vector<unsigned>& tokens;
    void operator()(const lutra_command& c) const { tokens.push_back(c.tokens); }
    void operator()(const lutra_transfer& t) const { tokens.push_back(t.command.tokens); }
    void operator()(const lutra_tile& t) const { tokens.push_back(t.command.tokens); }
    void operator()(const lutra_operation& o) const { tokens.push_back(o.command.tokens); }
  };
  test::for_each_command(builder.finish(), Visitor{tokens});
  return tokens;
}

constexpr Region input(std::uint32_t offset) { return {LUTRA_BUFFER_ACTIVATION, offset, 64}; }
constexpr Region output(std::uint32_t offset) { return {LUTRA_BUFFER_OUTPUT, offset, 32}; }

// Tile i works in half `i % 2` of both buffers.
StreamBuilder double_buffered(int tiles) {
  StreamBuilder builder;
  for (int i = 0; i < tiles; ++i) {
    const auto half = static_cast<std::uint32_t>(i % 2);
    load(builder, transfer(LUTRA_BUFFER_ACTIVATION, half * 64, 64));
    const Region read = input(half * 64);
    const Region written = output(half * 32);
    builder.tile({}, {&read, 1}, {&written, 1});
    builder.store(transfer(LUTRA_BUFFER_OUTPUT, half * 32, 32));
  }
  return builder;
}

TEST(StreamBuilder, ASingleTileWaitsForItsLoadAndItsStoreForIt) {
  EXPECT_EQ(
      tokens_of(double_buffered(1)),
      (std::vector<unsigned>{LUTRA_SIGNAL_NEXT, LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_NEXT, LUTRA_WAIT_PREVIOUS, 0}));
}

TEST(StreamBuilder, TheThirdTileWaitsForTheHalfTheFirstHasLeft) {
  const auto tokens = tokens_of(double_buffered(3));
  EXPECT_EQ(tokens[1], unsigned{LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_NEXT | LUTRA_SIGNAL_PREVIOUS});
  EXPECT_EQ(tokens[2], unsigned{LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_PREVIOUS});
  EXPECT_EQ(tokens[3], unsigned{LUTRA_SIGNAL_NEXT});                    // the second load waits for nobody
  EXPECT_EQ(tokens[6], unsigned{LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT});  // the third does
  EXPECT_EQ(tokens[7], unsigned{LUTRA_WAIT_PREVIOUS | LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT});
}

TEST(StreamBuilder, DataReadByManyTilesAreWaitedForOnce) {
  StreamBuilder builder;
  load(builder, transfer(LUTRA_BUFFER_ACTIVATION, 0, 64));
  const Region read = input(0);
  for (int i = 0; i < 3; ++i) builder.tile({}, {&read, 1}, {});
  EXPECT_EQ(tokens_of(builder), (std::vector<unsigned>{LUTRA_SIGNAL_NEXT, LUTRA_WAIT_PREVIOUS, 0, 0, 0}));
}

// A tile's output, stored, is another tile's input.
StreamBuilder two_operations(std::uint32_t input_address) {
  StreamBuilder builder;
  const Region read = input(0);
  const Region written = output(0);
  for (const std::uint32_t address : {0u, input_address}) {
    if (address != 0) builder.operation(1);
    lutra_transfer loaded = transfer(LUTRA_BUFFER_ACTIVATION, 0, 64);
    loaded.address = address;
    load(builder, loaded);
    builder.tile({}, {&read, 1}, {&written, 1});
    builder.store(transfer(LUTRA_BUFFER_OUTPUT, 0, 32));
  }
  return builder;
}

TEST(StreamBuilder, ALoadWaitsForTheStoreOfWhatItReads) {
  const auto tokens = tokens_of(two_operations(outputs + 16));
  EXPECT_EQ(tokens[2] & LUTRA_SIGNAL_NEXT, unsigned{LUTRA_SIGNAL_NEXT});
  EXPECT_EQ(tokens[3], 0u);  // the second operation begins
  EXPECT_EQ(tokens[4], unsigned{LUTRA_WAIT_PREVIOUS | LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT});
}

TEST(StreamBuilder, ALoadOfOtherBytesWaitsForNoStore) {
  for (const std::uint32_t address : {outputs - 64, outputs + 32}) {
    const auto tokens = tokens_of(two_operations(address));
    EXPECT_EQ(tokens[2] & LUTRA_SIGNAL_NEXT, 0u);
    EXPECT_EQ(tokens[4], unsigned{LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT});
  }
}

TEST(StreamBuilder, ReadingWhatNothingHasFilledIsAnErrorOfTheCompiler) {
  StreamBuilder builder;
  const Region read = input(0);
  EXPECT_THROW(builder.tile({}, {&read, 1}, {}), std::logic_error);
}

// The same with tiles that say what they touch.
StreamBuilder described(int tiles) {
  constexpr Region scale{LUTRA_BUFFER_PARAMETER, 0, sizeof(lutra_requantise)};
  StreamBuilder builder;
  load(builder, transfer(LUTRA_BUFFER_PARAMETER, 0, scale.bytes));
  for (int i = 0; i < tiles; ++i) {
    const auto half = static_cast<std::uint32_t>(i % 2);
    load(builder, transfer(LUTRA_BUFFER_ACTIVATION, half * 64, 64));
    lutra_tile tile{};
    tile.kind = LUTRA_TILE_ELEMENTWISE;
    tile.flags = LUTRA_TILE_CODES | LUTRA_TILE_ONE_SCALE;
    tile.rows = tile.columns = tile.window_height = tile.window_width = 1;
    tile.stride_y = tile.stride_x = tile.dilation_y = tile.dilation_x = 1;
    tile.channels = 32;
    tile.input = {.offset = half * 64, .width = 1, .channels = 64, .bits = 8, .is_signed = 0, .pixel_bytes = 64};
    tile.code_bits = 8;
    tile.code_offset = half * 32;
    const Region reads[] = {input(half * 64), scale};
    const Region written = output(half * 32);
    builder.tile(tile, reads, {&written, 1});
    builder.store(transfer(LUTRA_BUFFER_OUTPUT, half * 32, 32));
  }
  return builder;
}

TEST(TokenReplay, FindsNothingWrongWithWhatTheBuilderMakes) {
  EXPECT_EQ(test::token_hazard(described(5).finish()), "");
}

TEST(TokenReplay, SeesAMissingWait) {
  const auto whole = described(4).finish();
  std::size_t waits = 0;
  for (std::size_t offset = 0; offset < whole.size();) {
    auto stream = whole;
    auto& tokens = stream[offset + offsetof(lutra_command, tokens)];
    if (tokens & (LUTRA_WAIT_PREVIOUS | LUTRA_WAIT_NEXT)) {
      tokens = static_cast<std::uint8_t>(tokens & ~(LUTRA_WAIT_PREVIOUS | LUTRA_WAIT_NEXT));
      EXPECT_NE(test::token_hazard(stream), "") << "command at " << offset;
      ++waits;
    }
    offset += test::read_struct<lutra_command>(whole, offset).bytes;
  }
  EXPECT_EQ(waits, 10u);  // every tile and store, and the loads that find their half in use
}

TEST(TokenReplay, SeesATokenThatNeverComes) {
  auto stream = described(2).finish();
  stream[sizeof(lutra_transfer) + offsetof(lutra_command, tokens)] = 0;  // the first tile waits for this load
  EXPECT_NE(test::token_hazard(stream), "");
}

}  // namespace
}  // namespace lutra
