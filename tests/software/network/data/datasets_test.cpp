#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/encode.h>

#include "software/common/error.h"
#include "software/network/data/dataset.h"
#include "software/network/data/dataset_files.h"
#include "tests/software/network/data_files.h"
#include "tests/support/data.h"

namespace lutra::network::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class DataFiles : public ::testing::Test {
 protected:
  const std::filesystem::path& scratch() const { return scratch_.path(); }

 private:
  ScratchFolder scratch_;
};
using Cifar10 = DataFiles;
using Idx = DataFiles;
using LoadDataset = DataFiles;

void expect_refused(const std::function<void()>& load, const std::string& file, const std::string& message) {
  EXPECT_THAT(load, ThrowsMessage<Error>(AllOf(HasSubstr(file), HasSubstr(message))));
}

TEST_F(Cifar10, ReadsRecords) {
  write_bytes(scratch() / "test_batch.bin", cifar_records(3));
  const Dataset data = load_cifar10(scratch(), Split::test);
  EXPECT_EQ(data.name, "cifar10");
  EXPECT_EQ(data.shape, (Shape{3, 32, 32}));
  EXPECT_EQ(data.size(), 3U);
  EXPECT_EQ(data.labels, (std::vector<Label>{0, 1, 2}));
  EXPECT_EQ(data.image(1).size(), 3072U);
  EXPECT_EQ(data.image(2)[5], cifar_records(3)[2 * 3073 + 1 + 5]);
}

TEST_F(Cifar10, TrainingReadsFiveBatches) {
  for (int batch = 1; batch <= 5; ++batch)
    write_bytes(scratch() / ("data_batch_" + std::to_string(batch) + ".bin"),
                cifar_records(static_cast<std::size_t>(batch)));
  EXPECT_EQ(load_cifar10(scratch(), Split::train).size(), 15U);
  std::filesystem::remove(scratch() / "data_batch_4.bin");
  expect_refused([this] { load_cifar10(scratch(), Split::train); }, "data_batch_4.bin", "WebP pictures");
}

// 101 images as a picture of two rows of tiles.
void write_grid(const std::filesystem::path& folder, const std::string& batch, const Bytes& records) {
  const std::size_t count = records.size() / 3073;
  const std::size_t rows = (count + 99) / 100;
  Bytes pixels(rows * 32 * 3200 * 3);
  Bytes labels;
  for (std::size_t k = 0; k < count; ++k) {
    labels.push_back(records[k * 3073]);
    for (std::size_t i = 0; i < 3072; ++i) {
      const std::size_t channel = i / 1024, y = i % 1024 / 32, x = i % 32;
      pixels[((k / 100 * 32 + y) * 3200 + k % 100 * 32 + x) * 3 + channel] = records[k * 3073 + 1 + i];
    }
  }
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeLosslessRGB(pixels.data(), 3200, static_cast<int>(rows * 32), 3200 * 3, &encoded);
  write_bytes(folder / (batch + ".webp"), Bytes(encoded, encoded + size));
  write_bytes(folder / (batch + ".labels"), labels);
  WebPFree(encoded);
}

TEST_F(Cifar10, TrainingBatchesMayBePictures) {
  const std::filesystem::path train = scratch() / "train";
  std::filesystem::create_directories(train);
  const Bytes records = cifar_records(101);
  for (int batch = 1; batch <= 5; ++batch) write_grid(train, "data_batch_" + std::to_string(batch), records);
  const Dataset data = load_dataset("cifar10", scratch(), Split::train);
  ASSERT_EQ(data.size(), 505U);
  for (const std::size_t k : {0U, 99U, 100U}) {
    EXPECT_EQ(data.labels[k], records[k * 3073]);
    EXPECT_TRUE(std::equal(data.image(k).begin(), data.image(k).end(), &records[k * 3073 + 1])) << k;
  }

  const auto load = [this] { load_cifar10(scratch(), Split::train); };
  write_bytes(train / "data_batch_2.labels", Bytes(201, 3));
  expect_refused(load, "data_batch_2.webp", "201 labels");
  write_bytes(train / "data_batch_2.labels", Bytes(101, 10));
  expect_refused(load, "data_batch_2.labels", "label 10 of image 0");
  write_bytes(train / "data_batch_1.webp", {1, 2, 3});
  expect_refused(load, "data_batch_1.webp", "not a WebP picture");
  write_grid(train, "data_batch_1", records);
  auto picture = read_file(train / "data_batch_1.webp");
  picture.resize(picture.size() / 2);
  write_bytes(train / "data_batch_1.webp", picture);
  expect_refused(load, "data_batch_1.webp", "damaged");
}

