#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "software/common/error.h"
#include "tests/software/network/data_files.h"
#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

Model relu() {
  Model model;
  model.node("Relu", {"x"}, "y");
  return model;
}

onnx::TensorShapeProto& input_shape_of(Model& model) {
  return *model.proto.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
}

// x (1x2) times the initialiser that `set` makes.
Model with_initialiser(const std::function<void(onnx::TensorProto&)>& set) {
  Model model({1, 2});
  onnx::TensorProto weights;
  weights.set_name("w");
  weights.set_data_type(onnx::TensorProto::FLOAT);
  weights.add_dims(2);
  weights.add_dims(2);
  set(weights);
  *model.proto.mutable_graph()->add_initializer() = weights;
  model.node("MatMul", {"x", "w"}, "y");
  return model;
}

template <typename Value>
std::string raw(const std::vector<Value>& values) {
  std::string bytes(values.size() * sizeof(Value), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

TEST(ImportFile, NamesTheNetworkAfterTheFile) {
  const ScratchFolder scratch;
  const auto& folder = scratch.path();
  write_bytes(folder / "tiny.onnx", relu().bytes());
  EXPECT_EQ(import_onnx(folder / "tiny.onnx").name, "tiny");
  EXPECT_THAT([&] { import_onnx(folder / "absent.onnx"); }, ThrowsMessage<Error>(HasSubstr("absent.onnx")));
}

TEST(ImportFile, RefusesAFileThatIsNotOnnx) {
  const auto refused = [](const std::string& text) {
    EXPECT_THAT([&] { import_onnx(std::vector<std::uint8_t>(text.begin(), text.end()), "file"); },
                ThrowsMessage<Error>(StartsWith("file: ")));
  };
  refused("");
  refused("#!/bin/sh");
  refused(std::string(1000, '\xFF'));
}

TEST(ImportGraph, TheBatchMayBeOpen) {
  for (const int kind : {0, 1, 2}) {
    Model model = relu();
    auto* batch = input_shape_of(model).mutable_dim(0);
    batch->clear_value();
    if (kind == 1) batch->set_dim_param("N");
    if (kind == 2) batch->set_dim_value(-1);
    EXPECT_EQ(input_shape(model.import()), (Shape{3, 8, 8}));
  }
  Model four = relu();
  input_shape_of(four).mutable_dim(0)->set_dim_value(4);
  expect_refused(four, "input \"x\": has a batch of 4");
}

TEST(ImportGraph, TheImageMustHaveAFixedSize) {
  Model open = relu();
  input_shape_of(open).mutable_dim(2)->set_dim_param("height");
  expect_refused(open, "its dimension 2 must be fixed");
  Model negative = relu();
  input_shape_of(negative).mutable_dim(3)->set_dim_value(-7);
  expect_refused(negative, "its dimension 3 must be fixed and in 1..");
  Model huge = relu();
  input_shape_of(huge).mutable_dim(1)->set_dim_value(std::numeric_limits<std::int64_t>::max());
  expect_refused(huge, "its dimension 1");
  Model product = relu();
  for (const int axis : {1, 2, 3}) input_shape_of(product).mutable_dim(axis)->set_dim_value(1 << 20);
  expect_refused(product, "more than the 67108864 elements");
  Model deep = relu();
  input_shape_of(deep).add_dim()->set_dim_value(2);
  expect_refused(deep, "has 5 dimensions");
  Model typed = relu();
  typed.proto.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::UINT8);
  expect_refused(typed, "computes on integers; put a DequantizeLinear in front of it");
}

TEST(ImportGraph, TakesOneInputAndOneOutput) {
  Model inputs = relu();
  *inputs.proto.mutable_graph()->add_input() = inputs.proto.graph().input(0);
  inputs.proto.mutable_graph()->mutable_input(1)->set_name("second");
  expect_refused(inputs, "several inputs (\"x\", \"second\")");
  Model outputs = relu();
  outputs.proto.mutable_graph()->add_output()->set_name("y");
  outputs.proto.mutable_graph()->add_output()->set_name("x");
  expect_refused(outputs, "has 2 outputs");
  Model none = relu();
  none.proto.mutable_graph()->clear_input();
  expect_refused(none, "has no input");
}

TEST(ImportGraph, InitialisersMayBeListedAsInputs) {
  Model model = with_initialiser([](auto& weights) { weights.set_raw_data(raw(ramp(4))); });
  model.proto.mutable_graph()->add_input()->set_name("w");
  EXPECT_EQ(model.import().nodes.size(), 1U);
}

TEST(ImportGraph, NodesAreSorted) {
  Model model;
  model.node("Relu", {"b"}, "c");
  model.node("LeakyRelu", {"x"}, "a");
  model.node("GlobalAveragePool", {"a"}, "b");
  model.proto.mutable_graph()->add_output()->set_name("c");
  const Graph graph = model.import();
  EXPECT_STREQ(operator_name(graph.nodes[0].op), "PRelu");
  EXPECT_STREQ(operator_name(graph.nodes[2].op), "Relu");
}

TEST(ImportGraph, NodesThatTheOutputDoesNotNeedAreIgnored) {
  Model model;
  model.node("Relu", {"x"}, "y");
  model.node("NonMaxSuppression", {"x"}, "unused");
  model.node("Shape", {"x"}, "also_unused");
  model.proto.mutable_graph()->add_output()->set_name("y");
  EXPECT_EQ(model.import().nodes.size(), 1U);
}

TEST(ImportGraph, RefusesCyclesAndDanglingNames) {
  Model cycle;
  cycle.node("Add", {"x", "b"}, "a");
  cycle.node("Relu", {"a"}, "b");
  expect_refused(cycle, "Add node \"the_a\": lies on a cycle");
  Model dangling;
  dangling.node("Add", {"x", "nothing"}, "y");
  expect_refused(dangling, "Add node \"the_y\": reads \"nothing\", which no node, initialiser or input defines");
  Model twice;
  twice.node("Relu", {"x"}, "y");
  twice.node("Relu", {"x"}, "y");
  expect_refused(twice, "defines \"y\", which is defined already");
  Model output = relu();
  output.proto.mutable_graph()->add_output()->set_name("z");
  expect_refused(output, "no node defines the output \"z\"");
  Model empty;
  empty.proto.mutable_graph()->add_output()->set_name("x");
  expect_refused(empty, "has no operator");
}

TEST(ImportGraph, RefusesUnknownOperatorsByName) {
  Model model;
  model.node("LSTM", {"x"}, "y");
  expect_refused(model, "LSTM node \"the_y\": is not supported; the nearest are Conv, Gemm and MatMul");
  const std::pair<const char*, const char*> others[] = {{"HardSwish", "the nearest are Relu, Clip (as ReLU6)"},
                                                        {"Split", "the nearest is Slice, one per part"},
                                                        {"Conv2D", "the nearest is Conv"},
                                                        {"Zzzzzzzzzzzz", "nothing like it is"}};
  for (const auto& [type, way] : others) {
    Model other;
    other.node(type, {"x"}, "y");
    expect_refused(other, std::string(type) + " node \"the_y\": is not supported; " + way);
  }
  Model domain;
  domain.node("Conv", {"x"}, "y")->set_domain("com.microsoft");
  expect_refused(domain, "Conv node \"the_y\": is not supported in the domain \"com.microsoft\"");
  Model unnamed;
  unnamed.node("Sigmoid", {"x"}, "y")->clear_name();
  expect_refused(unnamed, "Sigmoid node \"y\"");
}

TEST(ImportGraph, RefusesUnknownOpsets) {
  Model old({1, 3, 8, 8}, 6);
  old.node("Relu", {"x"}, "y");
  expect_refused(old, "uses opset 6; 7 to 22 are supported");
  Model none = relu();
  none.proto.clear_opset_import();
  expect_refused(none, "does not say which ONNX opset");
}

TEST(ImportGraph, RefusesConstantsAlone) {
  Model model;
  model.integers("a", {1, 2});
  model.node("Identity", {"a"}, "y");
  expect_refused(model, "the output \"y\" does not depend on the input");
}

TEST(ImportGraph, NodeNamesAreUniqueAndPrintable) {
  Model model;
  for (const char* output : {"a", "b", "c"}) {
    auto node =
        model.node("LeakyRelu", {output[0] == 'a' ? "x" : std::string(1, static_cast<char>(output[0] - 1))}, output);
    node->set_name("line\nbreak\xFF");
  }
  const Graph graph = model.import();
  EXPECT_EQ(graph.nodes[0].name, "line\\x0abreak\\xff");
  EXPECT_EQ(graph.nodes[1].name, "line\\x0abreak\\xff_2");
  EXPECT_EQ(graph.nodes[2].name, "line\\x0abreak\\xff_3");
}

TEST(ImportInitialiser, TakesEveryFloatType) {
  const auto weights = [](const Model& model) { return only<Linear>(model.import()).weights; };
  EXPECT_THAT(weights(with_initialiser([](auto& w) { w.set_raw_data(raw(ramp(4))); })), ElementsAre(0.5F, 1.5F, 1, 2));
  EXPECT_THAT(weights(with_initialiser([](auto& w) {
                w.set_data_type(onnx::TensorProto::DOUBLE);
                for (const double value : {0.5, 1.0, -2.0, 0.25}) w.add_double_data(value);
              })),
              ElementsAre(0.5F, -2, 1, 0.25F));
  // 1, the smallest normal, the smallest subnormal, -65504 in IEEE half precision
  EXPECT_THAT(weights(with_initialiser([](auto& w) {
                w.set_data_type(onnx::TensorProto::FLOAT16);
                w.set_raw_data(raw(std::vector<std::uint16_t>{0x3C00, 0x0400, 0x0001, 0xFBFF}));
              })),
              ElementsAre(1, 5.9604644775390625e-8F, 6.103515625e-5F, -65504));
}

TEST(ImportInitialiser, RefusesMissingData) {
  expect_refused(with_initialiser([](auto&) {}), "constant \"w\": has 0 values where 4 are declared");
  expect_refused(with_initialiser([](auto& w) { w.set_raw_data("abc"); }),
                 "has 3 bytes of raw data where 4 values need 16");
  expect_refused(with_initialiser([](auto& w) { w.set_data_location(onnx::TensorProto::EXTERNAL); }),
                 "in another file");
  expect_refused(with_initialiser([](auto& w) { w.mutable_segment()->set_begin(0); }), "segments");
  expect_refused(with_initialiser([](auto& w) { w.set_data_type(onnx::TensorProto::BFLOAT16); }),
                 "element type BFLOAT16");
  expect_refused(with_initialiser([](auto& w) { w.set_data_type(77); }), "element type number 77");
  expect_refused(with_initialiser([](auto& w) {
                   w.set_data_type(onnx::TensorProto::INT64);
                   w.set_raw_data(raw(Dims{1, 2, 3, 4}));
                 }),
                 "MatMul node \"the_y\": its matrix must be float values, not integers");
}

TEST(ImportInitialiser, RefusesHostileDimensions) {
  const auto shaped = [](std::int64_t rows, std::int64_t columns) {
    return with_initialiser([=](auto& w) {
      w.set_dims(0, rows);
      w.set_dims(1, columns);
      w.set_raw_data("");
    });
  };
  expect_refused(shaped(-1, 2), "has the negative extent -1");
  expect_refused(shaped(std::int64_t{1} << 62, 4), "more than the 268435456 elements");
  expect_refused(shaped(0, std::int64_t{1} << 62), "does not fit an input of 1x2");
}

TEST(ImportInitialiser, RefusesValuesThatAreNotFinite) {
  for (const float value : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
    expect_refused(with_initialiser([=](auto& w) {
                     w.set_raw_data(raw(std::vector<float>{1, 2, value, 4}));
                   }),
                   "Gemm node \"the_y\": a weight value is ");
}

TEST(ImportInitialiser, RefusesTwoOfOneName) {
  Model model = with_initialiser([](auto& w) { w.set_raw_data(raw(ramp(4))); });
  *model.proto.mutable_graph()->add_initializer() = model.proto.graph().initializer(0);
  expect_refused(model, "has two initialisers called \"w\"");
}

}  // namespace
}  // namespace lutra::network::test
