#pragma once

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/reference/executor.h"

namespace lutra::test {

enum class GivenFormat { qdq, qonnx };

struct GivenPolicy {
  GivenFormat format = GivenFormat::qdq;
  bool asymmetric = false;  // uint8 with zero points (qdq)
  bool shared_adds = true;  // both operands of an addition have one scale
};

// A float network as exporters of quantised networks write it: its own ranges over some images, 8 bits, a scale for
// each output channel of the weights.
class GivenExporter {
 public:
  GivenExporter(const network::Graph& graph, const network::Normalisation& normalisation,
                const network::Dataset& images, std::size_t count, GivenPolicy policy)
      : graph_(graph), policy_(policy), onnx_(*model_.mutable_graph()), groups_(graph.tensors.size()) {
    std::iota(groups_.begin(), groups_.end(), 0);
    measure(normalisation, images, count);
  }

  onnx::ModelProto run() {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(13);
    if (policy_.format == GivenFormat::qonnx) {
      auto* domain = model_.add_opset_import();
      domain->set_domain("qonnx.custom_op.general");
      domain->set_version(1);
    }
    declare(*onnx_.add_input(), "x", graph_.input);
    names_[graph_.input] = quantised("x", graph_.input);
    for (const network::Node& node : graph_.nodes) {
      const std::string made = std::visit([&](const auto& op) { return write(node, op); }, node.op);
      names_[node.output] = is_quantised(node) ? quantised(made, node.output) : made;
    }
    declare(*onnx_.add_output(), names_.at(graph_.output), graph_.output);
    return model_;
  }

 private:
  struct Range {
    double low = 0, high = 0;
  };

  static std::size_t index(network::TensorId tensor) { return static_cast<std::size_t>(tensor); }

  std::size_t group(network::TensorId tensor) const {
    std::size_t at = index(tensor);
    while (groups_[at] != at) at = groups_[at];
    return at;
  }

  // The tensor whose codes another one moves.
  network::TensorId source(network::TensorId tensor) const {
    for (const network::Node& node : graph_.nodes)
      if (node.output == tensor &&
          (std::holds_alternative<network::Slice>(node.op) || std::holds_alternative<network::Pad>(node.op)))
        return source(node.inputs[0]);
    return tensor;
  }

  void measure(const network::Normalisation& normalisation, const network::Dataset& images, std::size_t count) {
    std::vector<Range> ranges(graph_.tensors.size());
    const reference::FloatExecutor executor(graph_, normalisation);
    for (std::size_t image = 0; image < count; ++image) {
      const auto tensors = executor.run_all(images.image(image));
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto [low, high] = std::ranges::minmax(tensors[i]);
        ranges[i] = {std::min<double>(ranges[i].low, low), std::max<double>(ranges[i].high, high)};
      }
    }
    for (const network::Node& node : graph_.nodes)
      if (policy_.shared_adds && std::holds_alternative<network::Add>(node.op))
        groups_[group(source(node.inputs[0]))] = group(source(node.inputs[1]));
    ranges_.resize(ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      Range& whole = ranges_[group(static_cast<network::TensorId>(i))];
      whole = {std::min(whole.low, ranges[i].low), std::max(whole.high, ranges[i].high)};
    }
  }

  // What a Relu alone reads keeps its real values; what only moves codes has them already.
  bool is_quantised(const network::Node& node) const {
    if (std::holds_alternative<network::Slice>(node.op) || std::holds_alternative<network::Pad>(node.op) ||
        std::holds_alternative<network::Flatten>(node.op))
      return false;
    int readers = 0, relus = 0;
    for (const network::Node& reader : graph_.nodes)
      for (const network::TensorId input : reader.inputs)
        if (input == node.output) {
          ++readers;
          relus += std::holds_alternative<network::Clip>(reader.op) ? 1 : 0;
        }
    return readers != 1 || relus != 1;
  }

