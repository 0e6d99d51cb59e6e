#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "software/common/error.h"
#include "software/network/data/own/load_own.h"
#include "software/network/data/random_dataset.h"
#include "tests/software/network/own_files.h"

namespace lutra::network::test {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

class OwnDataFiles : public ::testing::Test {
 protected:
  OwnDataFiles() { take("x.npy", "y.npy"); }
  void take(const std::string& images, const std::string& labels) {
    data_ = OwnData();
    data_.images = images;
    data_.labels = labels;
  }
  Dataset load(Split split = Split::test) const {
    return load_own(data_, split, [this](const std::string& written) { return folder_.path() / written; });
  }
  void write(const std::string& name, const Bytes& bytes) const { write_bytes(folder_.path() / name, bytes); }
  void refused(const std::string& message, Split split = Split::test) const {
    EXPECT_THAT([&] { load(split); }, ThrowsMessage<Error>(HasSubstr(message)));
  }
  // What a byte stands for.
  static double meaning(const Dataset& data, double byte) {
    return byte / 255 * data.meaning->range - data.meaning->mean.at(0);
  }

  ScratchFolder folder_;
  OwnData data_;
};

TEST_F(OwnDataFiles, BytesAreThePixelsThatTheScenarioNormalises) {
  write("x.npy", npy("|u1", "(2, 1, 1, 3)", {0, 1, 2, 253, 254, 255}));
  write("y.npy", npy("<i8", "(2,)", bytes_of_numbers<std::int64_t>({11, 0})));
  const Dataset data = load();
  EXPECT_EQ(data.name, "x.npy");
  EXPECT_EQ(data.shape, (Shape{1, 1, 3}));
  EXPECT_EQ(data.classes, 0);
  EXPECT_FALSE(data.meaning.has_value());
  EXPECT_THAT(data.pixels, ElementsAre(0, 1, 2, 253, 254, 255));
  EXPECT_THAT(data.labels, ElementsAre(11, 0));
  EXPECT_THAT(data.values, IsEmpty());
}

TEST_F(OwnDataFiles, ScaledIntegersKeepTheirMeaningExactly) {
  write("x.npy", npy("|i1", "(1, 3)", bytes_of_numbers<std::int8_t>({-128, 83, 127})));
  write("y.npy", npy("|u1", "(1,)", {0}));
  data_.scale = 0.5847029;
  data_.zero_point = 83;
  const Dataset data = load();
  EXPECT_EQ(data.shape, (Shape{3, 1, 1}));
  EXPECT_THAT(data.pixels, ElementsAre(0, 211, 255));
  EXPECT_THAT(data.values, IsEmpty());
  EXPECT_NEAR(meaning(data, 0), -211 * 0.5847029, 1e-9);
  EXPECT_NEAR(meaning(data, 211), 0, 1e-9);
  EXPECT_NEAR(meaning(data, 255), 44 * 0.5847029, 1e-9);
}

TEST_F(OwnDataFiles, OtherNumbersAreRoundedToTheNearestByteAndKeptBeside) {
  const std::vector<float> values = {-1.5F, 0.0F, 0.37F, 2.5F};
  write("x.npy", npy("<f4", "(1, 2, 2)", bytes_of_numbers(values)));
  write("y.npy", npy("|u1", "(1,)", {0}));
  const Dataset data = load();
  EXPECT_EQ(data.shape, (Shape{1, 2, 2}));
  EXPECT_THAT(data.values, ElementsAreArray(values));
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(meaning(data, data.pixels[i]), values[i], 0.51 * 4 / 254) << i;
  EXPECT_NEAR(meaning(data, data.pixels[1]), 0, 1e-12) << "zero is a byte";
  data_.lowest = -1;
  data_.highest = 1;
  const Dataset clipped = load();
  EXPECT_NEAR(meaning(clipped, clipped.pixels[3]), 1, 0.01);
  EXPECT_THAT(clipped.values, ElementsAreArray(values));
}

TEST_F(OwnDataFiles, ChannelsMayLieLast) {
  write("x.npy", npy("|u1", "(1, 1, 2, 3)", {1, 2, 3, 4, 5, 6}));
  data_.labels.clear();
  data_.layout = Layout::nhwc;
  const Dataset data = load();
  EXPECT_EQ(data.shape, (Shape{3, 1, 2}));
  EXPECT_THAT(data.pixels, ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(data.labels, IsEmpty());
  EXPECT_EQ(data.size(), 1U);
}

TEST_F(OwnDataFiles, RawNumbersAndArchivesAreTakenToo) {
  write("x.bin", {1, 2, 3, 4, 5, 6, 7, 8});
  write("y.bin", {3, 1});
  take("x.bin", "y.bin");
  data_.type = NumberType::uint8;
  data_.label_type = NumberType::uint8;
  refused("raw numbers need 'shape'");
  data_.shape = {1, 2, 2};
  EXPECT_EQ(load().shape, (Shape{1, 2, 2}));
  EXPECT_THAT(load().labels, ElementsAre(3, 1));
  write_npz(folder_.path() / "d.npz", {{"x", npy("|u1", "(1, 4)", {1, 2, 3, 4})}, {"y", npy("|b1", "(1,)", {1})}});
  take("d.npz:x", "d.npz:y");
  EXPECT_THAT(load().pixels, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(load().labels, ElementsAre(1));
}

TEST_F(OwnDataFiles, AShareForCalibrationIsNoPartOfTheTestImages) {
  Bytes all(10);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  write("x.npy", npy("|u1", "(10, 1)", all));
  write("y.npy", npy("|u1", "(10,)", all));
  refused("give 'train_images', or 'calibration_percent: 20'", Split::train);
  EXPECT_EQ(load().size(), 10U);
  data_.calibration_percent = 20;
  EXPECT_THAT(load(Split::train).pixels, ElementsAre(4, 9));
  EXPECT_THAT(load(Split::train).labels, ElementsAre(4, 9));
  EXPECT_THAT(load().pixels, ElementsAre(0, 1, 2, 3, 5, 6, 7, 8));
  EXPECT_THAT(load().labels, ElementsAre(0, 1, 2, 3, 5, 6, 7, 8));
  data_.calibration_percent = 5;
  refused("none is left for calibration", Split::train);
}

TEST_F(OwnDataFiles, TrainImagesSayWhatTheBytesOfBothMean) {
  write("x.npy", npy("<f4", "(1, 1)", bytes_of_numbers<float>({5})));
  write("t.npy", npy("<f4", "(1, 1)", bytes_of_numbers<float>({2})));
  data_.labels.clear();
  data_.train_images = "t.npy";
  EXPECT_EQ(load().meaning->range, load(Split::train).meaning->range);
  EXPECT_NEAR(meaning(load(Split::train), load(Split::train).pixels[0]), 2, 1e-9);
  EXPECT_EQ(load().pixels[0], 255) << "beyond what calibration saw";
  EXPECT_THAT(load().values, ElementsAre(5));
  write("t.npy", npy("<f4", "(1, 2)", bytes_of_numbers<float>({2, 3})));
  refused("both must be alike");
}

TEST_F(OwnDataFiles, SaysWhichFileAndWhichImageIsWrong) {
  write("x.npy", npy("|u1", "(2, 1, 1, 2)", {0, 1, 2, 3}));
  const auto labels = [&](const Bytes& bytes, const std::string& message) {
    write("y.npy", bytes);
    refused(message);
  };
  labels(npy("|u1", "(3,)", {0, 1, 2}), "y.npy: has 3 labels for the 2 images of");
  labels(npy("|i1", "(2,)", {0, 0xFF}), "y.npy: image 1 has the label -1; 0..65535 are possible");
  labels(npy("<i4", "(2,)", bytes_of_numbers<std::int32_t>({0, 70000})), "image 1 has the label 70000");
  labels(npy("<f4", "(2,)", Bytes(8, 0)), "holds float32; labels are whole numbers");
  labels(npy("|u1", "(2, 10)", Bytes(20, 0)), "holds 2x10 numbers; one class for each image is needed");
  data_.classes = 12;
  labels(npy("|u1", "(2,)", {11, 12}), "image 1 has the label 12; 0..11 are possible");
  write("y.npy", npy("|u1", "(2, 1)", {11, 0}));
  EXPECT_THAT(load().labels, ElementsAre(11, 0));
}

TEST_F(OwnDataFiles, SaysWhatIsWrongWithImages) {
  data_.labels.clear();
  const auto images = [&](const Bytes& bytes, const std::string& message) {
    write("x.npy", bytes);
    refused(message);
  };
  images(npy("|u1", "(0, 4)", {}), "x.npy: holds no images");
  images(npy("|u1", "()", {1}), "holds a single number");
  images(npy("|u1", "(4,)", {1, 2, 3, 4}), "say with 'shape'");
  images(npy("|u1", "(1, 1, 1, 2, 2)", {1, 2, 3, 4}), "say with 'shape' how to read one of them");
  images(npy("|u1", "(2, 0)", {}), "every extent must be in 1..");
  images(npy("<f4", "(2, 1)", bytes_of_numbers<float>({1, std::numeric_limits<float>::infinity()})),
         "number 0 of image 1 is inf");
  images(npy("<f4", "(1, 2)", bytes_of_numbers<float>({1, std::numeric_limits<float>::quiet_NaN()})),
         "number 1 of image 0 is nan");
  data_.shape = {3, 3};
  images(npy("|u1", "(1, 2, 2)", {1, 2, 3, 4}), "images of 2x2, 4 numbers each; 'shape' says 3x3, which are 9");
  data_.shape = {4, 1, 1};
  EXPECT_EQ(load().shape, (Shape{4, 1, 1}));
  data_.are_pixels = true;
  images(npy("|i1", "(1, 4)", {1, 2, 3, 4}), "holds int8, and network.normalisation is about pixels");
}

TEST(RandomData, IsTheSameForASeedAndDiffersBetweenSplits) {
  const Shape shape{2, 3, 4};
  const Dataset data = make_random(shape, 7, Split::test);
  EXPECT_EQ(data.size(), 1024U);
  EXPECT_THAT(data.labels, IsEmpty());
  EXPECT_EQ(data.pixels, make_random(shape, 7, Split::test).pixels);
  EXPECT_NE(data.pixels, make_random(shape, 8, Split::test).pixels);
  EXPECT_NE(data.pixels, make_random(shape, 7, Split::train).pixels);
  EXPECT_EQ(make_random({3, 1024, 1024}, 1, Split::test).size(), 21U);
}

}  // namespace
}  // namespace lutra::network::test
