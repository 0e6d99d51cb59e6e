#include "software/reference/double/double_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "software/common/error.h"
#include "software/common/overload.h"
#include "software/network/float/quantise.h"
#include "software/network/limits.h"
#include "software/reference/image_workers.h"

namespace lutra::reference {

namespace {

using network::Graph;
using network::Node;
using network::Shape;
using network::Window;

// value = units * unit: whole units behind a quantiser, so that sums of them are exact.
struct Values {
  std::vector<double> units;
  double unit = 1;

  double real(std::size_t index) const { return units[index] * unit; }
};

std::size_t place_of(const Shape& shape, int channel, int y, int x) {
  return (static_cast<std::size_t>(channel) * shape.height + y) * shape.width + x;
}

std::size_t pixels_of(const Shape& shape) { return static_cast<std::size_t>(shape.height) * shape.width; }

template <typename Element>
std::vector<double> from_each_element(const Shape& shape, const Element& element) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(shape.elements()));
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) result.push_back(element(channel, y, x));
  return result;
}

// visit(tap, index of the pixel) for the taps of a window that lie in the image.
template <typename Visit>
void visit_taps(const Window& window, const Shape& from, int channel, int y, int x, const Visit& visit) {
  for (int tap_y = 0; tap_y < window.height; ++tap_y) {
    const int row = y * window.stride_y - window.pad_top + tap_y * window.dilation_y;
    if (row < 0 || row >= from.height) continue;
    for (int tap_x = 0; tap_x < window.width; ++tap_x) {
      const int column = x * window.stride_x - window.pad_left + tap_x * window.dilation_x;
      if (column >= 0 && column < from.width)
        visit(static_cast<std::size_t>(tap_y) * window.width + tap_x, place_of(from, channel, row, column));
    }
  }
}

class Evaluator {
 public:
  Evaluator(const std::vector<const Values*>& inputs, const std::vector<Shape>& shapes, const Shape& output)
      : inputs_(inputs), shapes_(shapes), output_(output) {}

  Values operator()(const network::Convolution& op) const {
    return layer(op, op.window, shapes_[0], op.groups, op.output_channels);
  }

  Values operator()(const network::Linear& op) const {
    Window window;
    window.height = shapes_[0].height;
    window.width = shapes_[0].width;
    return layer(op, window, shapes_[0], 1, op.outputs);
  }

  Values operator()(const network::BatchNormalization& op) const {
    return per_channel([&](std::size_t c, double value) {
      const double deviation = std::sqrt(static_cast<double>(op.variance[c]) + static_cast<double>(op.epsilon));
      return (value - static_cast<double>(op.mean[c])) * (static_cast<double>(op.scale[c]) / deviation) +
             static_cast<double>(op.bias[c]);
    });
  }

  Values operator()(const network::Clip& op) const {
    return per_channel([&](std::size_t, double value) {
      return std::clamp(value, static_cast<double>(op.low), static_cast<double>(op.high));
    });
  }

  Values operator()(const network::PRelu& op) const {
    return per_channel([&](std::size_t c, double value) {
      return value < 0 ? value * static_cast<double>(op.slope[op.slope.size() == 1 ? 0 : c]) : value;
    });
  }

  Values operator()(const network::Add&) const {
    const Values& a = *inputs_[0];
    const Values& b = *inputs_[1];
    const bool whole = a.unit == b.unit;
    Values result{{}, whole ? a.unit : 1};
    for (std::size_t i = 0; i < a.units.size(); ++i)
      result.units.push_back(whole ? a.units[i] + b.units[i] : a.real(i) + b.real(i));
    return result;
  }

  Values operator()(const network::MaxPool& op) const {
    const Values& in = *inputs_[0];
    return {from_each_element(output_,
                              [&](int channel, int y, int x) {
                                double largest = -std::numeric_limits<double>::infinity();
                                visit_taps(op.window, shapes_[0], channel, y, x, [&](std::size_t, std::size_t i) {
                                  largest = std::max(largest, in.units[i]);
                                });
                                return largest;
                              }),
            in.unit};
  }

  Values operator()(const network::AveragePool& op) const {
    const Values& in = *inputs_[0];
    return {from_each_element(output_,
                              [&](int channel, int y, int x) {
                                double sum = 0;
                                int count = 0;
                                visit_taps(op.window, shapes_[0], channel, y, x, [&](std::size_t, std::size_t i) {
                                  sum += in.units[i];
                                  ++count;
                                });
                                return sum / (op.count_padding ? op.window.height * op.window.width : count) * in.unit;
                              }),
            1};
  }

  Values operator()(const network::Slice& op) const {
    return {from_each_element(
                output_,
                [&](int channel, int y, int x) {
                  return inputs_[0]->units[place_of(shapes_[0], op.start[0] + channel * op.step[0],
                                                    op.start[1] + y * op.step[1], op.start[2] + x * op.step[2])];
                }),
            inputs_[0]->unit};
  }

  Values operator()(const network::Pad& op) const {
    const Shape& from = shapes_[0];
    return {from_each_element(output_,
                              [&](int channel, int y, int x) {
                                const int c = channel - op.before[0], row = y - op.before[1], column = x - op.before[2];
                                const bool inside = c >= 0 && c < from.channels && row >= 0 && row < from.height &&
                                                    column >= 0 && column < from.width;
                                return inside ? inputs_[0]->units[place_of(from, c, row, column)] : 0.0;
                              }),
            inputs_[0]->unit};
  }

