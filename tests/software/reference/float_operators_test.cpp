#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/software/reference/float_graphs.h"

namespace lutra::reference {
namespace {

using network::Shape;
using network::Window;
using test::Draw;
using test::GraphBuilder;
using test::Image;
using testing::FloatNear;
using testing::Pointwise;

constexpr unsigned seeds = 60;

std::vector<float> run(const GraphBuilder& builder, const std::vector<std::uint8_t>& pixels) {
  return FloatExecutor(builder.graph(), test::signed_pixels).run(pixels);
}

// One operator on a random image against `expect`, the same said with plain loops.
template <typename MakeOperator, typename Expect>
void check_operator(int most_channels, int most_side, MakeOperator make_operator, Expect expect) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Draw draw(seed);
    const Shape shape = draw.shape(most_channels, most_side);
    const std::vector<std::uint8_t> pixels = draw.pixels(shape.elements());
    GraphBuilder builder(shape);
    const auto op = make_operator(draw, shape);
    builder.add(op, {0});
    const Image expected = expect(op, test::as_image(shape, pixels), builder.output_shape());
    EXPECT_THAT(run(builder, pixels), Pointwise(FloatNear(1e-5F), expected.values));
  }
}

// Calls visit(y, x, window_y, window_x) for every position under a window, padding included.
template <typename Visit>
void under_window(const Window& window, int out_y, int out_x, Visit visit) {
  for (int y = 0; y < window.height; ++y)
    for (int x = 0; x < window.width; ++x)
      visit(out_y * window.stride_y - window.pad_top + y * window.dilation_y,
            out_x * window.stride_x - window.pad_left + x * window.dilation_x, y, x);
}

TEST(FloatOperators, ConvolutionSumsInputChannelsThenRowsThenColumns) {
  for (unsigned seed = 0; seed < 4 * seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Draw draw(seed);
    const int groups = draw.between(1, 3);
    Shape shape = draw.shape(4, 20);
    shape.channels *= groups;
    network::Convolution op;
    op.window = draw.window(shape);
    op.groups = groups;
    op.output_channels = groups * draw.between(1, 9);
    const int channels = shape.channels / groups;
    op.weights = draw.floats(std::int64_t{op.output_channels} * channels * op.window.height * op.window.width);
    if (draw.between(0, 1) == 1) op.bias = draw.floats(op.output_channels);
    const std::vector<std::uint8_t> pixels = draw.pixels(shape.elements());
    GraphBuilder builder(shape);
    builder.add(op, {0});
    const Image image = test::as_image(shape, pixels);
    const Image expected = test::make_image(builder.output_shape(), [&](int channel, int y, int x) {
      float sum = 0;
      for (int from = 0; from < channels; ++from)
        under_window(op.window, y, x, [&](int in_y, int in_x, int window_y, int window_x) {
          const int weight = ((channel * channels + from) * op.window.height + window_y) * op.window.width + window_x;
          sum += op.weights[static_cast<std::size_t>(weight)] *
                 image.at(channel / (op.output_channels / groups) * channels + from, in_y, in_x);
        });
      return op.bias.empty() ? sum : sum + op.bias[static_cast<std::size_t>(channel)];
    });
    EXPECT_EQ(run(builder, pixels), expected.values) << "every bit is defined by the order of summation";
  }
}

TEST(FloatOperators, LinearSumsItsInputInOrder) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Draw draw(seed);
    const Shape shape = draw.shape(5, 6);
    network::Linear op;
    op.outputs = draw.between(1, 40);
    op.weights = draw.floats(op.outputs * shape.elements());
    if (draw.between(0, 1) == 1) op.bias = draw.floats(op.outputs);
    const std::vector<std::uint8_t> pixels = draw.pixels(shape.elements());
    GraphBuilder builder(shape);
    builder.add(op, {0});
    const Image image = test::as_image(shape, pixels);
    std::vector<float> expected;
    for (int output = 0; output < op.outputs; ++output) {
      float sum = 0;
      for (std::size_t i = 0; i < image.values.size(); ++i)
        sum += op.weights[static_cast<std::size_t>(output) * image.values.size() + i] * image.values[i];
      expected.push_back(op.bias.empty() ? sum : sum + op.bias[static_cast<std::size_t>(output)]);
    }
    EXPECT_EQ(run(builder, pixels), expected);
  }
}

TEST(FloatOperators, BatchNormalizationScalesEachChannel) {
  check_operator(
      6, 8,
      [](Draw& draw, const Shape& shape) {
        network::BatchNormalization op{draw.floats(shape.channels), draw.floats(shape.channels),
                                       draw.floats(shape.channels), draw.floats(shape.channels), 0.25F};
        for (float& variance : op.variance) variance = std::abs(variance);
        return op;
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          const auto c = static_cast<std::size_t>(channel);
          return op.scale[c] * (image.at(channel, y, x) - op.mean[c]) / std::sqrt(op.variance[c] + op.epsilon) +
                 op.bias[c];
        });
      });
}

