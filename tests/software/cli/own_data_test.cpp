#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "tests/software/network/picture_files.h"
#include "tests/support/command_line.h"
#include "tests/support/data.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

constexpr int own_images = 60;
constexpr int own_image_bytes = 3 * 16 * 16;

std::string numpy_file(const std::string& type, const std::string& shape, const std::string& content) {
  const std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + ")}\n";
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header + content;
}

// Noise with labels, in three forms of the same: pixels, int8, and float32 with the channels last.
class OwnImages : public testing::Test {
 protected:
  OwnImages() {
    std::string pixels, integers, floats(own_images * own_image_bytes * sizeof(float), '\0'), labels;
    std::mt19937 random(1);
    for (int image = 0; image < own_images; ++image) {
      labels += static_cast<char>(image % 10);
      for (int i = 0; i < own_image_bytes; ++i) {
        const auto pixel = static_cast<std::uint8_t>(random() % 256);
        pixels += static_cast<char>(pixel);
        integers += static_cast<char>(pixel - 128);
        const auto value = static_cast<float>((pixel - 127.5) * 4 / 255);
        const auto at = static_cast<std::size_t>(image * own_image_bytes + i % 256 * 3 + i / 256);
        std::memcpy(floats.data() + at * sizeof value, &value, sizeof value);
      }
    }
    write_file(scratch_ / "pixels.npy", numpy_file("|u1", "60, 3, 16, 16", pixels));
    write_file(scratch_ / "images.npy", numpy_file("|i1", "60, 3, 16, 16", integers));
    write_file(scratch_ / "floats.npy", numpy_file("<f4", "60, 16, 16, 3", floats));
    write_file(scratch_ / "raw.bin", pixels);
    write_file(scratch_ / "labels.npy", numpy_file("|u1", "60,", labels));
  }

  CommandResult run(const std::string& name, const std::string& network, const std::string& scheme = "") {
    write_file(scratch_ / (name + ".yaml"), "name: " + name + "\nnetwork: {model: embedded, " + network +
                                                "}\nscheme: {name: uniform, calibration_images: 12" + scheme +
                                                "}\nengine: {family: mac}\nrun: {simulate: 2}\n");
    return lutra_command(scratch_, "run " + name + ".yaml --output " + name);
  }
  nlohmann::json result(const std::string& name) {
    return nlohmann::json::parse(read_text_file(scratch_ / (name + "/result.json")));
  }
  Scratch scratch_;
};

TEST_F(OwnImages, AreTheSameInEveryForm) {
  const std::string rest = "labels: labels.npy, calibration_percent: 20";
  const std::string normalised = ", normalisation: {mean: [0.5], deviation: [0.25]}";
  CommandResult ran = run("pixels", "dataset: {images: pixels.npy, " + rest + "}" + normalised);
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  ran = run("raw", "dataset: {images: raw.bin, type: uint8, shape: [3, 16, 16], " + rest + "}" + normalised);
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  ran = run("floats", "dataset: {images: floats.npy, layout: nhwc, " + rest + "}");
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  ran = lutra_command(scratch_, "run own_images --data . --set scheme.calibration_images=12 --output integers");
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  const nlohmann::json pixels = result("pixels");
  EXPECT_EQ(pixels.at("accuracy").at("images"), 48);
  EXPECT_EQ(pixels.at("verified_images"), 2);
  EXPECT_EQ(pixels.at("configuration").at("network").at("dataset"), "pixels.npy");
  EXPECT_EQ(result("raw").at("accuracy"), pixels.at("accuracy"));
  EXPECT_EQ(result("integers").at("accuracy"), pixels.at("accuracy"));
  EXPECT_EQ(result("integers").at("cycles"), pixels.at("cycles"));
  EXPECT_EQ(result("floats").at("accuracy").at("float_correct"), pixels.at("accuracy").at("float_correct"));
}

