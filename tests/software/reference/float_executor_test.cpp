#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "software/common/error.h"
#include "tests/software/reference/float_graphs.h"

namespace lutra::reference {
namespace {

using network::Dataset;
using network::Normalisation;
using network::Shape;
using test::Draw;
using test::GraphBuilder;
using testing::HasSubstr;
using testing::ThrowsMessage;

const Shape input{3, 6, 5};

GraphBuilder classifier() {
  Draw draw(7);
  GraphBuilder builder(input);
  network::Convolution convolution;
  convolution.window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1};
  convolution.output_channels = 6;
  convolution.weights = draw.floats(6 * 3 * 9);
  const network::TensorId features = builder.add(convolution, {0});
  const network::TensorId positive = builder.add(network::Clip{0.0F, 100.0F}, {features});
  network::Linear linear;
  linear.outputs = 10;
  linear.weights = draw.floats(10 * 6 * 6 * 5);
  builder.add(linear, {positive});
  return builder;
}

Dataset random_images(std::size_t count) {
  Draw draw(11);
  Dataset data;
  data.name = "random";
  data.shape = input;
  data.labels.resize(count);
  data.pixels = draw.pixels(static_cast<std::int64_t>(count) * input.elements());
  return data;
}

TEST(FloatExecutor, ClassifiesEachImageByItsLargestOutput) {
  const FloatExecutor executor(classifier().graph(), test::signed_pixels);
  const Dataset data = random_images(20);
  const std::vector<int> classes = executor.classify(data, 20, 1);
  ASSERT_EQ(classes.size(), 20U);
  for (std::size_t image = 0; image < 20; ++image) {
    const std::vector<float> logits = executor.run(data.image(image));
    const float chosen = logits[static_cast<std::size_t>(classes[image])];
    EXPECT_EQ(chosen, *std::max_element(logits.begin(), logits.end()));
  }
}

TEST(FloatExecutor, ClassificationDoesNotDependOnTheThreads) {
  const FloatExecutor executor(classifier().graph(), test::signed_pixels);
  const Dataset data = random_images(101);
  const std::vector<int> alone = executor.classify(data, 101, 1);
  for (const int jobs : {0, 2, 3, 16}) EXPECT_EQ(executor.classify(data, 101, jobs), alone) << jobs << " threads";
}

TEST(FloatExecutor, EqualLogitsGiveTheLowestClass) {
  GraphBuilder builder({2, 1, 1});
  builder.add(network::Linear{3, {0, 0, 1, 1, 1, 1}, {}}, {0});
  const FloatExecutor executor(builder.graph(), {255.0, {}, {}});
  Dataset data;
  data.shape = {2, 1, 1};
  data.labels = {0, 0};
  data.pixels = {3, 4, 0, 0};
  EXPECT_EQ(executor.classify(data, 2), (std::vector<int>{1, 0}));
}

TEST(FloatExecutor, AFinalSoftmaxDecidesNothing) {
  // The last two logits differ by less than their exponentials can show.
  GraphBuilder builder({1, 1, 1});
  const network::TensorId logits = builder.add(network::Linear{3, {0, 0.1F, std::nextafter(0.1F, 1.0F)}, {}}, {0});
  builder.add(network::Softmax{}, {logits});
  const FloatExecutor executor(builder.graph(), {255.0, {}, {}});
  Dataset data;
  data.shape = {1, 1, 1};
  data.labels = {0};
  data.pixels = {1};
  const std::vector<float> probabilities = executor.run(data.image(0));
  EXPECT_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1.0F, 1e-6F);
  ASSERT_EQ(probabilities[1], probabilities[2]);
  EXPECT_EQ(executor.classify(data, 1), (std::vector<int>{2}));
}

