#include <gtest/gtest.h>

#include "software/network/onnx/onnx_import.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/quantization/scheme.h"
#include "software/reference/executor.h"
#include "tests/support/data.h"

namespace lutra::quantization {
namespace {

constexpr std::size_t images = 1000;

// The test batch from its first image on is what accuracy is measured on; calibration takes images from its end, which
// are not among them (the training batches are not there as files).
network::Dataset calibration_images(const network::Dataset& test_batch, int count) {
  network::Dataset data;
  data.name = "end of " + test_batch.name;
  data.shape = test_batch.shape;
  for (std::size_t image = test_batch.size() - static_cast<std::size_t>(count); image < test_batch.size(); ++image) {
    const auto pixels = test_batch.image(image);
    data.pixels.insert(data.pixels.end(), pixels.begin(), pixels.end());
    data.labels.push_back(test_batch.labels[image]);
  }
  return data;
}

double percent_right(const std::vector<int>& classes, const network::Dataset& data) {
  int right = 0;
  for (std::size_t image = 0; image < classes.size(); ++image) right += classes[image] == data.labels[image];
  return 100.0 * right / static_cast<double>(classes.size());
}

struct Network {
  const char* model;
  network::Normalisation normalisation;
};

const Network resnet20{"models/cifar10/resnet20_bn.onnx", {1.0, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}}};
const Network resnet8{"models/mlperf-tiny/resnet8_bn.onnx", {255.0, {}, {}}};

class OnCifar10 : public ::testing::Test {
 protected:
  void load(const std::filesystem::path& folder, const Network& network) {
    data_ = network::load_dataset("cifar10", folder, network::Split::test);
    graph_ = network::import_onnx(folder / network.model);
    normalisation_ = network.normalisation;
  }

  network::QuantisedNetwork quantise(const Options& options) const {
    return find_scheme(options.scheme)
        .quantise(graph_, normalisation_, calibration_images(data_, options.calibration_images), options);
  }

  double accuracy(const network::QuantisedNetwork& network) const {
    return percent_right(reference::IntegerExecutor(network).classify(data_, images), data_);
  }

  double float_accuracy() const {
    return percent_right(reference::FloatExecutor(graph_, normalisation_).classify(data_, images), data_);
  }

  network::Dataset data_;
  network::Graph graph_;
  network::Normalisation normalisation_;
};

TEST_F(OnCifar10, ResNet20AtEightBitsKeepsItsAccuracy) {
  LUTRA_DATA_OR_SKIP(folder);
  load(folder, resnet20);
  const network::QuantisedNetwork quantised = quantise({});
  EXPECT_GE(accuracy(quantised), float_accuracy() - 0.3);
  EXPECT_TRUE(network::quantised_from_onnx(network::quantised_to_onnx(quantised), "saved") == quantised);
}

TEST_F(OnCifar10, ResNet8AtEightBitsKeepsItsAccuracy) {
  LUTRA_DATA_OR_SKIP(folder);
  load(folder, resnet8);
  EXPECT_GE(accuracy(quantise({})), float_accuracy() - 0.3);
}

TEST_F(OnCifar10, ResNet20AtFourBitsLosesAFewPoints) {
  LUTRA_DATA_OR_SKIP(folder);
  load(folder, resnet20);
  Options options;
  options.weight_bits = options.activation_bits = 4;
  EXPECT_GE(accuracy(quantise(options)), float_accuracy() - 4.0);
}

}  // namespace
}  // namespace lutra::quantization
