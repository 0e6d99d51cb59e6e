#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/reference/executor.h"
#include "tests/support/data.h"

namespace lutra {
namespace {

namespace fs = std::filesystem;

const fs::path zoo = fs::path(LUTRA_SOURCE_DIR) / "software/network/zoo";

std::vector<std::string> trained_networks(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(zoo / folder))
    if (entry.path().extension() == ".gz") names.push_back(entry.path().stem().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

// The accuracy in the report that lies beside the network, in percent.
double reported(const fs::path& network) {
  std::ifstream file(fs::path(network).replace_extension().replace_extension(".json"));
  return nlohmann::json::parse(file).at("reference_accuracy").get<double>();
}

double measured(const fs::path& file, const network::Dataset& images) {
  const reference::IntegerExecutor executor(network::load_quantised(file));
  const std::vector<int> answers = executor.classify(images, images.size());
  std::size_t correct = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) correct += answers[i] == images.labels[i];
  return 100.0 * static_cast<double>(correct) / static_cast<double>(images.size());
}

class EmbeddedZoo : public testing::TestWithParam<std::string> {};

TEST_P(EmbeddedZoo, IsAsAccurateAsItsReportSays) {
  const fs::path file = zoo / "embedded" / (GetParam() + ".onnx.gz");
  EXPECT_NEAR(measured(file, network::make_embedded(network::Split::test)), reported(file), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Networks, EmbeddedZoo, testing::ValuesIn(trained_networks("embedded")),
                         [](const auto& test) { return test.param; });

class CifarZoo : public testing::TestWithParam<std::string> {};

TEST_P(CifarZoo, IsAsAccurateAsItsReportSays) {
  LUTRA_DATA_OR_SKIP(data);
  const fs::path file = zoo / "cifar10_resnet20" / (GetParam() + ".onnx.gz");
  EXPECT_NEAR(measured(file, network::load_cifar10(data / "cifar10", network::Split::test)), reported(file), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Networks, CifarZoo, testing::ValuesIn(trained_networks("cifar10_resnet20")),
                         [](const auto& test) { return test.param; });

TEST(Zoo, EveryNetworkIsSmall) {
  for (const auto& entry : fs::recursive_directory_iterator(zoo)) {
    if (entry.path().extension() == ".gz") {
      EXPECT_LT(entry.file_size(), 1'000'000u) << entry.path();
    }
  }
}

}  // namespace
}  // namespace lutra
