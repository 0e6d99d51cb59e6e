#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "software/common/error.h"
#include "software/network/float/graph.h"
#include "software/network/onnx/onnx_import.h"

namespace lutra::network::test {

using Dims = std::vector<std::int64_t>;

// 0.5, 1, 1.5, ...: distinct values, exact in every float format.
inline std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = 0.5F * static_cast<float>(i + 1);
  return values;
}

inline onnx::TensorProto tensor(const std::string& name, const Dims& dims, const std::vector<float>& values) {
  onnx::TensorProto result;
  result.set_name(name);
  result.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t extent : dims) result.add_dims(extent);
  for (const float value : values) result.add_float_data(value);
  return result;
}

inline onnx::TensorProto tensor(const std::string& name, const Dims& dims, const Dims& values) {
  onnx::TensorProto result;
  result.set_name(name);
  result.set_data_type(onnx::TensorProto::INT64);
  for (const std::int64_t extent : dims) result.add_dims(extent);
  for (const std::int64_t value : values) result.add_int64_data(value);
  return result;
}

class NodeMaker {
 public:
  explicit NodeMaker(onnx::NodeProto* node) : node_(node) {}

  NodeMaker& ints(const std::string& name, const Dims& values) {
    auto* attribute = add(name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) attribute->add_ints(value);
    return *this;
  }
  NodeMaker& integer(const std::string& name, std::int64_t value) {
    add(name, onnx::AttributeProto::INT)->set_i(value);
    return *this;
  }
  NodeMaker& real(const std::string& name, float value) {
    add(name, onnx::AttributeProto::FLOAT)->set_f(value);
    return *this;
  }
  NodeMaker& text(const std::string& name, const std::string& value) {
    add(name, onnx::AttributeProto::STRING)->set_s(value);
    return *this;
  }
  NodeMaker& value(const onnx::TensorProto& content) {
    *add("value", onnx::AttributeProto::TENSOR)->mutable_t() = content;
    return *this;
  }
  onnx::NodeProto* operator->() { return node_; }

 private:
  onnx::AttributeProto* add(const std::string& name, onnx::AttributeProto::AttributeType type) {
    auto* attribute = node_->add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
  }

  onnx::NodeProto* node_;
};

// An ONNX file in the making. Its input is called "x", its output is the last node's unless named.
class Model {
 public:
  explicit Model(const Dims& input = {1, 3, 8, 8}, std::int64_t opset = 13) {
    proto.set_ir_version(7);
    proto.add_opset_import()->set_version(opset);
    auto* x = proto.mutable_graph()->add_input();
    x->set_name("x");
    auto* type = x->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    type->mutable_shape();
    for (const std::int64_t extent : input) type->mutable_shape()->add_dim()->set_dim_value(extent);
  }

  template <typename Values>
  Model& constant(const std::string& name, const Dims& dims, const Values& values) {
    *proto.mutable_graph()->add_initializer() = tensor(name, dims, values);
    return *this;
  }
  Model& integers(const std::string& name, const Dims& values) {
    return constant(name, {static_cast<std::int64_t>(values.size())}, values);
  }

  NodeMaker node(const std::string& type, const std::vector<std::string>& inputs, const std::string& output) {
    auto* made = proto.mutable_graph()->add_node();
    made->set_op_type(type);
    made->set_name("the_" + output);
    for (const std::string& input : inputs) made->add_input(input);
    made->add_output(output);
    return NodeMaker(made);
  }

  std::vector<std::uint8_t> bytes() const {
    onnx::ModelProto complete = proto;
    auto* graph = complete.mutable_graph();
    if (graph->output_size() == 0) graph->add_output()->set_name(graph->node(graph->node_size() - 1).output(0));
    const std::string text = complete.SerializeAsString();
    return {text.begin(), text.end()};
  }

  Graph import() const { return import_onnx(bytes(), "test.onnx"); }

  onnx::ModelProto proto;
};

inline Shape input_shape(const Graph& graph) { return graph.tensors[static_cast<std::size_t>(graph.input)].shape; }

// A network of one node without attributes but these.
inline Model single(
    const std::string& type, const std::function<void(NodeMaker)>& attributes = [](NodeMaker) {},
    const Dims& input = {1, 3, 8, 8}, std::int64_t opset = 13) {
  Model model(input, opset);
  attributes(model.node(type, {"x"}, "y"));
  return model;
}

inline void expect_refused(const Model& model, const std::string& message) {
  EXPECT_THAT([&] { model.import(); }, ::testing::ThrowsMessage<Error>(::testing::AllOf(
                                           ::testing::StartsWith("test.onnx: "), ::testing::HasSubstr(message))));
}

// The operator of a network of one node.
template <typename Op>
Op only(const Graph& graph) {
  if (graph.nodes.size() != 1)
    throw std::logic_error("the network has " + std::to_string(graph.nodes.size()) + " nodes");
  return std::get<Op>(graph.nodes.front().op);
}

template <typename Op>
Op at(const Graph& graph, std::size_t index) {
  return std::get<Op>(graph.nodes.at(index).op);
}

}  // namespace lutra::network::test
