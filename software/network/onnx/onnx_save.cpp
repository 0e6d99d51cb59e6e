#include "software/network/onnx/onnx_save.h"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <cmath>
#include <set>
#include <span>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/onnx/onnx_format.h"

namespace lutra::network {

namespace {

constexpr std::size_t image_rank = 4;
constexpr std::size_t vector_rank = 2;

using Dims = std::vector<std::int64_t>;

Dims dims_of(const Shape& shape, std::size_t rank) {
  if (rank == vector_rank) return {1, shape.elements()};
  return {1, shape.channels, shape.height, shape.width};
}

void set_type(onnx::ValueInfoProto& info, const std::string& name, const Dims& dims) {
  info.set_name(name);
  auto& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t extent : dims) type.mutable_shape()->add_dim()->set_dim_value(extent);
}

class GraphWriter {
 public:
  explicit GraphWriter(const Graph& graph) : graph_(graph), onnx_(*model_.mutable_graph()) {}

  std::string run() {
    model_.set_ir_version(ir_version);
    model_.set_producer_name("lutra");
    model_.add_opset_import()->set_version(opset_version);
    onnx_.set_name(graph_.name);
    values_.resize(graph_.tensors.size());
    define(graph_.input, image_rank);
    set_type(*onnx_.add_input(), value(graph_.input).name, dims_of(shape(graph_.input), image_rank));
    for (const Node& node : graph_.nodes) {
      node_ = &node;
      std::visit([&](const auto& op) { write(op); }, node.op);
    }
    const Value& output = value(graph_.output);
    set_type(*onnx_.add_output(), output.name, dims_of(shape(graph_.output), output.rank));
    return model_.SerializeAsString();
  }

 private:
  // A tensor as ONNX has it: two dims after a flattening, else four.
  struct Value {
    std::string name;
    std::size_t rank = image_rank;
  };

  const Shape& shape(TensorId id) const { return graph_.tensors[static_cast<std::size_t>(id)].shape; }
  Value& value(TensorId id) { return values_[static_cast<std::size_t>(id)]; }

  std::string unique(const std::string& wanted) {
    const std::string base = wanted.empty() ? "value" : wanted;
    std::string name = base;
    for (int k = 2; !names_.insert(name).second; ++k) name = fmt::format("{}_{}", base, k);
    return name;
  }

  void define(TensorId id, std::size_t rank) {
    value(id) = {unique(graph_.tensors[static_cast<std::size_t>(id)].name), rank};
  }

  template <typename Number>
  std::string constant(const char* what, const Dims& dims, const std::vector<Number>& values) {
    onnx::TensorProto& tensor = *onnx_.add_initializer();
    tensor.set_name(unique(fmt::format("{}.{}", node_->name, what)));
    tensor.set_data_type(std::is_same_v<Number, float> ? onnx::TensorProto::FLOAT : onnx::TensorProto::INT64);
    for (const std::int64_t extent : dims) tensor.add_dims(extent);
    tensor.set_raw_data(values.data(), std::span(values).size_bytes());
    return tensor.name();
  }
  std::string constant(const char* what, const std::vector<float>& values) {
    return constant(what, {static_cast<std::int64_t>(values.size())}, values);
  }
  template <typename Integers>
  std::string integers(const char* what, const Integers& numbers) {
    const Dims values(numbers.begin(), numbers.end());
    return constant(what, {static_cast<std::int64_t>(values.size())}, values);
  }

  // The name of the node's input in the rank wanted, behind a node that changes it where it has another.
  std::string input(std::size_t index, std::size_t rank) {
    const TensorId id = node_->inputs[index];
    if (value(id).rank == rank) return value(id).name;
    const std::string result = unique(value(id).name + (rank == vector_rank ? ".flat" : ".image"));
    const std::string dims = integers("dims", dims_of(shape(id), rank));
    onnx::NodeProto& reshape = *onnx_.add_node();
    reshape.set_name(unique(fmt::format("{}.reshape", node_->name)));
    reshape.set_op_type("Reshape");
    for (const std::string& name : {value(id).name, dims}) reshape.add_input(name);
    reshape.add_output(result);
    return result;
  }

  onnx::NodeProto& add(const char* type, const std::vector<std::string>& inputs, std::size_t rank) {
    define(node_->output, rank);
    onnx::NodeProto& node = *onnx_.add_node();
    node.set_name(node_->name);
    node.set_op_type(type);
    for (const std::string& name : inputs) node.add_input(name);
    node.add_output(value(node_->output).name);
    return node;
  }

  onnx::NodeProto& add_elementwise(const char* type, std::vector<std::string> more = {}) {
    const std::size_t rank = value(node_->inputs[0]).rank;
    more.insert(more.begin(), value(node_->inputs[0]).name);
    return add(type, more, rank);
  }

