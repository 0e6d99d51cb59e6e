#include <gtest/gtest.h>

#include "accelerators/family/activation_layout.h"
#include "post_compare_broken.h"
#include "post_multiplier.h"
#include "post_multiplier_broken.h"
#include "post_shift_broken.h"
#include "post_shift_form.h"
#include "post_thresholds.h"
#include "post_thresholds_broken.h"
#include "post_wide.h"
#include "tests/accelerators/rtl/post/post_bench.h"

// The post-processor's twin against the engine's own functions.

namespace lutra::test {
namespace {

using namespace accelerators;

struct PostDifferences {
  int values = 0;
  int cycles = 0;
  std::string first;
};

std::vector<int> unpacked(const std::vector<std::uint8_t>& bytes, const lutra_tile& tile, int bits) {
  return unpack_pixels(bytes, tile.channels, bits, false);
}

template <class Model>
void compare(PostBench<Model>& twin, const EngineConfig& config, const Family& family, const PostTile& drawn,
             PostDifferences& differences) {
  const lutra_tile& tile = drawn.tile;
  const TileResult model = compute_tile(tile, config, family, drawn.buffers);
  ASSERT_EQ(model.error, LUTRA_ERROR_NONE);
  std::vector<std::int32_t> drained(std::size_t{tile.rows} * tile.columns * tile.channels);
  std::uint64_t array_cycles = 0;  // until the last value has entered
  if (tile.kind == LUTRA_TILE_MATRIX) {
    const auto from = [&](lutra_buffer buffer) { return std::span(drawn.buffers.bytes[buffer]); };
    array_cycles = family
                       .compute(matrix_tile(tile), finishes(tile), from(LUTRA_BUFFER_ACTIVATION),
                                from(LUTRA_BUFFER_WEIGHT), drained)
                       .cycles;
  } else {
    // How many values enter at once is the activation buffer's word: its twin has those steps.
    array_cycles = vector_cycles(tile, activation_banks(config, family), config.post_lanes) -
                   (finishes(tile) ? post_processor_stages : 0);
  }
  const PostTwinResult result = twin.run(drawn, drained);
  const bool right = (model.accumulators.empty() || model.accumulators == result.kept) &&
                     (model.codes.empty() || unpacked(model.codes, tile, tile.code_bits) == result.codes) &&
                     (model.stream.empty() || unpacked(model.stream, tile, 16) == result.streams);
  const auto say = [&](const char* what) {
    differences.first +=
        fmt::format(" {} of kind {}, flags {}, {} outputs;", what, tile.kind, tile.flags, drained.size());
  };
  if (!right && ++differences.values == 1) say("values");
  const std::uint64_t wanted = model.cycles - array_cycles + result.entering + result.waited;
  if (result.cycles != wanted && ++differences.cycles == 1)
    say(fmt::format("{} cycles, not {},", result.cycles, wanted).c_str());
}

template <class Model>
PostDifferences lockstep(std::uint32_t seed, int tiles) {
  const EngineConfig config = post_config<Model>();
  const auto family = make_family(config);
  PostTileDraw draw(config, *family, seed);
  PostBench<Model> twin(seed);
  PostDifferences differences;
  for (int i = 0; i < tiles; ++i) compare(twin, config, *family, draw.draw(), differences);
  return differences;
}

template <class Model>
void expect_equal() {
  constexpr std::uint32_t seed = 20261129;
  const PostDifferences differences = lockstep<Model>(seed, rtl_tiles(400));
  EXPECT_EQ(differences.values, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(PostTwin, EqualsTheModelWithMultipliers) { expect_equal<post_multiplier>(); }

TEST(PostTwin, EqualsTheModelWithWideMultipliers) { expect_equal<post_wide>(); }

TEST(PostTwin, EqualsTheModelWithShifts) { expect_equal<post_shift_form>(); }

TEST(PostTwin, EqualsTheModelWithThresholds) { expect_equal<post_thresholds>(); }

TEST(PostTwin, ALostOverflowIsFound) { EXPECT_GT(lockstep<post_multiplier_broken>(1, 100).values, 0); }

TEST(PostTwin, AWrongRoundingIsFound) { EXPECT_GT(lockstep<post_shift_broken>(1, 100).values, 0); }

TEST(PostTwin, ThresholdsOfTheGroupBeforeAreFound) { EXPECT_GT(lockstep<post_compare_broken>(1, 200).values, 0); }

TEST(PostTwin, AThresholdOffByOneAndALostTurnAreFound) {
  const PostDifferences differences = lockstep<post_thresholds_broken>(1, 200);
  EXPECT_GT(differences.values, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
