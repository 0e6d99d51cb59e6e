#include "software/network/quantised_onnx/quantised_onnx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cstring>
#include <map>
#include <random>

#include "software/common/error.h"
#include "tests/support/draw_quantised_network.h"
#include "tests/support/scratch.h"

namespace lutra::network {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(QuantisedOnnx, LoadsBackIdentical) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const QuantisedNetwork network = lutra::test::QuantisedNetworkDraw(seed).network(8);
    const std::string bytes = quantised_to_onnx(network);
    ASSERT_TRUE(quantised_from_onnx(bytes, "bytes") == network);
    ASSERT_EQ(quantised_to_onnx(network), bytes);
  }
}

TEST(QuantisedOnnx, GoesThroughAFile) {
  const lutra::test::Scratch scratch;
  const auto path = scratch / "quantized.onnx";
  const QuantisedNetwork network = lutra::test::QuantisedNetworkDraw(5).network(6);
  save_quantised(network, path);
  EXPECT_TRUE(load_quantised(path) == network);
}

TEST(QuantisedOnnx, StatesWeightsAndCodesAsQuantNodes) {
  QuantisedNetwork network;
  network.edges = {{"in", {1, 1, 1}, {}, 0.5}, {"out", {2, 1, 1}, {4, true, {}, 0}, 0.25}};
  network.input = {0, {{1, 0, 0}}};
  MatrixOp matrix;
  matrix.input = 0;
  matrix.output_channels = 2;
  matrix.weights = {{-4, 3}, UniformWeights{3}, {0.5, 2.0}};
  matrix.post.scale = {{1, 0, 0}};
  matrix.post.codes = CodeOutput{1, std::nullopt, -8, 7};
  network.operations = {{"layer", matrix}};
  network.output = 1;
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(quantised_to_onnx(network)));
  std::map<std::string, std::int64_t> is_signed;
  for (const auto& node : model.graph().node())
    for (const auto& attribute : node.attribute())
      if (node.domain() == "qonnx.custom_op.general" && attribute.name() == "signed")
        is_signed[node.output(0)] = attribute.i();
  EXPECT_EQ(is_signed, (std::map<std::string, std::int64_t>{{"in.0", 0}, {"op0/weights", 1}, {"out.1", 1}}));
  std::map<std::string, std::vector<float>> constants;
  for (const auto& tensor : model.graph().initializer()) {
    std::vector<float>& values = constants[tensor.name()];
    values.resize(tensor.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
  }
  EXPECT_EQ(constants["op0/weights/real"], (std::vector<float>{-2.0F, 6.0F}));
  EXPECT_EQ(constants["op0/weights/scale"], (std::vector<float>{0.5F, 2.0F}));
  EXPECT_EQ(constants["op0/weights/bitwidth"], std::vector<float>{3.0F});
  EXPECT_EQ(constants["out.1/bitwidth"], std::vector<float>{4.0F});
  EXPECT_EQ(constants["out.1/scale"], std::vector<float>{0.25F});
}

// Two outputs of two weights each, read from one ternary edge.
QuantisedNetwork with_weights(const WeightEncoding& encoding, std::vector<std::int16_t> values) {
  QuantisedNetwork network;
  ActivationEncoding ternary;
  ternary.bits = 2;
  ternary.is_signed = ternary.is_ternary = true;
  network.edges = {{"in", {2, 1, 1}, ternary, 0.5}, {"out", {2, 1, 1}, {4, true, {}, 0}, 0.25}};
  network.input = {0, {{1, 0, 0}, {1, 0, 0}}};
  MatrixOp matrix;
  matrix.input = 0;
  matrix.output_channels = 2;
  matrix.weights = {std::move(values), encoding, {0.5, 2.0}};
  matrix.post.scale = {{1, 0, 0}};
  matrix.post.codes = CodeOutput{1, std::nullopt, -8, 7};
  network.operations = {{"layer", matrix}};
  network.output = 1;
  return network;
}

const PlaneWeights two_planes{{PlaneAlphabet::positive, PlaneAlphabet::negative}, {4, 1, 127, 128 - 1}};

