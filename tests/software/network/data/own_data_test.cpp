#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "software/common/error.h"
#include "software/network/data/own/load_own.h"
#include "software/network/data/random_dataset.h"
#include "tests/software/network/own_files.h"
#include "tests/software/network/picture_files.h"

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
    return load_own(
        data_, split, [this](const std::string& written) { return folder_.path() / written; }, input_);
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
  Shape input_{1, 1, 2};  // of the network, which pictures have to be
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

TEST_F(OwnDataFiles, PicturesMayLieInAFolderForEachClass) {
  take("pets", "");
  write("pets/dog/2.png", png({2, 1}, {1, 2}));
  write("pets/dog/10.PNG", png({2, 1}, {3, 4}));
  write("pets/cat/b.jpg", jpeg(2, 1, 1, {9, 9}));
  write("pets/.hidden", {0});
  std::filesystem::create_directory(folder_.path() / "pets/ant");
  const Dataset data = load();
  EXPECT_EQ(data.name, "pets");
  EXPECT_EQ(data.shape, input_);
  EXPECT_THAT(data.class_names, ElementsAre("ant", "cat", "dog"));
  EXPECT_EQ(data.classes, 3);
  EXPECT_THAT(data.labels, ElementsAre(1, 2, 2)) << "by class, then by name";
  EXPECT_THAT(data.pixels, ElementsAre(9, 9, 3, 4, 1, 2));
  EXPECT_FALSE(data.meaning.has_value());
  data_.calibration_percent = 34;
  EXPECT_THAT(load(Split::train).labels, ElementsAre(2));
  EXPECT_THAT(load().labels, ElementsAre(1, 2));
  data_.classes = 10;
  refused("has 3 classes, and 'classes' says 10");
}

TEST_F(OwnDataFiles, PicturesMayBeNamedInACsvFile) {
  take("flat", "y.csv");
  write("flat/a.png", png({2, 1}, {1, 2}));
  write("flat/b.png", png({2, 1}, {3, 4}));
  write("flat/notes.txt", {'x'});
  write_file(folder_.path() / "y.csv", std::string_view("b.png,dog\na.png,cat\nb.png,dog\n"));
  EXPECT_THAT(load().pixels, ElementsAre(3, 4, 1, 2, 3, 4)) << "in the order of the file";
  EXPECT_THAT(load().labels, ElementsAre(1, 0, 1));
  EXPECT_THAT(load().class_names, ElementsAre("cat", "dog"));
  write_file(folder_.path() / "y.csv", std::string_view("b.png,7\n"));
  EXPECT_THAT(load().labels, ElementsAre(7));
  EXPECT_EQ(load().classes, 0);
  data_.classes = 7;
  refused("y.csv: image 0 has the label 7; 0..6 are possible");
  data_.classes.reset();
  write_file(folder_.path() / "y.csv", std::string_view("b.png,7\nc.png,1\n"));
  refused("y.csv:2:1: there is no file 'c.png' in ");
  write_file(folder_.path() / "y.csv", std::string_view("notes.txt,7\n"));
  refused("notes.txt: is neither a PNG nor a JPEG picture");
  data_.labels.clear();
  refused("notes.txt: is no .png, .jpg or .jpeg; convert it, or take it out");
  std::filesystem::remove(folder_.path() / "flat/notes.txt");
  EXPECT_THAT(load().pixels, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(load().labels, IsEmpty());
}

TEST_F(OwnDataFiles, TrainPicturesHaveTheSameClasses) {
  take("test", "");
  data_.train_images = "train";
  write("test/cat/a.png", png({2, 1}, {1, 2}));
  write("train/cat/a.png", png({2, 1}, {3, 4}));
  EXPECT_THAT(load(Split::train).pixels, ElementsAre(3, 4));
  EXPECT_THAT(load(Split::train).labels, ElementsAre(0));
  write("train/dog/a.png", png({2, 1}, {3, 4}));
  refused("have classes of different names (2 and 1 of them)");
}

TEST_F(OwnDataFiles, SaysWhatIsWrongWithPictures) {
  take("p", "");
  std::filesystem::create_directory(folder_.path() / "p");
  refused("p: holds no pictures (.png, .jpg, .jpeg)");
  write("p/a.png", png({2, 1}, {1, 2}));
  data_.type = NumberType::uint8;
  refused("p: is a folder of pictures; leave 'type' and 'label_type' out");
  data_.type = NumberType::of_file;
  input_ = {784, 1, 1};
  refused(
      "p: pictures have 1 or 3 channels, and the network takes 784x1x1 (channels, rows, columns); say with 'shape'");
  data_.shape = {1, 2};
  EXPECT_EQ(load().shape, (Shape{1, 1, 2}));
  data_.layout = Layout::nhwc;
  data_.shape = {1, 2, 3};
  EXPECT_EQ(load().shape, (Shape{3, 1, 2}));
  data_.shape = {1, 1, 1, 2};
  refused("say with 'shape'");
  data_.shape = {28, 28, 1};
  refused("p/a.png: has 2 x 1 pixels (width, height), and 28 x 28 are wanted");
  data_.shape = {1, 2, 1};
  write("p/big.png", Bytes(1'000'017, 0));
  refused("big.png: ");
  std::filesystem::remove(folder_.path() / "p/big.png");
  write("p/cat/b.png", png({2, 1}, {1, 2}));
  refused("p: holds the folder cat and the picture a.png");
  std::filesystem::remove(folder_.path() / "p/a.png");
  write("p/cat/deep/c.png", png({2, 1}, {1, 2}));
  refused("p/cat/deep: is a folder within that of a class");
  std::filesystem::remove_all(folder_.path() / "p/cat/deep");
  data_.shape = {8192, 8192, 1};
  for (int i = 0; i < 8; ++i) write("p/cat/" + std::to_string(i) + ".png", {});
  refused("p: 9 pictures of 1x8192x8192 are more than 512 MiB; name fewer in a CSV file");
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
