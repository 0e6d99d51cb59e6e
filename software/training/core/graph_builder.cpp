#include "software/training/core/graph_builder.h"

#include <cmath>

namespace lutra::training {

using network::TensorId;

namespace {

constexpr float initial_slope = 0.25F;  // of a PReLU (He et al. 2015)

std::vector<float> filled(int count, float value) { return std::vector<float>(static_cast<std::size_t>(count), value); }

}  // namespace

GraphBuilder::GraphBuilder(std::string name, const network::Shape& input, std::uint64_t seed) : generator_(seed) {
  graph_.name = std::move(name);
  graph_.tensors.push_back({"input", input});
  graph_.input = 0;
}

// Box and Muller's transform: the standard's own distribution differs between libraries.
std::vector<float> GraphBuilder::normal(std::size_t count, double deviation) {
  const auto uniform = [&] { return (static_cast<double>(generator_() >> 11) + 0.5) * 0x1p-53; };
  std::vector<float> values(count);
  for (float& value : values) {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    value = static_cast<float>(deviation * radius * std::cos(2 * M_PI * uniform()));
  }
  return values;
}

TensorId GraphBuilder::append(const std::string& name, network::Operator op, std::vector<TensorId> inputs) {
  std::vector<network::Shape> shapes;
  for (const TensorId input : inputs) shapes.push_back(shape(input));
  const network::Shape out = network::infer_shape(op, shapes, name);
  graph_.tensors.push_back({name, out});
  const TensorId output(graph_.tensors.size() - 1);
  graph_.nodes.push_back({name, std::move(op), std::move(inputs), output});
  return output;
}

TensorId GraphBuilder::convolution(const std::string& name, TensorId x, int channels, int size, int stride) {
  network::Convolution op;
  op.window.height = op.window.width = size;
  op.window.stride_y = op.window.stride_x = stride;
  op.window.pad_top = op.window.pad_left = op.window.pad_bottom = op.window.pad_right = size / 2;
  op.output_channels = channels;
  const std::size_t per_filter = static_cast<std::size_t>(shape(x).channels) * size * size;
  op.weights = normal(per_filter * channels, std::sqrt(2.0 / (static_cast<double>(channels) * size * size)));
  return append(name, std::move(op), {x});
}

TensorId GraphBuilder::normalisation(const std::string& name, TensorId x) {
  const int channels = shape(x).channels;
  network::BatchNormalization op;
  op.scale = op.variance = filled(channels, 1);
  op.bias = op.mean = filled(channels, 0);
  return append(name, std::move(op), {x});
}

TensorId GraphBuilder::relu(const std::string& name, TensorId x) {
  network::Clip op;
  op.low = 0;
  return append(name, op, {x});
}

TensorId GraphBuilder::prelu(const std::string& name, TensorId x) {
  return append(name, network::PRelu{filled(shape(x).channels, initial_slope)}, {x});
}

TensorId GraphBuilder::add(const std::string& name, TensorId x, TensorId skip) {
  return append(name, network::Add{}, {x, skip});
}

TensorId GraphBuilder::subsample(const std::string& name, TensorId x, int stride) {
  const network::Shape& in = shape(x);
  return append(name, network::Slice{{0, 0, 0}, {in.channels, in.height, in.width}, {1, stride, stride}}, {x});
}

TensorId GraphBuilder::pad_channels(const std::string& name, TensorId x, int before, int after) {
  return append(name, network::Pad{{before, 0, 0}, {after, 0, 0}}, {x});
}

TensorId GraphBuilder::max_pool(const std::string& name, TensorId x, int size) {
  network::MaxPool op;
  op.window.height = op.window.width = op.window.stride_y = op.window.stride_x = size;
  return append(name, op, {x});
}

TensorId GraphBuilder::global_pool(const std::string& name, TensorId x) {
  network::AveragePool op;
  op.window.height = shape(x).height;
  op.window.width = shape(x).width;
  return append(name, op, {x});
}

TensorId GraphBuilder::flatten(const std::string& name, TensorId x) { return append(name, network::Flatten{}, {x}); }

TensorId GraphBuilder::linear(const std::string& name, TensorId x, int outputs) {
  const TensorId flat = shape(x).height * shape(x).width > 1 ? flatten(name + ".flatten", x) : x;
  network::Linear op;
  op.outputs = outputs;
  const auto inputs = static_cast<std::size_t>(shape(flat).elements());
  op.weights = normal(inputs * outputs, std::sqrt(1.0 / static_cast<double>(inputs)));
  op.bias = filled(outputs, 0);
  return append(name, std::move(op), {flat});
}

network::Graph GraphBuilder::finish(TensorId output) {
  graph_.output = output;
  network::validate(graph_);
  return std::move(graph_);
}

}  // namespace lutra::training
