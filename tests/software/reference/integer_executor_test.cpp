#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/reference/executor.h"
#include "software/reference/integer/integer_program.h"
#include "tests/software/reference/naive_integers.h"
#include "tests/support/draw_quantised_network.h"

namespace lutra::reference {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::vector<std::int32_t> without_slack(const std::vector<std::int16_t>& codes) {
  return {codes.begin(), codes.end() - 1};
}

TEST(IntegerExecutor, EveryInstructionSetComputesWhatTheContractSays) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::QuantisedNetworkDraw draw(seed);
    const network::QuantisedNetwork network = draw.network(8);
    const std::vector<std::uint8_t> pixels = draw.pixels();
    const auto expected = test::NaiveIntegers(network).run(pixels);
    for (const InstructionSet set : available_instruction_sets()) {
      const IntegerProgram program(network, set);
      IntegerFrame frame = program.make_frame();
      program.run(pixels, frame);
      for (std::size_t edge = 0; edge < expected.size(); ++edge)
        ASSERT_EQ(without_slack(frame.codes[edge]), expected[edge])
            << network.edges[edge].name << ", instruction set " << static_cast<int>(set);
    }
  }
}

TEST(IntegerExecutor, AFrameCarriesNothingFromImageToImage) {
  test::QuantisedNetworkDraw draw(7);
  const network::QuantisedNetwork network = draw.network(12);
  const IntegerExecutor executor(network);
  const auto first = draw.pixels();
  const auto second = draw.pixels();
  const auto expected = executor.run_all(second);
  const IntegerProgram program(network, InstructionSet::portable);
  IntegerFrame frame = program.make_frame();
  program.run(first, frame);
  program.run(second, frame);
  for (std::size_t edge = 0; edge < expected.size(); ++edge)
    EXPECT_EQ(without_slack(frame.codes[edge]), expected[edge]);
}

// Three pixels become three logits, each the pixel's code.
network::QuantisedNetwork three_classes() {
  network::QuantisedNetwork network;
  network.name = "three";
  network.edges.resize(2);
  network.edges[0].name = "pixels";
  network.edges[0].shape = {3, 1, 1};
  network.edges[1].name = "logits";
  network.edges[1].shape = {3, 1, 1};
  network.edges[1].encoding.bits = 16;
  network.edges[1].encoding.is_signed = true;
  network.input = {0, {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}};
  network::ElementwiseOp copy;
  copy.input = 0;
  copy.post.scale = {{1, 0, 0}};
  copy.post.stream = 1;
  network.operations.push_back({"copy", copy});
  network.output = 1;
  return network;
}

network::Dataset three_pixel_images(const std::vector<std::uint8_t>& pixels) {
  network::Dataset data;
  data.name = "three pixels";
  data.shape = {3, 1, 1};
  data.pixels = pixels;
  data.labels.resize(pixels.size() / 3);
  return data;
}

TEST(IntegerExecutor, ClassifiesByTheFirstLargestLogit) {
  const IntegerExecutor executor(three_classes());
  const network::Dataset data = three_pixel_images({1, 2, 3, 9, 2, 9, 0, 0, 0, 4, 5, 5});
  EXPECT_EQ(executor.classify(data, 4), (std::vector<int>{2, 0, 0, 1}));
  EXPECT_EQ(executor.classify(data, 2), (std::vector<int>{2, 0}));
  EXPECT_EQ(executor.run(data.image(1)), (std::vector<std::int32_t>{9, 2, 9}));
}

TEST(IntegerExecutor, SaysWhichPlaceTheLabelHas) {
  network::Dataset data = three_pixel_images({1, 2, 3, 9, 2, 9, 0, 0, 0, 4, 5, 5});
  data.labels = {0, 2, 0, 2};
  EXPECT_EQ(IntegerExecutor(three_classes()).answer(data, 4), (std::vector<Answer>{{2, 2}, {0, 1}, {0, 0}, {1, 1}}));
}

TEST(IntegerExecutor, ClassesDoNotDependOnTheNumberOfThreads) {
  test::QuantisedNetworkDraw draw(3);
  const network::QuantisedNetwork network = draw.network(10);
  network::Dataset data;
  data.shape = network.edges[0].shape;
  for (int image = 0; image < 40; ++image) {
    const auto pixels = draw.pixels();
    data.pixels.insert(data.pixels.end(), pixels.begin(), pixels.end());
    data.labels.push_back(0);
  }
  const IntegerExecutor executor(network);
  std::size_t last = 0;
  const auto alone = executor.classify(data, 40, 1, [&](std::size_t done) { last = done; });
  EXPECT_EQ(last, 40U);
  for (const int jobs : {0, 2, 5, 64}) EXPECT_EQ(executor.classify(data, 40, jobs), alone);
}

TEST(IntegerExecutor, GivesTheInputsCodesPixelByPixel) {
  network::QuantisedNetwork network = three_classes();
  network.edges[0].encoding.is_signed = true;
  network.input.channels = {{1, -128, 0}, {1, 0, 1}, {4, 2, 2}};
  const IntegerExecutor executor(network);
  const std::vector<std::uint8_t> pixels{0, 255, 200};
  EXPECT_EQ(executor.input_codes(pixels), (std::vector<std::int32_t>{-128, 127, 127}));
}

TEST(IntegerExecutor, RefusesWhatDoesNotFit) {
  const IntegerExecutor executor(three_classes());
  const std::vector<std::uint8_t> two{1, 2};
  EXPECT_THAT([&] { executor.run(two); }, ThrowsMessage<Error>(HasSubstr("2 bytes")));
  const network::Dataset data = three_pixel_images({1, 2, 3});
  EXPECT_THAT([&] { executor.classify(data, 2); }, ThrowsMessage<Error>(HasSubstr("has 1")));
  network::QuantisedNetwork broken = three_classes();
  broken.output = 5;
  EXPECT_THAT([&] { IntegerExecutor{broken}; }, ThrowsMessage<Error>(HasSubstr("edge 5 does not exist")));
}

}  // namespace
}  // namespace lutra::reference
