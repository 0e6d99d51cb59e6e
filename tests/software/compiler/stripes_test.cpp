#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"
#include "tests/software/compiler/support/token_replay.h"

// Operations that run a few rows at a time where their feature maps have no room.

namespace lutra {
namespace {

using accelerators::EngineConfig;
using accelerators::MapPlace;
using accelerators::StripeUse;
using compiler::MapPlan;
using compiler::Program;
using testing::HasSubstr;
using testing::Not;
using namespace network;

constexpr int tall_side = 32;
constexpr int tall_channels = 8;
constexpr std::uint64_t whole_map = std::uint64_t{tall_side} * tall_side * tall_channels;  // of codes

// Convolutions of 3 x 3, the third of which adds the stream of the first, a pool that halves the pixels, one more
// convolution, and a sum over all pixels.
class Tall {
 public:
  Tall() {
    network_.name = network_.scheme = "tall";
    network_.input.edge = edge({tall_channels, tall_side, tall_side}, test::codes(8));
    network_.input.channels.assign(tall_channels, {});
    EdgeId at = convolution("first", network_.input.edge, true, -1);
    const EdgeId stream = std::get<MatrixOp>(network_.operations.front().body).post.stream;
    at = convolution("second", at, false, -1);
    at = convolution("third", at, false, stream);
    at = pool("half", at, {.height = 2, .width = 2, .stride_y = 2, .stride_x = 2}, PoolKind::maximum);
    at = convolution("fourth", at, false, -1);
    network_.output = pool("sum", at, {.height = tall_side / 2, .width = tall_side / 2}, PoolKind::sum);
  }

  Program compiled(const EngineConfig& engine, MapPlace place, StripeUse stripes) const {
    const auto family = accelerators::make_family(engine);
    const compiler::CompileOptions options{.memory = {.activations = place, .stripes = stripes}};
    const Program program = compiler::compile(network_, engine, family.get(), options);
    compiler::check_image(program.image);
    EXPECT_EQ(test::difference_from_reference(program, network_, test::Random(5).bytes(whole_map), options, engine,
                                              family.get()),
              "");
    for (const lutra_op& op : test::ops_of(program.image)) {
      if (op.commands == 0) continue;
      EXPECT_EQ(test::token_hazard(test::stream_of(program.image, op)), "");
    }
    return program;
  }

 private:
  EdgeId edge(Shape shape, ActivationEncoding encoding) {
    network_.edges.push_back({"edge" + std::to_string(network_.edges.size()), shape, encoding, 1.0});
    return network_.edges.size() - 1;
  }

  EdgeId convolution(const char* name, EdgeId input, bool streams, EdgeId skip) {
    MatrixOp op;
    op.input = input;
    op.window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1};
    op.output_channels = tall_channels;
    op.weights.encoding = UniformWeights{.bits = 8};
    for (int i = 0; i < tall_channels * tall_channels * 9; ++i)
      op.weights.values.push_back(static_cast<std::int16_t>(random_.within(-128, 127)));
    op.weights.scales.assign(tall_channels, 1.0);
    const Shape shape = network_.edges[static_cast<std::size_t>(input)].shape;
    if (streams) op.post.stream = edge(shape, test::stream());
    if (skip >= 0) op.post.skip = Skip{.edge = skip, .requantise = Requantise{.multiplier = 1, .bias = 0, .shift = 0}};
    op.post.scale = {{.multiplier = 1, .bias = 512, .shift = 10}};
    op.post.codes = CodeOutput{.edge = edge(shape, test::codes(8)), .requantise = {}, .low = 0, .high = 255};
    const EdgeId codes = op.post.codes->edge;
    network_.operations.push_back({name, op});
    return codes;
  }

  EdgeId pool(const char* name, EdgeId input, const Window& window, PoolKind kind) {
    PoolOp op;
    op.input = input;
    op.window = window;
    op.kind = kind;
    const Shape in = network_.edges[static_cast<std::size_t>(input)].shape;
    const Shape out{in.channels, window.output_height(in.height), window.output_width(in.width)};
    op.post.scale = {{.multiplier = 1, .bias = 0, .shift = static_cast<std::uint8_t>(kind == PoolKind::sum ? 8 : 0)}};
    op.post.codes = CodeOutput{.edge = edge(out, test::codes(8)), .requantise = {}, .low = 0, .high = 255};
    const EdgeId codes = op.post.codes->edge;
    network_.operations.push_back({name, op});
    return codes;
  }

