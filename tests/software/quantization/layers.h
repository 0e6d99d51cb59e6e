#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/reference/executor.h"
#include "tests/software/reference/float_graphs.h"

// Small networks to quantise, images for them, and how far the integers are off.

namespace lutra::test {

inline const network::Clip relu{0.0F, std::numeric_limits<float>::infinity()};

// Networks with random parameters, all layers of about the same gain.
class Layers : public GraphBuilder {
 public:
  Layers(network::Shape input, unsigned seed) : GraphBuilder(input), draw_(seed) {}

  network::Convolution convolution(int inputs, int outputs, const network::Window& window, int groups = 1) {
    network::Convolution op;
    op.window = window;
    op.groups = groups;
    op.output_channels = outputs;
    const int fan_in = inputs / groups * window.height * window.width;
    op.weights = scaled(std::int64_t{outputs} * fan_in, fan_in);
    op.bias = scaled(outputs, 16);
    return op;
  }

  network::Linear linear(int inputs, int outputs) {
    return {outputs, scaled(std::int64_t{outputs} * inputs, inputs), scaled(outputs, 16)};
  }

  network::BatchNormalization normalization(int channels) {
    network::BatchNormalization op;
    op.scale = scaled(channels, 2);
    op.bias = scaled(channels, 8);
    op.mean = scaled(channels, 4);
    for (int i = 0; i < channels; ++i) op.variance.push_back(0.25F + 0.25F * static_cast<float>(i % 4));
    return op;
  }

 private:
  std::vector<float> scaled(std::int64_t count, int fan_in) {
    std::vector<float> values = draw_.floats(count);
    for (float& value : values) value /= std::sqrt(static_cast<float>(fan_in));
    return values;
  }

  Draw draw_;
};

inline network::Window same(int side, int stride = 1) {
  return {side, side, stride, stride, 1, 1, side / 2, side / 2, side / 2, side / 2};
}

inline network::Dataset noise(const network::Shape& shape, int images) {
  network::Dataset data;
  data.name = "noise";
  data.shape = shape;
  Draw draw(99);
  data.pixels = draw.pixels(images * shape.elements());
  data.labels.resize(static_cast<std::size_t>(images));
  return data;
}

// Power of the difference between the integer and the float network's output over that of the output, on images that
// the calibration has not seen.
inline double relative_error(const network::Graph& graph, const network::QuantisedNetwork& quantised) {
  const network::Shape& shape = graph.tensors[0].shape;
  const network::Dataset data = noise(shape, 24);
  const reference::FloatExecutor float_executor(graph, signed_pixels);
  const reference::IntegerExecutor executor(quantised);
  const network::Edge& output = quantised.edges[static_cast<std::size_t>(quantised.output)];
  const int pixels = output.shape.height * output.shape.width;
  double difference_power = 0;
  double power = 0;
  for (std::size_t image = 16; image < 24; ++image) {
    const auto expected = float_executor.run(data.image(image));
    const auto found = executor.run(data.image(image));
    EXPECT_EQ(expected.size(), found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::size_t planar = i % output.shape.channels * pixels + i / output.shape.channels;
      const double difference = found[i] * output.scale - expected[planar];
      difference_power += difference * difference;
      power += static_cast<double>(expected[planar]) * expected[planar];
    }
  }
  return difference_power / power;
}

}  // namespace lutra::test
