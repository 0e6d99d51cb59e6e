#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <bit>

#include "software/network/onnx/onnx_import.h"
#include "software/reference/executor.h"

namespace lutra::reference {
namespace {

const network::Normalisation embedded{1.0, {0.5}, {0.25}};

network::Graph embedded_resnet() {
  return network::import_onnx(std::filesystem::path(LUTRA_SOURCE_DIR) / "software/network/zoo/embedded_resnet.onnx");
}

TEST(FloatEmbedded, TheZooNetworkIsSmall) {
  const network::Graph graph = embedded_resnet();
  EXPECT_EQ(network::multiply_accumulates(graph), 1'677'632);
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.input)].shape, (network::Shape{3, 16, 16}));
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.output)].shape, (network::Shape{10, 1, 1}));
}

TEST(FloatEmbedded, TheZooNetworkIsAsAccurateAsItsReadmeSays) {
  const network::Dataset test = network::make_embedded(network::Split::test);
  const std::vector<int> classes = FloatExecutor(embedded_resnet(), embedded).classify(test, test.size());
  std::size_t correct = 0;
  for (std::size_t image = 0; image < test.size(); ++image) correct += classes[image] == test.labels[image] ? 1 : 0;
  EXPECT_EQ(correct, 1951U);
}

TEST(FloatEmbedded, LogitsHaveTheSameBitsOnEveryMachine) {
  const network::Dataset test = network::make_embedded(network::Split::test);
  const FloatExecutor executor(embedded_resnet(), embedded);
  std::vector<std::uint8_t> bytes;
  for (std::size_t image = 0; image < 50; ++image)
    for (const float logit : executor.run(test.image(image)))
      for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(logit) >> shift));
  EXPECT_EQ(crc32(0, bytes.data(), static_cast<unsigned>(bytes.size())), 0x73D76034U);
}

}  // namespace
}  // namespace lutra::reference
