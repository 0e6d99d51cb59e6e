#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/float/graph.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

struct Inference {
  const std::vector<Shape>& inputs;
  const std::string& place;

  template <typename... Arguments>
  [[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    throw Error(place + ": " + fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  void expect_inputs(std::size_t count) const {
    if (inputs.size() != count) refuse("has {} inputs instead of {}", inputs.size(), count);
  }

  const Shape& only() const {
    expect_inputs(1);
    return inputs.front();
  }

  void expect_parameters(const char* what, std::size_t found, std::int64_t expected) const {
    if (static_cast<std::int64_t>(found) != expected)
      refuse("has {} {} values where an input of {} needs {}", found, what, to_string(inputs.front()), expected);
  }

  void expect_bias(const std::vector<float>& bias, int outputs) const {
    if (!bias.empty()) expect_parameters("bias", bias.size(), outputs);
  }

  Shape windowed(const Window& window, int channels) const {
    check_window(window, only(), place);
    return {channels, window.output_height(only().height), window.output_width(only().width)};
  }

  // Padding alone has no maximum and no average: every window must see the image. Only those that begin before it and
  // the last one can miss it.
  void expect_windows_see_image(const char* axis, int in, int out, int size, int stride, int dilation, int pad) const {
    const auto expect = [&](int position) {
      const std::int64_t origin = std::int64_t{position} * stride - pad;
      const std::int64_t first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
      if (first >= size || origin + first * dilation >= in)
        refuse("its window at {} {} lies in the padding of {} alone", axis, position, to_string(inputs.front()));
    };
    for (int position = 0; position < out && position * stride < pad; ++position) expect(position);
    expect(out - 1);
  }

  Shape pooled(const Window& window) const {
    const Shape output = windowed(window, only().channels);
    expect_windows_see_image("row", only().height, output.height, window.height, window.stride_y, window.dilation_y,
                             window.pad_top);
    expect_windows_see_image("column", only().width, output.width, window.width, window.stride_x, window.dilation_x,
                             window.pad_left);
    return output;
  }

  Shape operator()(const Convolution& op) const {
    const Shape& input = only();
    if (op.groups < 1 || input.channels % op.groups != 0 || op.output_channels < 1 ||
        op.output_channels % op.groups != 0)
      refuse("{} groups do not divide {} input and {} output channels", op.groups, input.channels, op.output_channels);
    const Shape output = windowed(op.window, op.output_channels);
    expect_parameters(
        "weight", op.weights.size(),
        saturating_product({op.output_channels, input.channels / op.groups, op.window.height, op.window.width}));
    expect_bias(op.bias, op.output_channels);
    return output;
  }

  Shape operator()(const Linear& op) const {
    if (op.outputs < 1) refuse("{} outputs are not possible", op.outputs);
    expect_parameters("weight", op.weights.size(), saturating_product({op.outputs, only().elements()}));
    expect_bias(op.bias, op.outputs);
    return {op.outputs, 1, 1};
  }

  Shape operator()(const BatchNormalization& op) const {
    const Shape& input = only();
    expect_parameters("scale", op.scale.size(), input.channels);
    expect_parameters("bias", op.bias.size(), input.channels);
    expect_parameters("mean", op.mean.size(), input.channels);
    expect_parameters("variance", op.variance.size(), input.channels);
    return input;
  }

  Shape operator()(const Clip& op) const {
    if (!(op.low <= op.high)) refuse("clips to the empty range {}..{}", op.low, op.high);
    return only();
  }

  Shape operator()(const PRelu& op) const {
    const Shape& input = only();
    if (op.slope.size() != 1) expect_parameters("slope", op.slope.size(), input.channels);
    return input;
  }

  Shape operator()(const Add&) const {
    expect_inputs(2);
    if (inputs[0] != inputs[1])
      refuse("adds {} and {}; only equal shapes can be added", to_string(inputs[0]), to_string(inputs[1]));
    return inputs[0];
  }

  Shape operator()(const MaxPool& op) const { return pooled(op.window); }

  Shape operator()(const AveragePool& op) const { return pooled(op.window); }

  Shape operator()(const Slice& op) const {
    const Shape& input = only();
    const std::array<int, 3> extents{input.channels, input.height, input.width};
    std::array<int, 3> result{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (op.start[axis] < 0 || op.start[axis] >= op.end[axis] || op.end[axis] > extents[axis] || op.step[axis] < 1)
        refuse("the slice {}:{}:{} of axis {} yields nothing or leaves the input {}", op.start[axis], op.end[axis],
               op.step[axis], axis + 1, to_string(input));
      result[axis] = (op.end[axis] - op.start[axis] - 1) / op.step[axis] + 1;
    }
    return {result[0], result[1], result[2]};
  }

  Shape operator()(const Pad& op) const {
    const Shape& input = only();
    for (const auto& side : {op.before, op.after})
      for (const int pad : side)
        if (pad < 0 || pad > max_dimension) refuse("padding must be in 0..{}, not {}", max_dimension, pad);
    return {input.channels + op.before[0] + op.after[0], input.height + op.before[1] + op.after[1],
            input.width + op.before[2] + op.after[2]};
  }

  Shape operator()(const Concat&) const {
    if (inputs.empty()) refuse("has no inputs");
    std::int64_t channels = 0;
    for (const Shape& input : inputs) {
      if (input.height != inputs[0].height || input.width != inputs[0].width)
        refuse("stacks {} and {}; height and width must agree", to_string(inputs[0]), to_string(input));
      channels += input.channels;
    }
    if (channels > max_dimension) refuse("yields {} channels; {} are accepted", channels, max_dimension);
    return {static_cast<int>(channels), inputs[0].height, inputs[0].width};
  }

  Shape operator()(const Flatten&) const {
    if (only().elements() > max_dimension)
      refuse("flattening {} yields more than {} channels", to_string(only()), max_dimension);
    return {static_cast<int>(only().elements()), 1, 1};
  }

  Shape operator()(const Softmax&) const { return only(); }

  Shape operator()(const Quantise&) const { return only(); }
};

}  // namespace

Shape infer_shape(const Operator& op, const std::vector<Shape>& inputs, const std::string& node_name) {
  const std::string place = fmt::format("{} node \"{}\"", operator_name(op), node_name);
  for (const Shape& input : inputs) check_shape(input, place);
  const Shape output = std::visit(Inference{inputs, place}, op);
  check_shape(output, place);
  return output;
}

}  // namespace lutra::network
