#include "software/network/given/take.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cmath>
#include <random>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/onnx/onnx_import.h"
#include "software/reference/double/double_executor.h"
#include "software/reference/executor.h"

// Small files of each form, which the fuzz test reads too, against their own semantics.

namespace lutra::test {
namespace {

using network::Graph;
using network::given::Inexact;
using network::given::Taken;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const network::Normalisation centred{1.0, {0.5}, {0.25}};

std::string corpus(const std::string& name) {
  return std::string(LUTRA_SOURCE_DIR) + "/tests/fuzz/corpus/onnx_given/" + name + ".onnx";
}

onnx::ModelProto model_of(const std::string& name) {
  const auto bytes = read_file(corpus(name), 1 << 20);
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) throw Error("no model in " + name);
  return model;
}

Graph imported(const onnx::ModelProto& model) {
  const std::string bytes = model.SerializeAsString();
  return network::import_any_onnx({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "f.onnx", "f");
}

// Every code of every tensor, over images drawn by chance.
void expect_own_codes(const onnx::ModelProto& model, Inexact inexact) {
  const Graph graph = imported(model);
  const Taken taken = network::given::take(graph, centred, inexact);
  const reference::DoubleExecutor file(graph, centred);
  const reference::IntegerExecutor integers(taken.network);
  constexpr unsigned seed = 11;
  std::mt19937 random(seed);
  std::vector<std::uint8_t> pixels(
      static_cast<std::size_t>(graph.tensors[static_cast<std::size_t>(graph.input)].shape.elements()));
  for (int image = 0; image < 100; ++image) {
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random());
    const auto reals = file.run_all(pixels);
    const auto codes = integers.run_all(pixels);
    for (const network::given::Held& held : taken.held) {
      const std::vector<double>& values = reals[static_cast<std::size_t>(held.tensor)];
      const std::vector<std::int32_t>& here = codes[static_cast<std::size_t>(held.edge)];
      const network::Shape& shape = taken.network.edges[static_cast<std::size_t>(held.edge)].shape;
      const std::size_t plane = static_cast<std::size_t>(shape.height) * shape.width;
      for (std::size_t i = 0; i < values.size(); ++i)
        ASSERT_EQ(std::llround(values[i] / held.scale + held.zero), here[i % plane * shape.channels + i / plane])
            << graph.tensors[static_cast<std::size_t>(held.tensor)].name << ", element " << i << ", seed " << seed;
    }
  }
}

TEST(Take, QdqHasTheCodesOfItsFile) { expect_own_codes(model_of("qdq"), Inexact::refuse); }

TEST(Take, QOperatorsHaveTheCodesOfTheirFile) { expect_own_codes(model_of("qoperators"), Inexact::refuse); }

TEST(Take, QonnxHasTheCodesOfItsFile) { expect_own_codes(model_of("qonnx"), Inexact::refuse); }

TEST(Take, KeepsZeroPointsAsPadCodes) {
  const Taken taken = network::given::take(imported(model_of("qdq")), centred, Inexact::refuse);
  const network::Edge& input = taken.network.edges[static_cast<std::size_t>(taken.network.input.edge)];
  EXPECT_EQ(input.encoding.pad_code, 118);
  EXPECT_FALSE(input.encoding.is_signed);
  EXPECT_EQ(input.encoding.bits, 8);
}

// One operand of the addition in another scale, and its result in a third: the codes are no longer proven.
TEST(Take, AnAdditionOfTwoScalesNeedsTheNearest) {
  onnx::ModelProto model = model_of("qoperators");
  for (auto& initialiser : *model.mutable_graph()->mutable_initializer())
    if (initialiser.name() == "s1") {
      const float scale = 0.0237F;
      initialiser.set_raw_data(std::string(reinterpret_cast<const char*>(&scale), sizeof scale));
    }
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    if (node.op_type() == "QLinearAdd") node.set_input(6, "s4");
    if (node.op_type() == "QLinearGlobalAveragePool") {
      node.set_input(1, "s4");
      node.set_input(3, "s3");
    }
    if (node.op_type() == "QGemm") node.set_input(1, "s3");
  }
  EXPECT_THAT([&] { network::given::take(imported(model), centred, Inexact::refuse); },
              ThrowsMessage<Error>(HasSubstr("'exactness: nearest'")));
  const Taken taken = network::given::take(imported(model), centred, Inexact::nearest);
  ASSERT_EQ(taken.differences.size(), 1U);
  EXPECT_LT(taken.differences[0].different * 50, taken.differences[0].possible);
}

TEST(Take, RefusesByNodeWithTheWayOut) {
  const auto refused = [](onnx::ModelProto model, const std::string& message) {
    EXPECT_THAT([&] { network::given::take(imported(model), centred, Inexact::nearest); },
                ThrowsMessage<Error>(HasSubstr(message)));
  };
  onnx::ModelProto dynamic = model_of("qdq");
  dynamic.mutable_graph()->mutable_node(0)->set_op_type("DynamicQuantizeLinear");
  refused(dynamic, "DynamicQuantizeLinear node \"the_q0\": is not supported; its scale depends on the data");
  onnx::ModelProto unquantised = model_of("qdq");
  for (auto& node : *unquantised.mutable_graph()->mutable_node())
    if (node.op_type() == "MaxPool") node.set_input(0, "c");
  unquantised.mutable_graph()->mutable_node(9)->set_input(0, "r");
  refused(unquantised, "which the file does not quantise");
  onnx::ModelProto other_scale = model_of("qdq");
  other_scale.mutable_graph()->mutable_node(1)->set_input(1, "s1");
  refused(other_scale, "reads codes of scale");
}

TEST(Take, AFloatImportSaysWhereSuchAFileGoes) {
  const std::string bytes = model_of("qonnx").SerializeAsString();
  EXPECT_THAT(
      [&] {
        network::import_onnx(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), "f.onnx");
      },
      ThrowsMessage<Error>(HasSubstr("name it under 'quantized'")));
}

}  // namespace
}  // namespace lutra::test
