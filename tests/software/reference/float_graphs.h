#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "software/network/float/graph.h"
#include "software/reference/executor.h"

namespace lutra::test {

// Pixels reach the network as (pixel - 128) / 64.
inline const network::Normalisation signed_pixels{255.0, {128.0}, {64.0}};

inline float signed_pixel(std::uint8_t pixel) { return (static_cast<float>(pixel) - 128.0F) / 64.0F; }

// A network of one input, to which nodes are added one by one.
class GraphBuilder {
 public:
  explicit GraphBuilder(network::Shape input) {
    graph_.name = "test";
    graph_.tensors.push_back({"input", input});
    graph_.input = graph_.output = 0;
  }

  network::TensorId add(network::Operator op, const std::vector<network::TensorId>& inputs) {
    const std::string name = "node" + std::to_string(graph_.nodes.size());
    std::vector<network::Shape> shapes;
    for (const network::TensorId input : inputs)
      shapes.push_back(graph_.tensors[static_cast<std::size_t>(input)].shape);
    graph_.tensors.push_back({name, network::infer_shape(op, shapes, name)});
    graph_.output = graph_.tensors.size() - 1;
    graph_.nodes.push_back({name, std::move(op), inputs, graph_.output});
    return graph_.output;
  }

  const network::Graph& graph() const { return graph_; }
  const network::Shape& output_shape() const { return graph_.tensors[static_cast<std::size_t>(graph_.output)].shape; }

 private:
  network::Graph graph_;
};

// Random integers and parameters of a property test; print the seed with SCOPED_TRACE.
class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}

  int between(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }

  std::vector<float> floats(std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(between(-1000, 1000)) / 512.0F;
    return values;
  }

  std::vector<std::uint8_t> pixels(std::int64_t count) {
    std::vector<std::uint8_t> values(static_cast<std::size_t>(count));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(between(0, 255));
    return values;
  }

  network::Shape shape(int most_channels, int most_side) {
    return {between(1, most_channels), between(1, most_side), between(1, most_side)};
  }

  // Fits into an input of that shape.
  network::Window window(const network::Shape& input) {
    network::Window window;
    window.dilation_y = between(1, 2);
    window.dilation_x = between(1, 2);
    window.height = between(1, std::min(3, (input.height - 1) / window.dilation_y + 1));
    window.width = between(1, std::min(3, (input.width - 1) / window.dilation_x + 1));
    window.stride_y = between(1, 3);
    window.stride_x = between(1, 3);
    window.pad_top = between(0, window.height - 1);
    window.pad_left = between(0, window.width - 1);
    window.pad_bottom = between(0, window.height - 1);
    window.pad_right = between(0, window.width - 1);
    return window;
  }

 private:
  std::mt19937 engine_;
};

// An image, channel-planar, with zeros around it.
struct Image {
  network::Shape shape;
  std::vector<float> values;

  bool inside(int y, int x) const { return y >= 0 && y < shape.height && x >= 0 && x < shape.width; }
  float at(int channel, int y, int x) const {
    if (!inside(y, x)) return 0.0F;
    return values[static_cast<std::size_t>((channel * shape.height + y) * shape.width + x)];
  }
};

inline Image as_image(const network::Shape& shape, const std::vector<std::uint8_t>& pixels) {
  Image image{shape, {}};
  for (const std::uint8_t pixel : pixels) image.values.push_back(signed_pixel(pixel));
  return image;
}

// The image whose element (channel, y, x) is compute(channel, y, x).
template <typename Compute>
Image make_image(const network::Shape& shape, Compute compute) {
  Image image{shape, {}};
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) image.values.push_back(compute(channel, y, x));
  return image;
}

}  // namespace lutra::test
