#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <span>

#include "software/common/files.h"
#include "software/network/onnx/onnx_format.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/network/quantised_onnx/quantised_onnx_names.h"
#include "software/network/quantised_onnx/quantised_onnx_weights.h"

namespace lutra::network {

namespace {

namespace words = quantised_onnx;

template <typename Value>
void set_data(onnx::TensorProto& tensor, onnx::TensorProto::DataType type, const std::vector<std::int64_t>& dims,
              std::span<const Value> values) {
  tensor.set_data_type(type);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  tensor.set_raw_data(values.data(), values.size_bytes());
}

onnx::AttributeProto& add_attribute(onnx::NodeProto& node, const std::string& name,
                                    onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}

void set(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  add_attribute(node, name, onnx::AttributeProto::INT).set_i(value);
}

void set(onnx::NodeProto& node, const std::string& name, const std::string& value) {
  add_attribute(node, name, onnx::AttributeProto::STRING).set_s(value);
}

template <typename Integers>
void set_integers(onnx::NodeProto& node, const std::string& name, const Integers& values) {
  onnx::AttributeProto& attribute = add_attribute(node, name, onnx::AttributeProto::INTS);
  for (const auto value : values) attribute.add_ints(value);
}

void set(onnx::NodeProto& node, const std::string& name, const std::vector<double>& values) {
  onnx::TensorProto& tensor = *add_attribute(node, name, onnx::AttributeProto::TENSOR).mutable_t();
  set_data<double>(tensor, onnx::TensorProto::DOUBLE, {static_cast<std::int64_t>(values.size())}, values);
}

void set(onnx::NodeProto& node, const std::string& prefix, const std::vector<Requantise>& all) {
  std::vector<std::int64_t> multiplier, bias, shift;
  for (const Requantise& r : all) {
    multiplier.push_back(r.multiplier);
    bias.push_back(r.bias);
    shift.push_back(r.shift);
  }
  set_integers(node, prefix + "_multiplier", multiplier);
  set_integers(node, prefix + "_bias", bias);
  set_integers(node, prefix + "_shift", shift);
}

void set(onnx::NodeProto& node, const Window& window) {
  set_integers(node, "kernel", std::vector{window.height, window.width});
  set_integers(node, "strides", std::vector{window.stride_y, window.stride_x});
  set_integers(node, "dilations", std::vector{window.dilation_y, window.dilation_x});
  set_integers(node, "pads", std::vector{window.pad_top, window.pad_left, window.pad_bottom, window.pad_right});
}

void set_type(onnx::ValueInfoProto& info, const std::string& name, const Shape& shape) {
  info.set_name(name);
  auto& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (const int extent : {1, shape.channels, shape.height, shape.width})
    type.mutable_shape()->add_dim()->set_dim_value(extent);
}

class QuantisedWriter {
 public:
  explicit QuantisedWriter(const QuantisedNetwork& network) : network_(network), graph_(*model_.mutable_graph()) {}

  std::string run() {
    model_.set_ir_version(ir_version);
    model_.set_producer_name("lutra");
    add_opset("", opset_version);
    add_opset(words::domain, words::domain_version);
    add_opset(words::quant_domain, 1);
    auto& scheme = *model_.add_metadata_props();
    scheme.set_key(words::scheme_key);
    scheme.set_value(network_.scheme);
    graph_.set_name(network_.name);
    write_input();
    for (std::size_t i = 0; i < network_.operations.size(); ++i)
      std::visit([&](const auto& op) { write(op, network_.operations[i].name, fmt::format("op{}", i)); },
                 network_.operations[i].body);
    set_type(*graph_.add_output(), tensor_name(network_.output), edge(network_.output).shape);
    return model_.SerializeAsString();
  }

 private:
  const Edge& edge(EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }
  std::string tensor_name(EdgeId id) const { return fmt::format("{}.{}", edge(id).name, id); }

  void add_opset(const char* domain, int version) {
    onnx::OperatorSetIdProto& opset = *model_.add_opset_import();
    opset.set_domain(domain);
    opset.set_version(version);
  }

  onnx::NodeProto& add_node(const std::string& name, const char* type, const std::vector<EdgeId>& inputs) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_name(name);
    node.set_domain(words::domain);
    node.set_op_type(type);
    for (const EdgeId input : inputs) node.add_input(tensor_name(input));
    return node;
  }

  void add_initializer(const std::string& name, const std::vector<std::int64_t>& dims,
                       const std::vector<float>& values) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    set_data<float>(tensor, onnx::TensorProto::FLOAT, dims, values);
  }

  void add_quant(const std::string& from, const std::string& to, const std::vector<std::int64_t>& scale_dims,
                 const std::vector<double>& scales, int bits, bool is_signed, bool is_narrow) {
    add_initializer(to + "/scale", scale_dims, {scales.begin(), scales.end()});
    add_initializer(to + "/zeropt", {}, {0.0F});
    add_initializer(to + "/bitwidth", {}, {static_cast<float>(bits)});
    onnx::NodeProto& node = *graph_.add_node();
    node.set_name(to + "/quant");
    node.set_domain(words::quant_domain);
    node.set_op_type(words::quant);
    for (const std::string& input : {from, to + "/scale", to + "/zeropt", to + "/bitwidth"}) node.add_input(input);
    node.add_output(to);
    set(node, "signed", is_signed ? 1 : 0);
    set(node, "narrow", is_narrow ? 1 : 0);
    set(node, "rounding_mode", std::string("ROUND"));
  }