TEST_F(OwnImages, MayBePicturesInAFolderForEachClass) {
  const std::string pixels = read_text_file(scratch_ / "pixels.npy");
  for (std::size_t image = 0; image < own_images; ++image) {
    network::test::Bytes rows(own_image_bytes);
    for (std::size_t i = 0; i < own_image_bytes; ++i)
      rows[i % 256 * 3 + i / 256] =
          static_cast<std::uint8_t>(pixels[pixels.size() - (own_images - image) * own_image_bytes + i]);
    const std::string name = "/" + std::to_string(100 + image) + ".png";
    const network::test::Bytes png = network::test::png({16, 16, network::test::png_rgb}, rows);
    network::test::write_bytes(scratch_ / ("pets/class" + std::to_string(image % 10) + name), png);
    network::test::write_bytes(scratch_ / ("flat" + name), png);
  }
  const std::string rest = ", calibration_percent: 20}, normalisation: {mean: [0.5], deviation: [0.25]}";
  std::string csv = "file,label\n";
  for (int image = 0; image < own_images; ++image) csv += fmt::format("{}.png,{}\n", 100 + image, image % 10);
  write_file(scratch_ / "flat.csv", csv);
  for (const char* set : {"pixels.npy, labels: labels.npy", "flat, labels: flat.csv", "pets"}) {
    const std::string name = "of_" + std::string(set).substr(0, 4);
    const CommandResult ran = run(name, "dataset: {images: " + std::string(set) + rest);
    ASSERT_EQ(ran.exit_code, 0) << ran.errors;
    EXPECT_THAT(ran.output, HasSubstr("accuracy over 48 test images\ntop 5: "));
  }
  EXPECT_EQ(result("of_flat").at("accuracy"), result("of_pixe").at("accuracy"));
  const nlohmann::json accuracy = result("of_pets").at("accuracy");
  EXPECT_EQ(accuracy.at("class_names").at(9), "class9");
  EXPECT_EQ(accuracy.at("confusion").size(), 10U);
  EXPECT_GE(accuracy.at("top5_correct"), accuracy.at("correct"));
  const CommandResult shown = lutra_command(scratch_, "run of_pets.yaml --confusion --no-float");
  EXPECT_THAT(shown.output, HasSubstr("class, taken for"));
  EXPECT_THAT(shown.output, HasSubstr("\nclass9 "));
  const CommandResult wrong = run("wrong", "dataset: {images: pets, shape: [3, 8, 8]" + rest);
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.errors, HasSubstr("has 16 x 16 pixels (width, height), and 8 x 8 are wanted; scale the pictures"));
}

TEST_F(OwnImages, WithoutLabelsAndRandomOnesGiveCyclesAndNoAccuracy) {
  const std::string set[] = {"dataset: random", "dataset: none, random_seed: 2",
                             "dataset: {images: images.npy, calibration_percent: 20}"};
  for (int i = 0; i < 3; ++i) {
    const std::string name = "unlabelled" + std::to_string(i);
    const CommandResult ran = run(name, set[i]);
    ASSERT_EQ(ran.exit_code, 0) << ran.errors;
    EXPECT_THAT(ran.output, HasSubstr("no accuracy: the images have no labels"));
    const nlohmann::json found = result(name);
    EXPECT_TRUE(found.at("accuracy").at("correct").is_null());
    EXPECT_TRUE(found.at("accuracy").at("top1_percent").is_null());
    EXPECT_EQ(found.at("accuracy").at("images"), 0);
    EXPECT_EQ(found.at("verified_images"), 2);
    EXPECT_GT(found.at("energy_uj").at("total"), 0);
    EXPECT_EQ(lutra_command(scratch_, "explain " + name + "/result.json").exit_code, 0);
  }
}

TEST_F(OwnImages, ThatDoNotFitNameTheWayOut) {
  const auto refused = [&](const std::string& network, const std::string& message, const std::string& scheme = "") {
    const CommandResult ran = run("wrong", network, scheme);
    EXPECT_EQ(ran.exit_code, 1) << network;
    EXPECT_THAT(ran.errors, HasSubstr(message));
  };
  refused("dataset: {labels: labels.npy}", "wrong.yaml:2: network.dataset: key 'images' is missing");
  refused("dataset: {images: absent.npy}", "file 'absent.npy' does not exist (looked for: ");
  refused("dataset: {images: images.npy}", "give 'train_images', or 'calibration_percent: 20'");
  refused("dataset: {images: images.npy, lables: x}", "lables");
  refused("dataset: {images: images.npy, scale: 2}, normalisation: {range: 255}", "normalisation says what pixels");
  refused("dataset: {images: images.npy, train_labels: x}", "needs 'train_images'");
  refused("dataset: {images: images.npy, shape: []}", "the list is empty");
  refused("dataset: {images: floats.npy, calibration_percent: 20}", "set 'layout: nhwc'");
  refused("dataset: {images: images.npy, calibration_percent: 20, shape: [768]}", "set 'shape: [3, 16, 16]'");
  refused("dataset: {images: images.npy, labels: labels.npy, classes: 5, calibration_percent: 20}",
          "labels.npy: image 5 has the label 5; 0..4 are possible");
  write_file(scratch_ / "labels.npy", numpy_file("|u1", "60,", std::string(60, '\12')));
  refused("dataset: {images: images.npy, labels: labels.npy, calibration_percent: 20}",
          "image 0 has the label 10; network 'embedded_resnet' tells 10 classes apart, 0..9");
  refused("dataset: random", "has no labels", ", progressive: {levels: [8, 4], budget: 0.9}");
}

// MLPerf Tiny's keyword spotting: 913 of 1000 in float, 12 classes.
TEST_F(OwnImages, KeywordsAreSpottedInTheirOwnFiles) {
  LUTRA_DATA_OR_SKIP(data);
  if (!std::filesystem::exists(data / "kws01")) GTEST_SKIP() << "there is no kws01";
  const CommandResult ran =
      lutra_command(scratch_, "run kws_dscnn --data '" + data.string() + "' --simulate 1 --output kws");
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  const nlohmann::json accuracy = result("kws").at("accuracy");
  EXPECT_EQ(accuracy.at("images"), 1000);
  EXPECT_EQ(accuracy.at("float_correct"), 913);
  EXPECT_NEAR(accuracy.at("top1_percent"), 91.3, 0.5);
}

}  // namespace
}  // namespace lutra::test