  static onnx::AttributeProto& attribute(onnx::NodeProto& node, const char* name,
                                         onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& result = *node.add_attribute();
    result.set_name(name);
    result.set_type(type);
    return result;
  }
  static void set(onnx::NodeProto& node, const char* name, std::int64_t number) {
    attribute(node, name, onnx::AttributeProto::INT).set_i(number);
  }
  static void set(onnx::NodeProto& node, const char* name, const Dims& numbers) {
    onnx::AttributeProto& result = attribute(node, name, onnx::AttributeProto::INTS);
    for (const std::int64_t number : numbers) result.add_ints(number);
  }

  static void set(onnx::NodeProto& node, const Window& window) {
    set(node, "kernel_shape", Dims{window.height, window.width});
    set(node, "strides", Dims{window.stride_y, window.stride_x});
    set(node, "pads", Dims{window.pad_top, window.pad_left, window.pad_bottom, window.pad_right});
    if (window.dilation_y != 1 || window.dilation_x != 1)
      set(node, "dilations", Dims{window.dilation_y, window.dilation_x});
  }

  void write(const Convolution& op) {
    const std::int64_t channels = shape(node_->inputs[0]).channels / op.groups;
    std::vector<std::string> inputs{
        input(0, image_rank),
        constant("weights", {op.output_channels, channels, op.window.height, op.window.width}, op.weights)};
    if (!op.bias.empty()) inputs.push_back(constant("bias", op.bias));
    onnx::NodeProto& node = add("Conv", inputs, image_rank);
    set(node, op.window);
    if (op.groups != 1) set(node, "group", op.groups);
  }

  void write(const Linear& op) {
    std::vector<std::string> inputs{input(0, vector_rank),
                                    constant("weights", {op.outputs, shape(node_->inputs[0]).elements()}, op.weights)};
    if (!op.bias.empty()) inputs.push_back(constant("bias", op.bias));
    set(add("Gemm", inputs, vector_rank), "transB", 1);
  }

  void write(const BatchNormalization& op) {
    onnx::NodeProto& node =
        add_elementwise("BatchNormalization", {constant("scale", op.scale), constant("bias", op.bias),
                                               constant("mean", op.mean), constant("variance", op.variance)});
    attribute(node, "epsilon", onnx::AttributeProto::FLOAT).set_f(op.epsilon);
  }

  void write(const Clip& op) {
    if (op.low == 0 && std::isinf(op.high)) {
      add_elementwise("Relu");
      return;
    }
    const auto bound = [&](const char* what, float limit) {
      return std::isinf(limit) ? std::string() : constant(what, {}, std::vector<float>{limit});
    };
    add_elementwise("Clip", {bound("low", op.low), bound("high", op.high)});
  }

  void write(const PRelu& op) {
    const auto count = static_cast<std::int64_t>(op.slope.size());
    Dims dims{count};
    if (value(node_->inputs[0]).rank == image_rank) dims = {count, 1, 1};
    add_elementwise("PRelu", {constant("slope", dims, op.slope)});
  }

  void write(const Add&) { add_elementwise("Add", {input(1, value(node_->inputs[0]).rank)}); }

  void write(const MaxPool& op) { set(add("MaxPool", {input(0, image_rank)}, image_rank), op.window); }

  void write(const AveragePool& op) {
    if (op.window.dilation_y != 1 || op.window.dilation_x != 1)
      throw Error(
          fmt::format("AveragePool node \"{}\": opset {} has no dilation of averages", node_->name, opset_version));
    onnx::NodeProto& node = add("AveragePool", {input(0, image_rank)}, image_rank);
    set(node, op.window);
    if (op.count_padding) set(node, "count_include_pad", 1);
  }

  void write(const Slice& op) {
    const std::string image = input(0, image_rank);
    add("Slice",
        {image, integers("starts", op.start), integers("ends", op.end), integers("axes", Dims{1, 2, 3}),
         integers("steps", op.step)},
        image_rank);
  }

  void write(const Pad& op) {
    Dims pads{0, op.before[0], op.before[1], op.before[2], 0, op.after[0], op.after[1], op.after[2]};
    const std::string image = input(0, image_rank);
    add("Pad", {image, integers("pads", pads)}, image_rank);
  }

  void write(const Concat&) {
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < node_->inputs.size(); ++i) inputs.push_back(input(i, image_rank));
    set(add("Concat", inputs, image_rank), "axis", 1);
  }

  void write(const Flatten&) {
    const std::string image = input(0, image_rank);
    set(add("Flatten", {image}, vector_rank), "axis", 1);
  }

  void write(const Softmax&) { set(add_elementwise("Softmax"), "axis", 1); }

  void write(const Quantise&) {
    throw Error(fmt::format("Quant node \"{}\": only float networks are written", node_->name));
  }

  const Graph& graph_;
  onnx::ModelProto model_;
  onnx::GraphProto& onnx_;
  std::vector<Value> values_;  // by tensor
  std::set<std::string> names_;
  const Node* node_ = nullptr;  // being written
};

}  // namespace

std::string graph_to_onnx(const Graph& graph) {
  validate(graph);
  return GraphWriter(graph).run();
}

void save_onnx(const Graph& graph, const std::filesystem::path& path) { write_file(path, graph_to_onnx(graph)); }

}  // namespace lutra::network
