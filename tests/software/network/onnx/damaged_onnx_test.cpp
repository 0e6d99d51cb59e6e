#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "tests/software/network/data_files.h"
#include "tests/software/network/onnx/onnx_model.h"

// Damage of every other kind: tests/fuzz.

namespace lutra::network::test {
namespace {

// A bit of everything the importer knows.
Model varied_model() {
  Model model({1, 4, 8, 8});
  model.constant("w", {4, 2, 3, 3}, ramp(72)).constant("b", {4}, ramp(4)).constant("slope", {4, 1, 1}, ramp(4));
  for (const char* name : {"scale", "shift", "mean", "variance"}) model.constant(name, {4}, ramp(4));
  model.integers("starts", {0, 0}).integers("ends", {8, 8}).integers("axes", {2, 3}).integers("steps", {2, 2});
  model.integers("pads", {0, 2, 0, 0, 0, 2, 0, 0}).constant("m", {8, 3}, ramp(24)).constant("c", {3}, ramp(3));
  model.node("Conv", {"x", "w", "b"}, "conv").integer("group", 2).ints("pads", {1, 1, 1, 1});
  model.node("BatchNormalization", {"conv", "scale", "shift", "mean", "variance"}, "bn").real("epsilon", 0.5F);
  model.node("PRelu", {"bn", "slope"}, "prelu");
  model.node("MaxPool", {"prelu"}, "max").ints("kernel_shape", {2, 2}).ints("strides", {2, 2});
  model.node("Slice", {"prelu", "starts", "ends", "axes", "steps"}, "sliced");
  model.node("Pad", {"sliced", "pads"}, "padded");
  model.node("Concat", {"max", "sliced"}, "joined").integer("axis", 1);
  model.node("Add", {"joined", "padded"}, "sum");
  model.node("AveragePool", {"sum"}, "average").ints("kernel_shape", {4, 4}).text("auto_pad", "VALID");
  model.node("Shape", {"average"}, "shape");
  model.node("Constant", {}, "zero").value(tensor("", Dims{1}, Dims{0}));
  model.node("Gather", {"shape", "zero"}, "batch");
  model.node("Constant", {}, "rest").value(tensor("", {1}, Dims{-1}));
  model.node("Concat", {"batch", "rest"}, "target").integer("axis", 0);
  model.node("Reshape", {"average", "target"}, "flat");
  model.node("MatMul", {"flat", "m"}, "product");
  model.node("Add", {"product", "c"}, "logits");
  model.node("Softmax", {"logits"}, "y");
  return model;
}

TEST(DamagedOnnx, ATruncatedOnnxFileIsRefused) {
  const Bytes good = varied_model().bytes();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_THROW(import_onnx(std::span(good).first(size), "cut"), Error) << size << " bytes";
}

// Four megabytes of empty nodes would be hundreds of megabytes of objects.
TEST(DamagedOnnx, AnOnnxFileOfEmptyMessagesIsRefused) {
  constexpr std::size_t nodes = 2'000'000;
  std::string graph;
  for (std::size_t i = 0; i < nodes; ++i) graph.append("\x0A\x00", 2);  // GraphProto.node of length 0
  Bytes bytes{0x3A};                                                    // ModelProto.graph
  for (std::size_t length = graph.size(); length > 0; length >>= 7)
    bytes.push_back(static_cast<std::uint8_t>((length & 0x7F) | (length >= 0x80 ? 0x80 : 0)));
  bytes.insert(bytes.end(), graph.begin(), graph.end());
  EXPECT_THAT([&] { import_onnx(bytes, "hollow"); },
              ::testing::ThrowsMessage<Error>("hollow: declares more than 4000005 bytes can hold; it is damaged"));
}

// Layers may share their weights, but two hundred copies are not what 150 kB of file hold.
TEST(DamagedOnnx, AConstantThatIsUsedWithoutEndIsRefused) {
  const auto import_chain = [](int layers) {
    Model model({1, 64, 8, 8});
    model.constant("w", {64, 64, 3, 3}, ramp(64 * 64 * 9));
    std::string value = "x";
    for (int i = 1; i <= layers; ++i) {
      const std::string next = i == layers ? "y" : "t" + std::to_string(i);
      model.node("Conv", {value, "w"}, next).ints("pads", {1, 1, 1, 1});
      value = next;
    }
    return import_onnx(model.bytes(), "shared");
  };
  EXPECT_EQ(import_chain(4).nodes.size(), 4U);
  EXPECT_THAT([&] { import_chain(200); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("far more than a file of its size holds")));
}

}  // namespace
}  // namespace lutra::network::test