  template <typename Value>
  std::string constant(const std::string& name, const std::vector<std::int64_t>& dims, int type,
                       const std::vector<Value>& values) {
    auto& tensor = *onnx_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t extent : dims) tensor.add_dims(extent);
    tensor.set_raw_data(std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)));
    return name;
  }

  onnx::NodeProto& add(const std::string& type, const std::vector<std::string>& inputs, const std::string& output) {
    auto& node = *onnx_.add_node();
    node.set_op_type(type);
    node.set_name(output);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }

  static void set(onnx::NodeProto& node, const char* name, std::int64_t value) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }

  static void set(onnx::NodeProto& node, const char* name, const std::vector<std::int64_t>& values) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) attribute.add_ints(value);
  }

  void declare(onnx::ValueInfoProto& info, const std::string& name, network::TensorId tensor) {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    const network::Shape& shape = graph_.tensors[index(tensor)].shape;
    for (const int extent : {1, shape.channels, shape.height, shape.width})
      type.mutable_shape()->add_dim()->set_dim_value(extent);
  }

  float scale_of(network::TensorId tensor) const {
    const Range& range = ranges_[group(source(tensor))];
    if (policy_.asymmetric) return static_cast<float>((range.high - range.low) / 255);
    return static_cast<float>(range.low < 0 ? std::max(-range.low, range.high) / 127 : range.high / 255);
  }

  // The values of a tensor on its grid.
  std::string quantised(const std::string& from, network::TensorId tensor) {
    const Range& range = ranges_[group(source(tensor))];
    const float scale = scale_of(tensor);
    const std::string base = "t" + std::to_string(index(tensor));
    const std::string scale_name = constant(base + "_scale", {}, onnx::TensorProto::FLOAT, std::vector{scale});
    const bool is_signed = !policy_.asymmetric && range.low < 0;
    if (policy_.format == GivenFormat::qonnx) {
      constant(base + "_zero", {}, onnx::TensorProto::FLOAT, std::vector{0.0F});
      constant(base + "_bits", {}, onnx::TensorProto::FLOAT, std::vector{8.0F});
      auto& node = add("Quant", {from, scale_name, base + "_zero", base + "_bits"}, base + "_quant");
      node.set_domain("qonnx.custom_op.general");
      set(node, "signed", is_signed ? 1 : 0);
      set(node, "narrow", 0);
      return base + "_quant";
    }
    const double zero = policy_.asymmetric ? std::clamp(std::nearbyint(-range.low / scale), 0.0, 255.0) : 0;
    if (is_signed)
      constant(base + "_zero", {}, onnx::TensorProto::INT8, std::vector{static_cast<std::int8_t>(0)});
    else
      constant(base + "_zero", {}, onnx::TensorProto::UINT8, std::vector{static_cast<std::uint8_t>(zero)});
    add("QuantizeLinear", {from, scale_name, base + "_zero"}, base + "_codes");
    add("DequantizeLinear", {base + "_codes", scale_name, base + "_zero"}, base + "_values");
    return base + "_values";
  }

  // Names of quantised weights and bias.
  std::vector<std::string> weights(const network::Node& node, const std::vector<float>& values,
                                   const std::vector<float>& bias, const std::vector<std::int64_t>& dims) {
    const std::string base = "w" + std::to_string(index(node.output));
    const auto outputs = static_cast<std::size_t>(dims[0]);
    const std::size_t per_output = values.size() / outputs;
    std::vector<float> scales, bias_scales, reals, real_bias;
    std::vector<std::int8_t> codes;
    std::vector<std::int32_t> bias_codes;
    for (std::size_t o = 0; o < outputs; ++o) {
      float peak = 1e-6F;
      for (std::size_t i = 0; i < per_output; ++i) peak = std::max(peak, std::abs(values[o * per_output + i]));
      scales.push_back(peak / 127);
      bias_scales.push_back(scales.back() * scale_of(node.inputs[0]));
      for (std::size_t i = 0; i < per_output; ++i) {
        codes.push_back(static_cast<std::int8_t>(std::nearbyint(values[o * per_output + i] / scales.back())));
        reals.push_back(static_cast<float>(codes.back()) * scales.back());
      }
      bias_codes.push_back(static_cast<std::int32_t>(std::nearbyint(bias.empty() ? 0 : bias[o] / bias_scales.back())));
      real_bias.push_back(static_cast<float>(bias_codes.back()) * bias_scales.back());
    }
    if (policy_.format == GivenFormat::qonnx) {
      std::vector<std::int64_t> scale_dims(dims.size(), 1);
      scale_dims[0] = dims[0];
      constant(base + "_real", dims, onnx::TensorProto::FLOAT, reals);
      constant(base + "_scale", scale_dims, onnx::TensorProto::FLOAT, scales);
      constant(base + "_zero", {}, onnx::TensorProto::FLOAT, std::vector{0.0F});
      constant(base + "_bits", {}, onnx::TensorProto::FLOAT, std::vector{8.0F});
      auto& quant = add("Quant", {base + "_real", base + "_scale", base + "_zero", base + "_bits"}, base);
      quant.set_domain("qonnx.custom_op.general");
      set(quant, "signed", 1);
      set(quant, "narrow", 1);
      return {base, constant(base + "_bias", {dims[0]}, onnx::TensorProto::FLOAT, real_bias)};
    }
    constant(base + "_codes", dims, onnx::TensorProto::INT8, codes);
    constant(base + "_scale", {dims[0]}, onnx::TensorProto::FLOAT, scales);
    constant(base + "_zero", {dims[0]}, onnx::TensorProto::INT8, std::vector<std::int8_t>(outputs));
    set(add("DequantizeLinear", {base + "_codes", base + "_scale", base + "_zero"}, base), "axis", std::int64_t{0});
    constant(base + "_bias_codes", {dims[0]}, onnx::TensorProto::INT32, bias_codes);
    constant(base + "_bias_scale", {dims[0]}, onnx::TensorProto::FLOAT, bias_scales);
    constant(base + "_bias_zero", {dims[0]}, onnx::TensorProto::INT32, std::vector<std::int32_t>(outputs));
    set(add("DequantizeLinear", {base + "_bias_codes", base + "_bias_scale", base + "_bias_zero"}, base + "_bias"),
        "axis", std::int64_t{0});
    return {base, base + "_bias"};
  }

  std::string output(const network::Node& node) const { return "n" + std::to_string(index(node.output)); }
  const std::string& input(const network::Node& node, std::size_t i = 0) const { return names_.at(node.inputs[i]); }

  std::string write(const network::Node& node, const network::Convolution& op) {
    const network::Shape& in = graph_.tensors[index(node.inputs[0])].shape;
    const auto parts = weights(node, op.weights, op.bias,
                               {op.output_channels, in.channels / op.groups, op.window.height, op.window.width});
    auto& made = add("Conv", {input(node), parts[0], parts[1]}, output(node));
    set(made, "strides", {op.window.stride_y, op.window.stride_x});
    set(made, "pads", {op.window.pad_top, op.window.pad_left, op.window.pad_bottom, op.window.pad_right});
    return output(node);
  }

  std::string write(const network::Node& node, const network::Linear& op) {
    const auto parts =
        weights(node, op.weights, op.bias, {op.outputs, graph_.tensors[index(node.inputs[0])].shape.elements()});
    add("Flatten", {input(node)}, output(node) + "_flat");
    set(add("Gemm", {output(node) + "_flat", parts[0], parts[1]}, output(node)), "transB", std::int64_t{1});
    return output(node);
  }

  std::string write(const network::Node& node, const network::Clip&) {
    add("Relu", {input(node)}, output(node));
    return output(node);
  }

  std::string write(const network::Node& node, const network::Add&) {
    add("Add", {input(node), input(node, 1)}, output(node));
    return output(node);
  }

  std::string write(const network::Node& node, const network::AveragePool&) {
    add("GlobalAveragePool", {input(node)}, output(node));
    return output(node);
  }

  std::string write(const network::Node& node, const network::Flatten&) {
    add("Flatten", {input(node)}, output(node));
    return output(node);
  }

  std::string write(const network::Node& node, const network::Slice& op) {
    const auto list = [&](const char* what, const auto& values) {
      return constant(output(node) + what, {3}, onnx::TensorProto::INT64,
                      std::vector<std::int64_t>(values.begin(), values.end()));
    };
    const std::vector<std::string> parts{input(node), list("_starts", op.start), list("_ends", op.end),
                                         list("_axes", std::array{1, 2, 3}), list("_steps", op.step)};
    add("Slice", parts, output(node));
    return output(node);
  }

  std::string write(const network::Node& node, const network::Pad& op) {
    const std::string pads = constant(output(node) + "_pads", {8}, onnx::TensorProto::INT64,
                                      std::vector<std::int64_t>{0, op.before[0], op.before[1], op.before[2], 0,
                                                                op.after[0], op.after[1], op.after[2]});
    add("Pad", {input(node), pads}, output(node));
    return output(node);
  }

  template <typename Op>
  std::string write(const network::Node& node, const Op&) {
    throw std::runtime_error("no export of " + node.name);
  }

  const network::Graph& graph_;
  GivenPolicy policy_;
  onnx::ModelProto model_;
  onnx::GraphProto& onnx_;
  std::vector<std::size_t> groups_;  // tensors of one scale
  std::vector<Range> ranges_;        // by group
  std::map<network::TensorId, std::string> names_;
};

}  // namespace lutra::test