  // The outputs of a node: codes first, then the stream; -1 leaves one out. Quant nodes follow it.
  void write_outputs(std::size_t node, EdgeId codes, EdgeId stream) {
    write_output(node, "codes", codes);
    if (stream >= 0) write_output(node, "stream", stream);
    for (const EdgeId id : {codes, stream})
      if (id >= 0 && edge(id).encoding.levels.empty())
        add_quant(tensor_name(id) + "/real", tensor_name(id), {}, {edge(id).scale}, edge(id).encoding.bits,
                  edge(id).encoding.is_signed, edge(id).encoding.is_ternary);
  }

  void write_output(std::size_t index, const std::string& prefix, EdgeId id) {
    onnx::NodeProto& node = *graph_.mutable_node(static_cast<int>(index));
    if (id < 0) {
      node.add_output("");
      return;
    }
    const Edge& written = edge(id);
    const ActivationEncoding& encoding = written.encoding;
    node.add_output(tensor_name(id) + (encoding.levels.empty() ? "/real" : ""));
    set(node, prefix + "_edge", static_cast<int>(id));
    set(node, prefix + "_name", written.name);
    set_integers(node, prefix + "_shape",
                 std::vector{written.shape.channels, written.shape.height, written.shape.width});
    set(node, prefix + "_scale", std::vector{written.scale});
    set(node, prefix + "_pad_code", encoding.pad_code);
    if (encoding.levels.empty()) return;
    set(node, prefix + "_bits", encoding.bits);
    set(node, prefix + "_signed", encoding.is_signed ? 1 : 0);
    set_integers(node, prefix + "_levels", encoding.levels);
  }

  std::size_t last_node() const { return static_cast<std::size_t>(graph_.node_size()) - 1; }

  void write_input() {
    set_type(*graph_.add_input(), words::pixels, edge(network_.input.edge).shape);
    onnx::NodeProto& node = add_node("input", words::input_transform, {});
    node.add_input(words::pixels);
    set(node, "channels", network_.input.channels);
    write_outputs(last_node(), network_.input.edge, -1);
  }

  void write_post(const PostProcess& post) {
    onnx::NodeProto& node = *graph_.mutable_node(static_cast<int>(last_node()));
    set(node, "scale", post.scale);
    if (post.skip) {
      node.add_input(tensor_name(post.skip->edge));
      set_integers(node, "skip_strides", std::vector{post.skip->stride_y, post.skip->stride_x});
      set(node, "skip_channel_offset", post.skip->channel_offset);
      set(node, "skip", std::vector{post.skip->requantise});
    }
    if (!post.prelu.empty()) set(node, "prelu", post.prelu);
    if (post.codes) {
      set_integers(node, "codes_range", std::vector{post.codes->low, post.codes->high});
      if (post.codes->requantise) set(node, "codes", std::vector{*post.codes->requantise});
    }
    write_outputs(last_node(), post.codes ? post.codes->edge : -1, post.stream);
  }

  void write(const MatrixOp& op, const std::string& name, const std::string& unique) {
    const std::int64_t group_channels = edge(op.input).shape.channels / op.groups;
    const std::size_t per_channel = op.weights.values.size() / op.weights.scales.size();
    std::vector<float> real;
    for (std::size_t i = 0; i < op.weights.values.size(); ++i)
      real.push_back(static_cast<float>(op.weights.values[i] * op.weights.scales[i / per_channel]));
    add_initializer(unique + "/weights/real", {op.output_channels, group_channels, op.window.height, op.window.width},
                    real);
    add_quant(unique + "/weights/real", unique + "/weights", {op.output_channels, 1, 1, 1}, op.weights.scales,
              words::quant_bits(op.weights.encoding), true, false);
    onnx::NodeProto& node = add_node(name, words::matrix, {op.input});
    node.add_input(unique + "/weights");
    set(node, op.window);
    set(node, "group", op.groups);
    set(node, "weight_scales", op.weights.scales);
    for (const auto& [attribute, values] : words::encoding_attributes(op.weights.encoding))
      set_integers(node, attribute, values);
    write_post(op.post);
  }

  void write(const PoolOp& op, const std::string& name, const std::string&) {
    const char* type = op.kind == PoolKind::maximum ? words::maximum_pool : words::sum_pool;
    set(add_node(name, type, {op.input}), op.window);
    write_post(op.post);
  }

  void write(const ElementwiseOp& op, const std::string& name, const std::string&) {
    add_node(name, words::elementwise, {op.input});
    write_post(op.post);
  }

  void write(const ConcatOp& op, const std::string& name, const std::string&) {
    set(add_node(name, words::concat, op.inputs), "inputs", op.requantise);
    write_outputs(last_node(), op.output, -1);
  }

  void write(const ResampleOp& op, const std::string& name, const std::string&) {
    onnx::NodeProto& node = add_node(name, words::resample, {op.input});
    set_integers(node, "start", op.start);
    set_integers(node, "step", op.step);
    write_outputs(last_node(), op.output, -1);
  }

  const QuantisedNetwork& network_;
  onnx::ModelProto model_;
  onnx::GraphProto& graph_;
};

}  // namespace

std::string quantised_to_onnx(const QuantisedNetwork& network) {
  validate(network);
  return QuantisedWriter(network).run();
}

void save_quantised(const QuantisedNetwork& network, const std::filesystem::path& path) {
  write_file(path, quantised_to_onnx(network));
}

}  // namespace lutra::network