  test::Random random_{3};
  QuantisedNetwork network_;
};

EngineConfig engine_of(std::uint64_t map_memory_bytes) {
  EngineConfig engine;
  engine.rows = 8;
  engine.columns = 8;
  engine.activation_bits = 16;
  engine.map_memory_bytes = static_cast<int>(map_memory_bytes);
  return engine;
}

// Bytes of feature maps that a frame moves to and from main memory.
std::uint64_t crossing(const Program& program) {
  struct Visit {
    std::uint64_t& bytes;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_tile&) const {}
    void operator()(const lutra_transfer& t) const {
      const bool constants = t.buffer == LUTRA_BUFFER_WEIGHT || t.buffer == LUTRA_BUFFER_PARAMETER;
      if (t.memory == LUTRA_MEMORY_MAIN && !constants) bytes += std::uint64_t{t.rows} * t.columns * t.element_bytes;
    }
  };
  std::uint64_t bytes = 0;
  for (const lutra_op& op : test::ops_of(program.image))
    if (op.commands != 0) test::for_each_command(test::stream_of(program.image, op), Visit{bytes});
  return bytes;
}

bool all_stay(const Program& program) {
  return std::all_of(program.maps.begin(), program.maps.end(),
                     [](const MapPlan& map) { return map.stays || map.elsewhere.starts_with("the frame"); });
}

TEST(Stripes, KeepOnChipWhatHasNoRoomAsAWhole) {
  const Tall tall;
  const EngineConfig engine = engine_of(whole_map);
  const Program spilled = tall.compiled(engine, MapPlace::automatic, StripeUse::none);
  const Program striped = tall.compiled(engine, MapPlace::on_chip, StripeUse::automatic);
  EXPECT_TRUE(spilled.stripes.empty());
  EXPECT_FALSE(all_stay(spilled));
  EXPECT_FALSE(striped.stripes.empty());
  EXPECT_TRUE(all_stay(striped));
  EXPECT_LE(striped.map_bytes, whole_map);
  EXPECT_LT(crossing(striped), crossing(spilled) / 2);
  EXPECT_THAT(compiler::maps_text(striped), HasSubstr("stripes of"));
  EXPECT_THAT(compiler::maps_text(spilled), Not(HasSubstr("stripes")));
}

TEST(Stripes, LetAllMapsStayInAMemoryThatRefusesThemWhole) {
  const Tall tall;
  EXPECT_THROW(tall.compiled(engine_of(whole_map), MapPlace::on_chip, StripeUse::none), compiler::NoRoom);
  EXPECT_TRUE(all_stay(tall.compiled(engine_of(whole_map), MapPlace::on_chip, StripeUse::automatic)));
  EXPECT_THROW(tall.compiled(engine_of(256), MapPlace::on_chip, StripeUse::automatic), compiler::NoRoom);
}

TEST(Stripes, AreNotTakenWhereAllMapsHaveRoomOrNoneIsToStay) {
  const Tall tall;
  for (const MapPlace place : {MapPlace::automatic, MapPlace::on_chip, MapPlace::dram}) {
    const Program without = tall.compiled(engine_of(1 << 20), place, StripeUse::none);
    const Program with = tall.compiled(engine_of(1 << 20), place, StripeUse::automatic);
    EXPECT_TRUE(with.stripes.empty());
    EXPECT_EQ(with.image, without.image);
  }
}

TEST(Stripes, CrossFewerBytesWhateverTheRoom) {
  const Tall tall;
  for (const std::uint64_t bytes : {whole_map / 2, whole_map}) {
    SCOPED_TRACE(bytes);
    const Program without = tall.compiled(engine_of(bytes), MapPlace::automatic, StripeUse::none);
    const Program with = tall.compiled(engine_of(bytes), MapPlace::automatic, StripeUse::automatic);
    EXPECT_LE(with.map_bytes, bytes);
    EXPECT_FALSE(with.stripes.empty());
    EXPECT_LT(crossing(with), crossing(without));
  }
}

TEST(Stripes, LoadWeightsAgainWhereTheBufferDoesNotHoldThoseOfAllOperations) {
  const Tall tall;
  EngineConfig engine = engine_of(whole_map);
  engine.weight_buffer_bytes = 1300;  // of four layers of 576 bytes
  engine.parameter_buffer_bytes = 128;
  const Program program = tall.compiled(engine, MapPlace::on_chip, StripeUse::automatic);
  EXPECT_FALSE(program.stripes.empty());
}

}  // namespace
}  // namespace lutra
