#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "software/common/files.h"
#include "software/network/onnx/onnx_import.h"
#include "software/reference/executor.h"
#include "tests/support/data.h"

namespace lutra::reference {
namespace {

constexpr std::size_t images = 500;
constexpr std::size_t classes = 10;

// The first rows of a float32 array in NumPy's format, version 1.
std::vector<std::vector<float>> golden_rows(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  const std::size_t header = 10 + bytes.at(8) + 256 * std::size_t{bytes.at(9)};
  std::vector<std::vector<float>> rows(images, std::vector<float>(classes));
  for (std::size_t row = 0; row < images; ++row)
    std::memcpy(rows[row].data(), &bytes.at(header + row * classes * sizeof(float)), classes * sizeof(float));
  return rows;
}

void expect_golden(const std::filesystem::path& data, const std::filesystem::path& model,
                   const std::filesystem::path& golden, const network::Normalisation& normalisation) {
  const FloatExecutor executor(network::import_onnx(data / model), normalisation);
  const network::Dataset cifar10 = network::load_dataset("cifar10", data, network::Split::test);
  const std::vector<int> predicted = executor.classify(cifar10, images);
  const std::vector<std::vector<float>> expected = golden_rows(data / golden);
  for (std::size_t image = 0; image < images; ++image) {
    const std::vector<float>& row = expected[image];
    EXPECT_EQ(predicted[image], std::max_element(row.begin(), row.end()) - row.begin()) << "image " << image;
    const std::vector<float> output = executor.run(cifar10.image(image));
    for (std::size_t i = 0; i < classes; ++i) ASSERT_NEAR(output[i], row[i], 1e-4) << "image " << image;
  }
}

const network::Normalisation torchvision{1.0, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};

TEST(FloatRealData, ResNet20GivesTorchsLogits) {
  LUTRA_DATA_OR_SKIP(data);
  expect_golden(data, "models/cifar10/resnet20_bn.onnx", "golden/resnet20_logits_f32.npy", torchvision);
}

TEST(FloatRealData, FoldedResNet20GivesTorchsLogits) {
  LUTRA_DATA_OR_SKIP(data);
  expect_golden(data, "models/cifar10/resnet20_folded.onnx", "golden/resnet20_logits_f32.npy", torchvision);
}

TEST(FloatRealData, ResNet8GivesTorchsProbabilities) {
  LUTRA_DATA_OR_SKIP(data);
  expect_golden(data, "models/mlperf-tiny/resnet8_bn.onnx", "golden/resnet8_probs_f32.npy", {255.0, {}, {}});
}

}  // namespace
}  // namespace lutra::reference