TEST(FloatExecutor, ReportsProgressUpToTheLastImage) {
  const FloatExecutor executor(classifier().graph(), test::signed_pixels);
  std::vector<std::size_t> reports;
  executor.classify(random_images(9), 9, 1, [&](std::size_t done) { reports.push_back(done); });
  ASSERT_FALSE(reports.empty());
  EXPECT_TRUE(std::is_sorted(reports.begin(), reports.end()));
  EXPECT_EQ(reports.back(), 9U);
}

TEST(FloatExecutor, AnExceptionInProgressReachesTheCaller) {
  const FloatExecutor executor(classifier().graph(), test::signed_pixels);
  bool first = true;
  const auto cancel = [&](std::size_t) {
    if (std::exchange(first, false)) throw Error("cancelled");
  };
  EXPECT_THAT([&] { executor.classify(random_images(50), 50, 3, cancel); }, ThrowsMessage<Error>("cancelled"));
}

TEST(FloatExecutor, RunAllHoldsTheInputAndEveryTensor) {
  const GraphBuilder builder = classifier();
  const FloatExecutor executor(builder.graph(), test::signed_pixels);
  const Dataset data = random_images(1);
  const std::vector<std::vector<float>> tensors = executor.run_all(data.image(0));
  ASSERT_EQ(tensors.size(), builder.graph().tensors.size());
  for (std::size_t id = 0; id < tensors.size(); ++id)
    EXPECT_EQ(static_cast<std::int64_t>(tensors[id].size()), builder.graph().tensors[id].shape.elements());
  EXPECT_EQ(tensors[0][17], test::signed_pixel(data.pixels[17]));
  EXPECT_EQ(tensors.back(), executor.run(data.image(0)));
}

TEST(FloatExecutor, NormalisesEachChannel) {
  GraphBuilder builder({2, 1, 2});
  builder.add(network::Flatten{}, {0});
  const FloatExecutor executor(builder.graph(), {2.0, {0.5, 1.0}, {0.25, 0.5}});
  const std::vector<std::uint8_t> pixels{0, 255, 0, 255};
  EXPECT_EQ(executor.run(pixels), (std::vector<float>{-2, 6, -2, 2}));
}

TEST(FloatExecutor, RefusesANormalisationThatDoesNotFit) {
  const auto make = [](const Normalisation& normalisation) { FloatExecutor(classifier().graph(), normalisation); };
  EXPECT_THAT([&] { make({1.0, {0.5, 0.5}, {}}); }, ThrowsMessage<Error>(HasSubstr("2 values for 3 channels")));
  EXPECT_THAT([&] { make({1.0, {}, {0.0}}); }, ThrowsMessage<Error>(HasSubstr("not positive")));
}

TEST(FloatExecutor, RefusesImagesThatDoNotFit) {
  const FloatExecutor executor(classifier().graph(), test::signed_pixels);
  EXPECT_THAT([&] { executor.run(std::vector<std::uint8_t>(89)); }, ThrowsMessage<Error>(HasSubstr("89 bytes")));
  Dataset data = random_images(3);
  EXPECT_THAT([&] { executor.classify(data, 4); }, ThrowsMessage<Error>(HasSubstr("fewer than the 4")));
  EXPECT_THAT([&] { executor.classify(data, 3, -1); }, ThrowsMessage<Error>(HasSubstr("-1 threads")));
  data.shape = {1, 9, 10};
  EXPECT_THAT([&] { executor.classify(data, 3); }, ThrowsMessage<Error>(HasSubstr("1x9x10")));
}

TEST(FloatExecutor, RefusesAPaddedInputBeyondMemory) {
  GraphBuilder builder({64, 1, 1});
  network::Convolution convolution;
  convolution.window = {.stride_y = 4096, .stride_x = 4096, .pad_top = 4096, .pad_left = 4096};
  convolution.output_channels = 1;
  convolution.weights.resize(64);
  builder.add(convolution, {0});
  EXPECT_THAT([&] { FloatExecutor(builder.graph(), {}); }, ThrowsMessage<Error>(HasSubstr("node0")));
}

}  // namespace
}  // namespace lutra::reference