TEST_F(Cifar10, RefusesDamagedFiles) {
  auto bytes = cifar_records(2);
  const auto load = [this] { load_cifar10(scratch(), Split::test); };
  bytes.pop_back();
  write_bytes(scratch() / "test_batch.bin", bytes);
  expect_refused(load, "test_batch.bin", "6145 bytes, which is not a whole number of 3073-byte");
  write_bytes(scratch() / "test_batch.bin", {});
  expect_refused(load, "test_batch.bin", "has 0 bytes");
  bytes = cifar_records(2);
  bytes[3073] = 10;
  write_bytes(scratch() / "test_batch.bin", bytes);
  expect_refused(load, "test_batch.bin", "record 1 has the label 10");
}

TEST_F(Cifar10, TheHundredClassesAreTheSecondLabel) {
  Bytes bytes(2 * 3074);
  bytes[1] = 99;
  bytes[3074] = 19;
  bytes[3076] = 7;
  write_bytes(scratch() / "test.bin", bytes);
  const Dataset data = load_dataset("cifar100", scratch(), Split::test);
  EXPECT_EQ(data.classes, 100);
  EXPECT_EQ(data.labels, (std::vector<Label>{99, 0}));
  EXPECT_EQ(data.image(1)[0], 7);
  bytes[3075] = 100;
  write_bytes(scratch() / "test.bin", bytes);
  expect_refused([this] { load_cifar100(scratch(), Split::test); }, "test.bin", "record 1 has the label 100; 0..99");
  bytes.pop_back();
  write_bytes(scratch() / "test.bin", bytes);
  expect_refused([this] { load_cifar100(scratch(), Split::test); }, "test.bin", "3074-byte CIFAR-100 records");
  expect_refused([this] { load_dataset("cifar100", scratch(), Split::train); }, "train.bin", "cifar-100-binary");
}

void write_idx(const std::filesystem::path& folder, std::uint32_t images = 4, const std::string& prefix = "t10k-") {
  write_bytes(folder / (prefix + "images-idx3-ubyte"), idx_images(images, 3, 2));
  write_bytes(folder / (prefix + "labels-idx1-ubyte"), idx_labels(images));
}

TEST_F(Idx, ReadsImagesAndLabels) {
  write_idx(scratch());
  write_idx(scratch(), 7, "train-");
  const Dataset data = load_idx(scratch(), Split::test);
  EXPECT_EQ(data.shape, (Shape{1, 3, 2}));
  EXPECT_EQ(data.size(), 4U);
  EXPECT_EQ(data.labels[3], 3);
  EXPECT_EQ(data.image(1)[0], idx_images(4, 3, 2)[16 + 6]);
  EXPECT_EQ(load_idx(scratch(), Split::train).size(), 7U);
}

TEST_F(Idx, ReadsCompressedAndUnpackedFilesUnderEitherName) {
  write_bytes(scratch() / "t10k-images-idx3-ubyte.gz", gzip(idx_images(4, 3, 2)));
  write_bytes(scratch() / "t10k-labels.idx1-ubyte", idx_labels(4));
  const auto images = idx_images(4, 3, 2);
  EXPECT_EQ(load_idx(scratch(), Split::test).pixels, std::vector<std::uint8_t>(images.begin() + 16, images.end()));
}

TEST_F(Idx, RefusesDamagedFiles) {
  const auto refused = [this](const std::vector<std::uint8_t>& images, const std::vector<std::uint8_t>& labels,
                              const char* file, const char* message) {
    write_bytes(scratch() / "t10k-images-idx3-ubyte", images);
    write_bytes(scratch() / "t10k-labels-idx1-ubyte", labels);
    expect_refused([this] { load_idx(scratch(), Split::test); }, file, message);
  };
  const auto images = idx_images(4, 3, 2);
  const auto labels = idx_labels(4);
  const auto without_last = [](std::vector<std::uint8_t> bytes) {
    bytes.pop_back();
    return bytes;
  };
  const auto with_one_more = [](std::vector<std::uint8_t> bytes) {
    bytes.push_back(0);
    return bytes;
  };
  refused(without_last(images), labels, "t10k-images", "4x3x2 elements and holds 23 bytes of them; it is cut off");
  refused(with_one_more(images), labels, "t10k-images", "followed by something else");
  refused(images, without_last(labels), "t10k-labels", "it is cut off");
  refused({0, 0, 8}, labels, "t10k-images", "an IDX header alone needs 16");
  refused(labels, labels, "t10k-images", "an IDX header alone");
  refused(images, images, "t10k-labels", "magic number 0x00000803 instead of 0x00000801");
  refused(images, idx_labels(3), "t10k-labels", "3 labels for the 4 images");
  refused(idx_images(0, 3, 2), idx_labels(0), "t10k-images", "holds no images");
  refused(idx_header(0x803, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}), labels, "t10k-images", "cut off");
  refused(idx_header(0x803, {4, 0, 0xFFFFFFFF}), labels, "t10k-images", "declares images of 0x4294967295");
  auto bad_label = labels;
  bad_label.back() = 200;
  refused(images, bad_label, "t10k-labels", "image 3 has the label 200");
}

