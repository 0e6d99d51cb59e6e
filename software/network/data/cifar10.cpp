#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/cifar10_grid.h"
#include "software/network/data/dataset.h"
#include "software/network/data/dataset_files.h"

namespace lutra::network {

namespace {

// The binary version of https://www.cs.toronto.edu/~kriz/cifar.html: a label byte and 3 planes of 32x32 per image.
constexpr Shape image_shape{3, 32, 32};
constexpr std::size_t image_bytes = 3 * 32 * 32;
constexpr std::size_t record_bytes = 1 + image_bytes;
constexpr int cifar10_classes = 10;
constexpr std::uintmax_t largest_batch_bytes = std::uintmax_t{1} << 28;

void append_batch(Dataset& data, const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, largest_batch_bytes);
  if (bytes.empty() || bytes.size() % record_bytes != 0)
    throw Error(
        fmt::format("{}: has {} bytes, which is not a whole number of {}-byte CIFAR-10 records; it is cut off or not "
                    "the binary version",
                    path.string(), bytes.size(), record_bytes));
  for (std::size_t start = 0; start < bytes.size(); start += record_bytes) {
    if (bytes[start] >= cifar10_classes)
      throw Error(fmt::format("{}: record {} has the label {}; 0..{} are possible", path.string(), start / record_bytes,
                              bytes[start], cifar10_classes - 1));
    data.labels.push_back(bytes[start]);
    const auto pixels = bytes.begin() + static_cast<std::ptrdiff_t>(start + 1);
    data.pixels.insert(data.pixels.end(), pixels, pixels + image_bytes);
  }
}

}  // namespace

std::vector<std::string> cifar10_files(Split split) {
  if (split == Split::test) return {"test_batch.bin"};
  return {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"};
}

std::string cifar10_grid(const std::string& batch) {
  return (std::filesystem::path("train") / batch).replace_extension(".webp").string();
}

Dataset load_cifar10(const std::filesystem::path& folder, Split split) {
  Dataset data{.name = "cifar10", .shape = image_shape, .classes = cifar10_classes, .pixels = {}, .labels = {}};
  for (const std::string& file : cifar10_files(split)) {
    const std::filesystem::path grid = folder / cifar10_grid(file);
    if (std::filesystem::exists(folder / file))
      append_batch(data, folder / file);
    else if (split == Split::train && std::filesystem::exists(grid))
      append_cifar10_grid(data, grid, std::filesystem::path(grid).replace_extension(".labels"));
    else
      throw Error(fmt::format("{}: does not exist; {}", (folder / file).string(), cifar10_hint));
  }
  return data;
}

}  // namespace lutra::network