TEST(FloatOperators, ClipKeepsValuesWithinItsBounds) {
  check_operator(
      3, 8,
      [](Draw& draw, const Shape&) {
        return network::Clip{-0.1F * static_cast<float>(draw.between(0, 9)), 1.5F};
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          const float value = image.at(channel, y, x);
          return value < op.low ? op.low : value > op.high ? op.high : value;
        });
      });
}

TEST(FloatOperators, PReluScalesNegativeValues) {
  check_operator(
      4, 8,
      [](Draw& draw, const Shape& shape) {
        return network::PRelu{draw.floats(draw.between(0, 1) == 1 ? 1 : shape.channels)};
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          const float slope = op.slope.size() == 1 ? op.slope[0] : op.slope[static_cast<std::size_t>(channel)];
          const float value = image.at(channel, y, x);
          return value < 0 ? slope * value : value;
        });
      });
}

TEST(FloatOperators, MaxPoolIgnoresPadding) {
  check_operator(
      3, 12, [](Draw& draw, const Shape& shape) { return network::MaxPool{draw.window(shape)}; },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int out_y, int out_x) {
          float largest = -1e9F;
          under_window(op.window, out_y, out_x, [&](int y, int x, int, int) {
            if (image.inside(y, x)) largest = std::max(largest, image.at(channel, y, x));
          });
          return largest;
        });
      });
}

TEST(FloatOperators, AveragePoolCountsPaddingOnlyWhenTold) {
  check_operator(
      3, 12,
      [](Draw& draw, const Shape& shape) {
        return network::AveragePool{draw.window(shape), draw.between(0, 1) == 1};
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int out_y, int out_x) {
          float sum = 0;
          int count = 0;
          under_window(op.window, out_y, out_x, [&](int y, int x, int, int) {
            sum += image.at(channel, y, x);
            if (op.count_padding || image.inside(y, x)) ++count;
          });
          return sum / static_cast<float>(count);
        });
      });
}

TEST(FloatOperators, SliceTakesEveryStepthElement) {
  check_operator(
      6, 12,
      [](Draw& draw, const Shape& shape) {
        network::Slice op;
        const std::array<int, 3> extents{shape.channels, shape.height, shape.width};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          op.start[axis] = draw.between(0, extents[axis] - 1);
          op.end[axis] = draw.between(op.start[axis] + 1, extents[axis]);
          op.step[axis] = draw.between(1, 3);
        }
        return op;
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          return image.at(op.start[0] + channel * op.step[0], op.start[1] + y * op.step[1],
                          op.start[2] + x * op.step[2]);
        });
      });
}

TEST(FloatOperators, PadSurroundsWithZeros) {
  check_operator(
      4, 8,
      [](Draw& draw, const Shape&) {
        network::Pad op;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          op.before[axis] = draw.between(0, 3);
          op.after[axis] = draw.between(0, 3);
        }
        return op;
      },
      [](const auto& op, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          const int from = channel - op.before[0];
          return from < 0 || from >= image.shape.channels ? 0.0F : image.at(from, y - op.before[1], x - op.before[2]);
        });
      });
}

TEST(FloatOperators, SoftmaxOfEachPixelSumsToOne) {
  check_operator(
      9, 3, [](Draw&, const Shape&) { return network::Softmax{}; },
      [](const auto&, const Image& image, const Shape& shape) {
        return test::make_image(shape, [&](int channel, int y, int x) {
          double total = 0;
          for (int other = 0; other < shape.channels; ++other) total += std::exp(double{image.at(other, y, x)});
          return static_cast<float>(std::exp(double{image.at(channel, y, x)}) / total);
        });
      });
}

TEST(FloatOperators, FlattenKeepsTheOrder) {
  check_operator(
      4, 6, [](Draw&, const Shape&) { return network::Flatten{}; },
      [](const auto&, const Image& image, const Shape&) { return image; });
}

TEST(FloatOperators, AddAndConcatReadBothInputs) {
  const Shape shape{2, 1, 2};
  const std::vector<std::uint8_t> pixels{0, 64, 192, 255};
  GraphBuilder builder(shape);
  const network::TensorId positive = builder.add(network::Clip{0.0F, 100.0F}, {0});
  const network::TensorId sum = builder.add(network::Add{}, {0, positive});
  builder.add(network::Concat{}, {positive, sum, 0});
  const float high = 127.0F / 64.0F;
  EXPECT_EQ(run(builder, pixels), (std::vector<float>{0, 0, 1, high, -2, -1, 2, 2 * high, -2, -1, 1, high}));
}

}  // namespace
}  // namespace lutra::reference