TEST_F(Idx, RefusesDamagedGzip) {
  const auto refused = [this](const std::vector<std::uint8_t>& images, const char* message) {
    write_bytes(scratch() / "t10k-images-idx3-ubyte.gz", images);
    write_bytes(scratch() / "t10k-labels-idx1-ubyte", idx_labels(4));
    expect_refused([this] { load_idx(scratch(), Split::test); }, "t10k-images-idx3-ubyte.gz", message);
  };
  const auto good = gzip(idx_images(4, 3, 2));
  refused(std::vector<std::uint8_t>(good.begin(), good.end() - 9), "cut off in the middle of its gzip data");
  auto flipped = good;
  flipped[flipped.size() - 6] ^= 1;
  refused(flipped, "gzip data are damaged (incorrect data check)");
  auto longer = good;
  longer.push_back(0);
  refused(longer, "1 bytes after the end");
}

TEST_F(LoadDataset, FindsTheFolderUnderItsUsualNames) {
  for (const char* place : {"mnist", "MNIST/raw"}) {
    const auto folder = scratch() / "a" / place;
    write_idx(folder);
    EXPECT_EQ(load_dataset("mnist", scratch() / "a", Split::test).name, "mnist");
    EXPECT_EQ(load_dataset("mnist", folder, Split::test).size(), 4U);
    std::filesystem::remove_all(scratch() / "a");
  }
  write_idx(scratch() / "FashionMNIST/raw", 5);
  EXPECT_EQ(load_dataset("fashion-mnist", scratch(), Split::test).size(), 5U);
  write_bytes(scratch() / "cifar-10-batches-bin/test_batch.bin", cifar_records(2));
  EXPECT_EQ(load_dataset("cifar10", scratch(), Split::test).size(), 2U);
}

TEST_F(LoadDataset, PrefersTheNamedSubfolder) {
  write_idx(scratch(), 3);
  write_idx(scratch() / "fashion-mnist", 5);
  EXPECT_EQ(load_dataset("fashion-mnist", scratch(), Split::test).size(), 5U);
  EXPECT_EQ(load_dataset("mnist", scratch(), Split::test).size(), 3U);
}

TEST_F(LoadDataset, SaysWhereItLooked) {
  expect_refused([this] { load_dataset("cifar10", scratch(), Split::test); },
                 (scratch() / "cifar-10-batches-bin").string(), "data set \"cifar10\": no test_batch.bin in");
  expect_refused([this] { load_dataset("cifar10", scratch(), Split::train); }, "data_batch_1.bin",
                 "official binary batches are needed");
  expect_refused([this] { load_dataset("mnist", scratch(), Split::test); }, (scratch() / "MNIST/raw").string(),
                 "IDX files");
  expect_refused([this] { load_dataset("mnist", "", Split::test); }, "mnist", "name it with --data");
}

TEST_F(LoadDataset, SuggestsTheNearestName) {
  expect_refused([this] { load_dataset("cifar-10", scratch(), Split::test); }, "\"cifar-10\" is unknown",
                 "did you mean \"cifar10\"");
  expect_refused([this] { load_dataset("imagenet22k", scratch(), Split::test); }, "unknown",
                 "embedded, cifar10, cifar100, mnist, fashion-mnist");
}

TEST(RealData, LoadsCifar10AndFashionMnist) {
  LUTRA_DATA_OR_SKIP(folder);
  const Dataset cifar = load_dataset("cifar10", folder, Split::test);
  EXPECT_EQ(cifar.size(), 10000U);
  EXPECT_EQ(std::count(cifar.labels.begin(), cifar.labels.end(), 3), 1000);
  const Dataset fashion = load_dataset("fashion-mnist", folder / "fashion-mnist", Split::train);
  EXPECT_EQ(fashion.size(), 60000U);
  EXPECT_EQ(fashion.shape, (Shape{1, 28, 28}));
  EXPECT_EQ(std::count(fashion.labels.begin(), fashion.labels.end(), 9), 6000);
}

}  // namespace
}  // namespace lutra::network::test