TEST(QuantisedOnnx, KeepsEveryEncodingOfWeightsAndTernaryEdges) {
  const std::vector<QuantisedNetwork> networks = {
      with_weights(UniformWeights{5}, {-16, 15, 0, 3}),
      with_weights(TernaryWeights{}, {-1, 0, 1, 1}),
      with_weights(PowerOfTwoWeights{{{0, 1, 6}}}, {-64, 0, 1, 2}),
      with_weights(PowerOfTwoWeights{{{0, 2, 3}, {1}}}, {-10, 3, 6, 0}),
      with_weights(two_planes, {-1, 3, -127, 127}),
      with_weights(CodebookWeights{2, {-128, -3, 5, 127}}, {-128, -3, 5, 127}),
  };
  for (const QuantisedNetwork& network : networks)
    EXPECT_TRUE(quantised_from_onnx(quantised_to_onnx(network), "bytes") == network);
}

// Loads the network after its Matrix node has had an attribute of integers set.
void load_with(const QuantisedNetwork& network, const std::string& attribute, const std::vector<std::int64_t>& values) {
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(quantised_to_onnx(network)));
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node()) {
    if (node.op_type() != "Matrix") continue;
    onnx::AttributeProto* found = nullptr;
    for (onnx::AttributeProto& existing : *node.mutable_attribute())
      if (existing.name() == attribute) found = &existing;
    if (found == nullptr) found = node.add_attribute();
    found->set_name(attribute);
    found->set_type(onnx::AttributeProto::INTS);
    found->clear_ints();
    for (const std::int64_t value : values) found->add_ints(value);
  }
  quantised_from_onnx(model.SerializeAsString(), "changed.onnx");
}

TEST(QuantisedOnnx, RefusesWeightsThatNoEncodingHas) {
  const QuantisedNetwork planes = with_weights(two_planes, {-1, 3, -127, 127});
  const QuantisedNetwork codebook = with_weights(CodebookWeights{2, {-8, -3, 5, 7}}, {-8, -3, 5, 7});
  struct Case {
    QuantisedNetwork network;
    std::string attribute;
    std::vector<std::int64_t> values;
    std::string message;
  };
  const std::vector<Case> cases = {
      {planes, "weight_ternary", {1}, "several weight encodings"},
      {planes, "weight_planes", {}, "weights of 0 planes"},
      {planes, "weight_planes", {0, 3}, "no known alphabet"},
      {planes, "weight_planes", {0, 1, 1}, "4 coefficients for 3 planes"},
      {planes, "weight_coefficients", {1, 2, 3, 40000}, "out of range"},
      {planes, "weight_coefficients", {1, 2, 3, 200}, "coefficient 200"},
      {planes, "weight_coefficients", {4, 1, 3, 1}, "its Quant node says 8"},
      {codebook, "weight_table", {}, "0 bits"},
      {codebook, "weight_table", {1, 2, 3}, "3 table entries"},
      {codebook, "weight_table", {-8, 7, 5, -3}, "not above the one before"},
      {codebook, "weight_table", {-8, -4, 5, 7}, "-3"},
      {with_weights(TernaryWeights{}, {-1, 0, 1, 1}), "weight_ternary", {2}, "is not 1"},
      {with_weights(PowerOfTwoWeights{{{0, 1}}}, {-2, 0, 1, 2}), "weight_term0", {1, 0}, "exponent 0"},
      {with_weights(PowerOfTwoWeights{{{0, 1}}}, {-2, 0, 1, 2}), "weight_term1", {60}, "exponent 60"},
  };
  for (const Case& c : cases)
    EXPECT_THAT([&] { load_with(c.network, c.attribute, c.values); },
                ThrowsMessage<Error>(::testing::AllOf(HasSubstr("changed.onnx: "), HasSubstr(c.message))))
        << c.attribute << ": " << c.message;
}

TEST(QuantisedOnnx, RefusesToSaveAnInvalidNetwork) {
  QuantisedNetwork network = lutra::test::QuantisedNetworkDraw(1).network(3);
  network.output = 99;
  EXPECT_THAT([&] { quantised_to_onnx(network); }, ThrowsMessage<Error>(HasSubstr("edge 99 does not exist")));
}

