#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "software/common/error.h"
#include "software/network/data/dataset.h"
#include "software/network/data/gzip.h"
#include "software/network/float/fold.h"
#include "tests/software/network/data_files.h"
#include "tests/software/network/onnx/onnx_model.h"

// Every parser takes thousands of damaged copies of a good input: it succeeds or throws Error, and nothing else.

namespace lutra::network::test {
namespace {

constexpr unsigned seed = 711;

Bytes mutated(const Bytes& good, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  Bytes bytes = good;
  if (below(8) == 0) bytes.resize(below(bytes.size()));
  for (std::size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t position = below(bytes.size());
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(position);
    constexpr std::uint8_t extreme[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    switch (below(5)) {
      case 0:
        bytes[position] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:
        bytes[position] = extreme[below(5)];
        break;
      case 2:
        bytes[position] = static_cast<std::uint8_t>(random());
        break;
      case 3:
        bytes.erase(at);
        break;
      default:
        bytes.insert(at, static_cast<std::uint8_t>(random()));
        break;
    }
  }
  return bytes;
}

// Returns how many copies were accepted, so that a test can tell that it tried both ways.
int survive(const Bytes& good, int rounds, const std::function<void(const Bytes&)>& parse) {
  std::mt19937 random(seed);
  int accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    const Bytes bytes = mutated(good, random);
    try {
      parse(bytes);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "") << "seed " << seed << " round " << round;
    } catch (const std::exception& other) {
      ADD_FAILURE() << "seed " << seed << " round " << round << ": " << other.what();
      return accepted;
    }
  }
  return accepted;
}

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

TEST(Mutation, NeverCrashesTheOnnxReader) {
  const Bytes good = varied_model().bytes();
  import_onnx(good, "good");
  const auto parse = [](const Bytes& bytes) { validate(fold_batch_normalization(import_onnx(bytes, "mutated"))); };
  const int accepted = survive(good, 20000, parse);
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 19000);
}

TEST(Mutation, ATruncatedOnnxFileIsRefused) {
  const Bytes good = varied_model().bytes();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_THROW(import_onnx(std::span(good).first(size), "cut"), Error) << size << " bytes";
}

// Four megabytes of empty nodes would be hundreds of megabytes of objects.
TEST(Mutation, AnOnnxFileOfEmptyMessagesIsRefused) {
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

TEST(Mutation, NeverCrashesTheCifarReader) {
  const ScratchFolder scratch;
  const auto& folder = scratch.path();
  const auto parse = [&](const Bytes& bytes) {
    write_bytes(folder / "test_batch.bin", bytes);
    const Dataset data = load_cifar10(folder, Split::test);
    EXPECT_EQ(data.pixels.size(), data.size() * 3072);
  };
  EXPECT_GT(survive(cifar_records(2), 2000, parse), 100);
}

TEST(Mutation, NeverCrashesTheIdxReader) {
  const ScratchFolder scratch;
  const auto& folder = scratch.path();
  write_bytes(folder / "t10k-labels-idx1-ubyte", idx_labels(4));
  const auto parse = [&](const Bytes& bytes) {
    write_bytes(folder / "t10k-images-idx3-ubyte", bytes);
    const Dataset data = load_idx(folder, Split::test);
    EXPECT_EQ(data.pixels.size(), data.size() * static_cast<std::size_t>(data.shape.elements()));
  };
  EXPECT_GT(survive(idx_images(4, 3, 2), 3000, parse), 100);
}

TEST(Mutation, NeverCrashesTheIdxLabelReader) {
  const ScratchFolder scratch;
  const auto& folder = scratch.path();
  write_bytes(folder / "t10k-images-idx3-ubyte", idx_images(30, 1, 1));
  const auto parse = [&](const Bytes& bytes) {
    write_bytes(folder / "t10k-labels-idx1-ubyte", bytes);
    for (const std::uint8_t label : load_idx(folder, Split::test).labels) EXPECT_LT(label, 10);
  };
  EXPECT_GT(survive(idx_labels(30), 3000, parse), 50);
}

TEST(Mutation, NeverCrashesTheGzipReader) {
  const Bytes content = idx_images(50, 4, 5);
  const auto parse = [](const Bytes& bytes) {
    EXPECT_LE(decompress(bytes, "mutated", 1 << 20).size(), std::size_t{1} << 20);
  };
  EXPECT_EQ(decompress(gzip(content), "good", 1 << 20), content);
  survive(gzip(content), 10000, parse);
}

}  // namespace
}  // namespace lutra::network::test
