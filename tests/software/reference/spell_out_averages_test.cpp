#include <gmock/gmock.h>

#include "software/network/float/fold.h"
#include "software/reference/executor.h"
#include "tests/software/reference/float_graphs.h"

namespace lutra::reference {
namespace {

std::vector<float> run(const network::Graph& graph, const std::vector<std::uint8_t>& pixels) {
  return FloatExecutor(graph, {}).run(pixels);
}

TEST(SpellOutAverages, KeepsWhatAnyWindowComputes) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Draw draw(seed);
    network::Window window;
    window.height = draw.between(1, 4);
    window.width = draw.between(1, 4);
    window.stride_y = draw.between(1, 3);
    window.stride_x = draw.between(1, 3);
    window.pad_top = draw.between(0, window.height - 1);
    window.pad_bottom = draw.between(0, window.height - 1);
    window.pad_left = draw.between(0, window.width - 1);
    window.pad_right = draw.between(0, window.width - 1);
    const network::Shape shape{2, draw.between(4, 9), draw.between(4, 9)};
    test::GraphBuilder build(shape);
    build.add(network::AveragePool{window, false}, {0});
    const network::Graph spelt = network::spell_out_averages(build.graph());
    network::validate(spelt);
    for (const network::Node& node : spelt.nodes)
      if (const auto* pool = std::get_if<network::AveragePool>(&node.op)) {
        EXPECT_EQ(pool->window.pad_top + pool->window.pad_left + pool->window.pad_bottom + pool->window.pad_right, 0);
      }
    const auto pixels = draw.pixels(shape.elements());
    const std::vector<float> expected = run(build.graph(), pixels), found = run(spelt, pixels);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
  }
}

TEST(SpellOutAverages, LeavesOtherNodesAsTheyAre) {
  test::GraphBuilder build({2, 8, 8});
  build.add(network::AveragePool{{3, 3, 1, 1, 1, 1, 1, 1, 1, 1}, true}, {0});
  EXPECT_EQ(network::spell_out_averages(build.graph()).nodes.size(), 1u);
}

}  // namespace
}  // namespace lutra::reference
