#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <numbers>
#include <set>
#include <string>

#include "software/network/data/dataset.h"
#include "software/network/data/embedded_dataset_random.h"
#include "software/network/data/embedded_dataset_shapes.h"

namespace lutra::network {
namespace {

unsigned long checksum(const Dataset& data) {
  const unsigned long pixels = crc32(0, data.pixels.data(), static_cast<unsigned>(data.pixels.size()));
  const std::vector<unsigned char> labels(data.labels.begin(), data.labels.end());
  return crc32(pixels, labels.data(), static_cast<unsigned>(labels.size()));
}

TEST(EmbeddedDataset, HasTheSameBytesOnEveryMachine) {
  EXPECT_EQ(checksum(make_embedded(Split::train)), 0x6D10682EU);
  EXPECT_EQ(checksum(make_embedded(Split::test)), 0xEDDA2650U);
}

TEST(EmbeddedDataset, HoldsTheImagesItDeclares) {
  for (const auto& [split, images] : {std::pair{Split::train, 8000U}, std::pair{Split::test, 2000U}}) {
    const Dataset data = make_embedded(split);
    EXPECT_EQ(data.name, "embedded");
    EXPECT_EQ(data.shape, (Shape{3, 16, 16}));
    EXPECT_EQ(data.classes, 10);
    EXPECT_EQ(data.size(), images);
    EXPECT_EQ(data.pixels.size(), images * 3 * 16 * 16);
  }
}

TEST(EmbeddedDataset, AnyPrefixOfWholeTensHasEveryClassEquallyOften) {
  const Dataset data = make_embedded(Split::test);
  std::vector<int> counts(10);
  for (std::size_t image = 0; image < data.size(); ++image) {
    ASSERT_LT(data.labels[image], 10);
    ++counts[data.labels[image]];
    if (image % 10 == 9) {
      for (const int count : counts) ASSERT_EQ(count, static_cast<int>(image / 10 + 1));
    }
  }
}

TEST(EmbeddedDataset, NoTestImageIsATrainingImageOrAnotherTestImage) {
  const Dataset train = make_embedded(Split::train);
  const Dataset test = make_embedded(Split::test);
  std::set<std::string> seen;
  for (const Dataset* data : {&train, &test})
    for (std::size_t image = 0; image < data->size(); ++image)
      EXPECT_TRUE(seen.emplace(data->image(image).begin(), data->image(image).end()).second) << image;
}

TEST(EmbeddedDataset, UsesTheRangeOfABytePerChannel) {
  const Dataset data = make_embedded(Split::test);
  const std::size_t plane = 16 * 16;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    double sum = 0;
    double squares = 0;
    for (std::size_t image = 0; image < data.size(); ++image)
      for (const std::uint8_t pixel : data.image(image).subspan(channel * plane, plane)) {
        sum += pixel;
        squares += double{1} * pixel * pixel;
      }
    const double mean = sum / static_cast<double>(data.size() * plane);
    EXPECT_NEAR(mean, 127.5, 6.0);
    EXPECT_NEAR(std::sqrt(squares / static_cast<double>(data.size() * plane) - mean * mean), 56.0, 8.0);
  }
}

TEST(EmbeddedDataset, EveryShapeIsItsOwnMirrorImage) {
  for (int label = 0; label < embedded_classes; ++label) {
    bool beside_the_y_axis = true;
    bool beside_the_diagonal = true;
    int area = 0;
    for (int y = -300; y <= 300; y += 3)
      for (int x = -300; x <= 300; x += 3) {
        const bool covered = shape_covers(label, {x, y});
        area += covered ? 1 : 0;
        beside_the_y_axis = beside_the_y_axis && covered == shape_covers(label, {-x, y});
        beside_the_diagonal = beside_the_diagonal && covered == shape_covers(label, {-y, -x});
      }
    EXPECT_TRUE(beside_the_y_axis || beside_the_diagonal) << "class " << label;
    EXPECT_GT(area, 3000) << "class " << label;
  }
}

TEST(EmbeddedDataset, ShapesLieWithinTheirNominalSquare) {
  for (int label = 0; label < embedded_classes; ++label)
    for (int along = -16384; along <= 16384; along += 16)
      for (const int beyond : {-16384, -320, 320, 16384}) {
        ASSERT_FALSE(shape_covers(label, {along, beyond})) << "class " << label;
        ASSERT_FALSE(shape_covers(label, {beyond, along})) << "class " << label;
      }
}

TEST(EmbeddedDataset, SineTableFollowsItsDefinition) {
  for (int step = -200; step <= 200; ++step) {
    const double angle = 2 * std::numbers::pi * step / 64;
    EXPECT_NEAR(sine(step), 16384 * std::sin(angle), 0.51) << step;
    EXPECT_NEAR(cosine(step), 16384 * std::cos(angle), 0.51) << step;
  }
}

TEST(EmbeddedDataset, RandomIsSplitmix64) {
  // The first outputs for seed 1234567, from another implementation of the published algorithm.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(EmbeddedDataset, RandomIntervalsIncludeBothEnds) {
  Random random(5);
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.between(-3, 4));
  EXPECT_EQ(seen, (std::set<int>{-3, -2, -1, 0, 1, 2, 3, 4}));
  EXPECT_EQ(random.between(9, 9), 9);
}

}  // namespace
}  // namespace lutra::network