TEST(QuantisedOnnx, NamesTheFileThatIsNotOne) {
  EXPECT_THAT([] { load_quantised("/no/such.onnx"); }, ThrowsMessage<Error>(HasSubstr("/no/such.onnx")));
  EXPECT_THAT([] { quantised_from_onnx("not a model", "text.onnx"); },
              ThrowsMessage<Error>(HasSubstr("text.onnx: is not an ONNX model")));
  EXPECT_THAT([] { quantised_from_onnx("", "empty.onnx"); },
              ThrowsMessage<Error>(HasSubstr("empty.onnx: is not a quantised network of Lutra")));
}

// Either the damage does not touch what is read, or there is a clear error that names the file.
void expect_error_or_valid(const std::string& bytes) {
  try {
    validate(quantised_from_onnx(bytes, "damaged.onnx"));
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("damaged.onnx: "));
  }
}

TEST(QuantisedOnnx, ATruncatedFileIsRefused) {
  const std::string bytes = quantised_to_onnx(lutra::test::QuantisedNetworkDraw(11).network(6));
  int refused = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    try {
      quantised_from_onnx(bytes.substr(0, size), "damaged.onnx");
    } catch (const Error& error) {
      ++refused;
      ASSERT_THAT(error.what(), HasSubstr("damaged.onnx: "));
    }
  }
  // The opset table comes last in the file: cut within it, a model may still name the domain.
  EXPECT_GE(refused, static_cast<int>(bytes.size()) - 40);
}

TEST(QuantisedOnnx, DamagedBytesNeverDoMoreThanFail) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 engine(seed);
    const std::string bytes = quantised_to_onnx(lutra::test::QuantisedNetworkDraw(seed).network(5));
    for (int round = 0; round < 60; ++round) {
      std::string damaged = bytes;
      for (int i = 0; i <= round % 4; ++i) damaged[engine() % damaged.size()] = static_cast<char>(engine());
      expect_error_or_valid(damaged);
    }
  }
}

// Damage that keeps the file a well-formed model: attributes, names and initialisers change, vanish or change type.
TEST(QuantisedOnnx, DamagedFieldsNeverDoMoreThanFail) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 engine(seed);
    onnx::ModelProto whole;
    ASSERT_TRUE(whole.ParseFromString(quantised_to_onnx(lutra::test::QuantisedNetworkDraw(seed).network(5))));
    for (int round = 0; round < 60; ++round) {
      onnx::ModelProto model = whole;
      onnx::GraphProto& graph = *model.mutable_graph();
      onnx::NodeProto& node = *graph.mutable_node(static_cast<int>(engine() % graph.node_size()));
      onnx::TensorProto& tensor = *graph.mutable_initializer(static_cast<int>(engine() % graph.initializer_size()));
      const std::int64_t extremes[] = {-1, 0, 1, 255, 1 << 20, -(std::int64_t{1} << 62), std::int64_t{1} << 62};
      const std::int64_t value = extremes[engine() % std::size(extremes)];
      onnx::AttributeProto* attribute = node.attribute_size() > 0
                                            ? node.mutable_attribute(static_cast<int>(engine() % node.attribute_size()))
                                            : nullptr;
      switch (engine() % 9) {
        case 0:
          if (attribute) attribute->set_i(value);
          break;
        case 1:
          if (attribute && attribute->ints_size() > 0)
            attribute->set_ints(static_cast<int>(engine() % attribute->ints_size()), value);
          break;
        case 2:
          if (attribute) attribute->add_ints(value);
          break;
        case 3:
          if (attribute) attribute->set_type(onnx::AttributeProto::FLOATS);
          break;
        case 4:
          if (node.attribute_size() > 0) node.mutable_attribute()->RemoveLast();
          break;
        case 5:
          node.set_op_type(graph.node(static_cast<int>(engine() % graph.node_size())).op_type());
          break;
        case 6:
          if (node.input_size() > 0) node.set_input(0, graph.node(0).output(0));
          break;
        case 7:
          tensor.set_raw_data(std::string(engine() % 64, '\xff'));
          break;
        default:
          graph.mutable_node()->SwapElements(0, static_cast<int>(engine() % graph.node_size()));
      }
      expect_error_or_valid(model.SerializeAsString());
    }
  }
}

}  // namespace
}  // namespace lutra::network
