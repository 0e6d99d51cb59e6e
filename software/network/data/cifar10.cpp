#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/cifar10_grid.h"
#include "software/network/data/dataset.h"
#include "software/network/data/dataset_files.h"

namespace lutra::network {

namespace {

// The binary versions of https://www.cs.toronto.edu/~kriz/cifar.html: label bytes and 3 planes of 32x32 per image. The
// last label byte is the class; CIFAR-100 has a coarse one before it.
constexpr Shape image_shape{3, 32, 32};
constexpr std::size_t image_bytes = 3 * 32 * 32;
struct Form {
  const char* name;
  std::size_t label_bytes;
  int classes;
};
constexpr Form cifar10{"CIFAR-10", 1, 10};
constexpr Form cifar100{"CIFAR-100", 2, 100};
constexpr std::uintmax_t largest_batch_bytes = std::uintmax_t{1} << 28;

void append_batch(Dataset& data, const std::filesystem::path& path, const Form& form) {
  const std::size_t record_bytes = form.label_bytes + image_bytes;
  const std::vector<std::uint8_t> bytes = read_file(path, largest_batch_bytes);
  if (bytes.empty() || bytes.size() % record_bytes != 0)
    throw Error(
        fmt::format("{}: has {} bytes, which is not a whole number of {}-byte {} records; it is cut off or not "
                    "the binary version",
                    path.string(), bytes.size(), record_bytes, form.name));
  for (std::size_t start = 0; start < bytes.size(); start += record_bytes) {
    const std::uint8_t label = bytes[start + form.label_bytes - 1];
    if (label >= form.classes)
      throw Error(fmt::format("{}: record {} has the label {}; 0..{} are possible", path.string(), start / record_bytes,
                              label, form.classes - 1));
    data.labels.push_back(label);
    const auto pixels = bytes.begin() + static_cast<std::ptrdiff_t>(start + form.label_bytes);
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
  Dataset data;
  data.name = "cifar10";
  data.shape = image_shape;
  data.classes = cifar10.classes;
  for (const std::string& file : cifar10_files(split)) {
    const std::filesystem::path grid = folder / cifar10_grid(file);
    if (std::filesystem::exists(folder / file))
      append_batch(data, folder / file, cifar10);
    else if (split == Split::train && std::filesystem::exists(grid))
      append_cifar10_grid(data, grid, std::filesystem::path(grid).replace_extension(".labels"));
    else
      throw Error(fmt::format("{}: does not exist; {}", (folder / file).string(), cifar10_hint));
  }
  return data;
}

std::string cifar100_file(Split split) { return split == Split::train ? "train.bin" : "test.bin"; }

Dataset load_cifar100(const std::filesystem::path& folder, Split split) {
  Dataset data;
  data.name = "cifar100";
  data.shape = image_shape;
  data.classes = cifar100.classes;
  append_batch(data, folder / cifar100_file(split), cifar100);
  return data;
}

}  // namespace lutra::network