  Values operator()(const network::Concat&) const {
    const bool whole = std::ranges::all_of(inputs_, [&](const Values* in) { return in->unit == inputs_[0]->unit; });
    Values result{{}, whole ? inputs_[0]->unit : 1};
    for (const Values* in : inputs_)
      for (std::size_t i = 0; i < in->units.size(); ++i) result.units.push_back(whole ? in->units[i] : in->real(i));
    return result;
  }

  Values operator()(const network::Flatten&) const { return *inputs_[0]; }

  // The largest stays the largest.
  Values operator()(const network::Softmax&) const { return *inputs_[0]; }

  Values operator()(const network::Quantise& op) const {
    Values result{{}, op.value_scale()};
    for (std::size_t i = 0; i < inputs_[0]->units.size(); ++i)
      result.units.push_back(network::code_of(op, inputs_[0]->real(i)) - op.value_zero());
    return result;
  }

 private:
  template <typename Function>
  Values per_channel(const Function& function) const {
    Values result;
    const std::size_t pixels = pixels_of(output_);
    for (std::size_t i = 0; i < inputs_[0]->units.size(); ++i)
      result.units.push_back(function(i / pixels, inputs_[0]->real(i)));
    return result;
  }

  template <typename Layer>
  Values layer(const Layer& op, const Window& window, const Shape& from, int groups, int outputs) const {
    const int group_inputs = from.channels / groups;
    const std::size_t taps = static_cast<std::size_t>(window.height) * window.width;
    const Values& in = *inputs_[0];
    Values result;
    result.units = from_each_element(output_, [&](int channel, int y, int x) {
      const int first = channel / (outputs / groups) * group_inputs;
      const auto c = static_cast<std::size_t>(channel);
      double sum = 0;
      for (int input = 0; input < group_inputs; ++input) {
        const std::size_t weights = (c * group_inputs + input) * taps;
        visit_taps(window, from, first + input, y, x, [&](std::size_t tap, std::size_t i) {
          const double weight =
              op.given ? op.given->values[weights + tap] : static_cast<double>(op.weights[weights + tap]);
          sum += weight * in.units[i];
        });
      }
      const double bias = op.given ? (op.given->bias.empty() ? 0 : op.given->bias[c])
                                   : (op.bias.empty() ? 0 : static_cast<double>(op.bias[c]));
      return sum * (op.given ? in.unit * op.given->scales[c] : in.unit) + bias;
    });
    return result;
  }

  const std::vector<const Values*>& inputs_;
  const std::vector<Shape>& shapes_;
  const Shape& output_;
};

double channel_value(const std::vector<double>& values, int channel, double absent) {
  return values.empty() ? absent : values[values.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
}

}  // namespace

struct DoubleExecutor::Implementation {
  Graph graph;
  network::Normalisation normalisation;

  std::vector<Values> run(std::span<const std::uint8_t> pixels) const {
    std::vector<Values> values(graph.tensors.size());
    const Shape& input = shape(graph.input);
    if (static_cast<std::int64_t>(pixels.size()) != input.elements())
      throw Error(fmt::format("an image of {} bytes does not fit the network's input of {}", pixels.size(),
                              network::to_string(input)));
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const auto channel = static_cast<int>(i / pixels_of(input));
      values[static_cast<std::size_t>(graph.input)].units.push_back(
          (pixels[i] / 255.0 * normalisation.range - channel_value(normalisation.mean, channel, 0)) /
          channel_value(normalisation.deviation, channel, 1));
    }
    for (const Node& node : graph.nodes) {
      std::vector<const Values*> inputs;
      std::vector<Shape> shapes;
      for (const network::TensorId id : node.inputs) {
        inputs.push_back(&values[static_cast<std::size_t>(id)]);
        shapes.push_back(shape(id));
      }
      values[static_cast<std::size_t>(node.output)] =
          std::visit(Evaluator(inputs, shapes, shape(node.output)), node.op);
    }
    return values;
  }

  const Shape& shape(network::TensorId id) const { return graph.tensors[static_cast<std::size_t>(id)].shape; }

  // What the network says before a final Softmax.
  network::TensorId decision() const {
    for (const Node& node : graph.nodes)
      if (std::holds_alternative<network::Softmax>(node.op)) return node.inputs[0];
    return graph.output;
  }
};

DoubleExecutor::DoubleExecutor(const Graph& graph, const network::Normalisation& normalisation)
    : implementation_(std::make_unique<Implementation>(Implementation{graph, normalisation})) {
  network::validate(graph);
}

DoubleExecutor::~DoubleExecutor() = default;
DoubleExecutor::DoubleExecutor(DoubleExecutor&&) noexcept = default;

std::vector<std::vector<double>> DoubleExecutor::run_all(std::span<const std::uint8_t> pixels) const {
  std::vector<std::vector<double>> reals;
  for (Values& values : implementation_->run(pixels)) {
    std::vector<double>& real = reals.emplace_back(std::move(values.units));
    for (double& value : real) value *= values.unit;
  }
  return reals;
}

std::vector<double> DoubleExecutor::run(std::span<const std::uint8_t> pixels) const {
  return std::move(run_all(pixels)[static_cast<std::size_t>(implementation_->decision())]);
}

std::vector<int> DoubleExecutor::classify(const network::Dataset& data, std::size_t count, int jobs,
                                          const Progress& progress) const {
  std::vector<int> classes(count);
  for_each_image(
      count, jobs,
      [&]() -> ImageWorker {
        return [&](std::size_t image) {
          const std::vector<double> logits = run(data.image(image));
          classes[image] = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
        };
      },
      progress);
  return classes;
}

}  // namespace lutra::reference
