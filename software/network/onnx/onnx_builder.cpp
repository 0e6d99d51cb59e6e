#include "software/network/onnx/onnx_builder.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/network/limits.h"

namespace lutra::network::importer {

namespace {

Shape to_shape(const std::vector<std::int64_t>& dims, bool channels_last) {
  const auto extent = [&](std::size_t axis) { return static_cast<int>(axis < dims.size() ? dims[axis] : 1); };
  if (channels_last) return {extent(3), extent(1), extent(2)};
  return {extent(1), extent(2), extent(3)};
}

std::vector<std::int64_t> to_dims(const Shape& shape, std::size_t rank, bool channels_last) {
  if (channels_last) return {1, shape.height, shape.width, shape.channels};
  std::vector<std::int64_t> dims{1, shape.channels, shape.height, shape.width};
  dims.resize(rank);
  return dims;
}

std::size_t parameter_count(const Operator& op) {
  if (const auto* convolution = std::get_if<Convolution>(&op)) return convolution->weights.size();
  if (const auto* linear = std::get_if<Linear>(&op)) return linear->weights.size();
  if (const auto* normalization = std::get_if<BatchNormalization>(&op)) return 4 * normalization->scale.size();
  if (const auto* prelu = std::get_if<PRelu>(&op)) return prelu->slope.size();
  return 0;
}

}  // namespace

GraphBuilder::GraphBuilder(std::string name, std::int64_t opset, Initialisers initialisers,
                           std::map<std::string, int> uses, std::size_t most_values)
    : opset_(opset), initialisers_(std::move(initialisers)), uses_(std::move(uses)), most_values_(most_values) {
  graph_.name = std::move(name);
}

bool GraphBuilder::has_input(const OnnxNode& node, int index) const {
  return index < node.proto().input_size() && !node.proto().input(index).empty();
}

const Value* GraphBuilder::find(const std::string& value) {
  if (const auto found = values_.find(value); found != values_.end()) return &found->second;
  const auto initialiser = initialisers_.find(value);
  if (initialiser == initialisers_.end()) return nullptr;
  auto array =
      std::make_shared<const Array>(decode(*initialiser->second, fmt::format("constant \"{}\"", printable(value))));
  count_values(constant_values_, array->size(), "constants");
  return &values_.emplace(value, std::move(array)).first->second;
}

const Value& GraphBuilder::input(const OnnxNode& node, int index) {
  if (!has_input(node, index)) node.refuse("has no input {}", index);
  const std::string& name = node.proto().input(index);
  const Value* value = find(name);
  if (!value) node.refuse("reads \"{}\", which has no value", printable(name));
  return *value;
}

Activation GraphBuilder::activation(const OnnxNode& node, int index) {
  flat(node, index);
  return moved(node, index);
}

Activation GraphBuilder::flat(const OnnxNode& node, int index) {
  Activation result = activation_in_any_order(node, index);
  if (result.codes) node.refuse("computes on integers; put a DequantizeLinear in front of it");
  return result;
}

Activation GraphBuilder::moved(const OnnxNode& node, int index) {
  Activation result = activation_in_any_order(node, index);
  if (result.interleaved) node.refuse("reads an image flattened with channels last; only Gemm and MatMul can");
  return result;
}

Activation GraphBuilder::activation_in_any_order(const OnnxNode& node, int index) {
  const auto* activation = std::get_if<Activation>(&input(node, index));
  if (!activation)
    node.refuse("its input {} \"{}\" is a constant; it must depend on the network's input", index,
                printable(node.proto().input(index)));
  Activation result = *activation;
  result.shared = result.shared || uses_[node.proto().input(index)] > 1;
  return result;
}

Activation GraphBuilder::image(const OnnxNode& node, int index) {
  activation(node, index);
  return moved_image(node, index);
}

Activation GraphBuilder::moved_image(const OnnxNode& node, int index) {
  Activation result = moved(node, index);
  if (result.dims.size() != 4)
    node.refuse("takes batch x channels x height x width; its input is {}", describe_dims(result.dims));
  if (result.channels_last)
    node.refuse("works on an image with channels last; only channels first (NCHW) is supported");
  return result;
}

Constant GraphBuilder::constant(const OnnxNode& node, int index) {
  const auto* constant = std::get_if<Constant>(&input(node, index));
  if (!constant)
    node.refuse("its input {} \"{}\" must be a constant; it depends on the network's input", index,
                printable(node.proto().input(index)));
  return *constant;
}

const std::vector<float>& GraphBuilder::reals(const OnnxNode& node, int index) {
  const auto* values = std::get_if<std::vector<float>>(&constant(node, index)->values);
  if (!values) node.refuse("its input {} must hold float values, not integers", index);
  return *values;
}

const std::vector<std::int64_t>& GraphBuilder::integers(const OnnxNode& node, int index) {
  const auto* values = std::get_if<std::vector<std::int64_t>>(&constant(node, index)->values);
  if (!values) node.refuse("its input {} must hold integers, not float values", index);
  return *values;
}

std::vector<float> GraphBuilder::channel_values(const OnnxNode& node, int index, const Activation& activation) {
  const std::vector<float>& values = reals(node, index);
  const auto channels = static_cast<std::size_t>(activation.dims[activation.channel_axis()]);
  count_values(channel_values_, channels, "values of channels");
  if (values.size() == 1) return std::vector<float>(channels, values.front());
  const std::vector<std::int64_t>& dims = constant(node, index)->dims;
  bool fits = values.size() == channels && dims.size() <= activation.dims.size();
  for (std::size_t axis = 0; fits && axis < dims.size(); ++axis)
    fits = dims[axis] == 1 || axis + activation.dims.size() - dims.size() == activation.channel_axis();
  if (!fits)
    node.refuse("its constant of {} does not fit {}; one value, or one per channel, is supported", describe_dims(dims),
                describe_dims(activation.dims));
  return values;
}

Shape GraphBuilder::shape(const Activation& activation) const {
  return graph_.tensors[static_cast<std::size_t>(activation.tensor)].shape;
}

Node* GraphBuilder::exclusive_producer(const Activation& activation) {
  const int producer = producers_[static_cast<std::size_t>(activation.tensor)];
  if (activation.shared || producer < 0) return nullptr;
  return &graph_.nodes[static_cast<std::size_t>(producer)];
}

bool GraphBuilder::is_untouched_input(const Activation& activation) const {
  return activation.tensor == graph_.input && !activation.shared && graph_.nodes.empty();
}

void GraphBuilder::reshape_input(const Shape& shape) {
  graph_.tensors[static_cast<std::size_t>(graph_.input)].shape = shape;
}

void GraphBuilder::define_input(const std::string& value, const std::vector<std::int64_t>& dims, bool channels_last,
                                const std::optional<Quantise>& codes) {
  graph_.input = 0;
  graph_.output = 0;
  graph_.tensors.push_back({printable(value), to_shape(dims, channels_last)});
  producers_.push_back(-1);
  values_.emplace(value, Activation{.tensor = 0, .dims = dims, .channels_last = channels_last, .codes = codes});
}

TensorId GraphBuilder::add_node(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs) {
  std::vector<Shape> shapes;
  std::vector<TensorId> ids;
  for (const Activation& input : inputs) {
    shapes.push_back(shape(input));
    ids.push_back(input.tensor);
  }
  const Shape output = infer_shape(op, shapes, node.name());
  count_values(parameters_, parameter_count(op), "parameters");
  const auto id = static_cast<TensorId>(graph_.tensors.size());
  graph_.tensors.push_back({printable(node.proto().output(0)), output});
  producers_.push_back(static_cast<int>(graph_.nodes.size()));
  graph_.nodes.push_back({unique_name(node.name()), std::move(op), std::move(ids), id});
  return id;
}

Activation GraphBuilder::append(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs,
                                const Activation& like) {
  Activation result;
  result.tensor = add_node(node, std::move(op), inputs);
  result.dims = to_dims(shape(result), like.dims.size(), like.channels_last);
  result.channels_last = like.channels_last;
  result.codes = like.codes;
  return result;
}

Activation GraphBuilder::append_vector(const OnnxNode& node, Operator op, const Activation& input) {
  Activation result;
  result.tensor = add_node(node, std::move(op), {input});
  result.dims = to_dims(shape(result), 2, false);
  return result;
}

void GraphBuilder::emit(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs,
                        const Activation& like) {
  define(node, append(node, std::move(op), inputs, like));
}

void GraphBuilder::emit_vector(const OnnxNode& node, Operator op, const Activation& input) {
  define(node, append_vector(node, std::move(op), input));
}

void GraphBuilder::define(const OnnxNode& node, Activation result) {
  values_.insert_or_assign(node.proto().output(0), std::move(result));
}

void GraphBuilder::define(const OnnxNode& node, Constant result) {
  values_.insert_or_assign(node.proto().output(0), std::move(result));
}

void GraphBuilder::define(const OnnxNode& node, Array result) {
  define_new(node, std::make_shared<const Array>(std::move(result)));
}

void GraphBuilder::define_new(const OnnxNode& node, Constant result) {
  count_values(constant_values_, result->size(), "constants");
  define(node, std::move(result));
}

Graph GraphBuilder::finish(const std::string& output) {
  const Value* value = find(output);
  const auto* activation = value ? std::get_if<Activation>(value) : nullptr;
  if (!activation) throw Error(fmt::format("the output \"{}\" does not depend on the input", printable(output)));
  if (activation->channels_last || activation->interleaved)
    throw Error(fmt::format("the output \"{}\" is ordered with channels last; only channels first (NCHW) is supported",
                            printable(output)));
  if (graph_.nodes.empty()) throw Error("has no operator between input and output");
  graph_.output = activation->tensor;
  return std::move(graph_);
}

std::string GraphBuilder::unique_name(const std::string& wanted) {
  const std::string base = wanted.empty() ? "node" : wanted;
  std::string name = base;
  while (names_.contains(name)) name = fmt::format("{}_{}", base, ++names_[base]);
  names_.emplace(name, 1);
  return name;
}

void GraphBuilder::count_values(std::size_t& total, std::size_t more, const char* what) const {
  total += more;
  if (total > most_values_)
    throw Error(fmt::format("makes more than {} {}, far more than a file of its size holds", most_values_, what));
}

int to_int(const OnnxNode& node, std::int64_t value, std::int64_t low, std::int64_t high, const char* what) {
  if (value < low || value > high) node.refuse("{} must be in {}..{}, not {}", what, low, high, value);
  return static_cast<int>(value);
}

std::optional<Quantise> codes_of_type(int type) {
  Quantise codes;
  codes.scale = 0;
  codes.zero_last = true;
  const auto range = [&](int low, int high) {
    codes.low = low;
    codes.high = high;
    return codes;
  };
  switch (type) {
    case onnx::TensorProto::UINT8:
      return range(0, 255);
    case onnx::TensorProto::INT8:
      return range(-128, 127);
    case onnx::TensorProto::UINT16:
      return range(0, 65535);
    case onnx::TensorProto::INT16:
      return range(-32768, 32767);
    case uint4_type:
      return range(0, 15);
    case int4_type:
      return range(-8, 7);
    default:
      return std::nullopt;
  }
}

std::size_t to_axis(const OnnxNode& node, std::int64_t axis, std::size_t rank) {
  const auto extent = static_cast<std::int64_t>(rank);
  if (axis < -extent || axis >= extent) node.refuse("has no axis {}: its input has {} dimensions", axis, rank);
  return static_cast<std::size_t>(axis < 0 ? axis + extent : axis);
}

}  // namespace lutra::network::importer
