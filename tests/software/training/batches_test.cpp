#include "software/training/core/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace lutra::training {
namespace {

// Image i holds the pixels i * 12 + position; two channels of 2x3, or 3x3 where it has to be square.
network::Dataset numbered(int images, int height, int width) {
  network::Dataset data;
  data.shape = {2, height, width};
  for (int i = 0; i < images * 2 * height * width; ++i) data.pixels.push_back(static_cast<std::uint8_t>(i));
  for (int i = 0; i < images; ++i) data.labels.push_back(static_cast<std::uint8_t>(i % 10));
  return data;
}

PixelTable plain() {
  PixelTable table;
  for (int channel = 0; channel < 2; ++channel)
    for (int pixel = 0; pixel < 256; ++pixel) table.values.push_back(static_cast<float>(pixel + 1000 * channel));
  return table;
}

std::vector<float> values(const torch::Tensor& image) {
  const torch::Tensor flat = image.to(torch::kFloat32).contiguous().flatten();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

TEST(Batches, HoldEveryImageUnchangedWhenInOrder) {
  const network::Dataset data = numbered(5, 2, 3);
  Batches batches(data, plain(), 2, torch::kFloat32, torch::kCPU);
  ASSERT_EQ(batches.count(), 3u);
  EXPECT_EQ(batches.get(2).labels.size(0), 1);
  const Batch second = batches.get(1);
  EXPECT_EQ(second.labels[1].item<int>(), 3);
  EXPECT_EQ(second.images[0][0][1][2].item<float>(), 24 + 5);
  EXPECT_EQ(second.images[0][1][1][2].item<float>(), 24 + 6 + 5 + 1000);
  EXPECT_TRUE(second.images.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(Batches, ShufflingTakesEveryImageOnceAndDependsOnSeedAndEpochAlone) {
  const network::Dataset data = numbered(10, 2, 3);
  const auto order = [&](std::uint64_t seed, int epoch) {
    Batches batches(data, plain(), 5, torch::kFloat32, torch::kCPU);
    batches.shuffle(seed, epoch, {});
    std::vector<int> labels;
    for (std::size_t i = 0; i < batches.count(); ++i)
      for (int k = 0; k < 5; ++k) labels.push_back(batches.get(i).labels[k].item<int>());
    return labels;
  };
  const std::vector<int> first = order(7, 0);
  EXPECT_EQ(std::set<int>(first.begin(), first.end()).size(), 10u);
  EXPECT_EQ(order(7, 0), first);
  EXPECT_NE(order(7, 1), first);
  EXPECT_NE(order(8, 0), first);
}

TEST(Batches, AShuffledEpochHasWholeBatchesOnly) {
  const network::Dataset data = numbered(10, 2, 3);
  Batches batches(data, plain(), 4, torch::kFloat32, torch::kCPU);
  batches.shuffle(1, 0, {});
  EXPECT_EQ(batches.count(), 2u);
}

TEST(Batches, PaddedWindowsHoldBlackOutsideTheImage) {
  network::Dataset data = numbered(1, 3, 3);
  std::fill(data.pixels.begin(), data.pixels.end(), std::uint8_t{9});
  std::set<std::vector<float>> seen;
  Batches batches(data, plain(), 1, torch::kFloat32, torch::kCPU);
  for (int epoch = 0; epoch < 200; ++epoch) {
    batches.shuffle(1, epoch, {.pad = 1});
    const std::vector<float> image = values(batches.get(0).images[0][0]);
    for (const float value : image) ASSERT_TRUE(value == 0 || value == 9);
    seen.insert(image);
  }
  EXPECT_EQ(seen.size(), 9u);  // three rows times three columns
}

TEST(Batches, FlipsAndTurnsReachTheEightSymmetriesOfASquare) {
  const network::Dataset data = numbered(1, 3, 3);
  std::map<std::vector<float>, int> seen;
  Batches batches(data, plain(), 1, torch::kFloat32, torch::kCPU);
  for (int epoch = 0; epoch < 400; ++epoch) {
    batches.shuffle(1, epoch, {.flip = true, .turn = true});
    ++seen[values(batches.get(0).images[0][0])];
  }
  EXPECT_EQ(seen.size(), 8u);
  for (const auto& [image, count] : seen) EXPECT_GT(count, 20);
  EXPECT_EQ(seen.count({0, 1, 2, 3, 4, 5, 6, 7, 8}), 1u);
  EXPECT_EQ(seen.count({2, 5, 8, 1, 4, 7, 0, 3, 6}), 1u);  // a quarter turn
}

TEST(Batches, ChannelsChangePlacesAndInvertOnTheirOwn) {
  network::Dataset data = numbered(1, 1, 1);
  data.pixels = {10, 20};
  std::set<std::vector<float>> seen;
  Batches batches(data, plain(), 1, torch::kFloat32, torch::kCPU);
  for (int epoch = 0; epoch < 200; ++epoch) {
    batches.shuffle(1, epoch, {.permute_channels = true, .invert = true});
    seen.insert(values(batches.get(0).images[0]));
  }
  EXPECT_EQ(seen.size(), 8u);
  EXPECT_EQ(seen.count({20, 1010}), 1u);
  EXPECT_EQ(seen.count({245, 1235}), 1u);
}

}  // namespace
}  // namespace lutra::training
