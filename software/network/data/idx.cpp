#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/big_endian.h"
#include "software/network/data/dataset.h"
#include "software/network/data/dataset_files.h"
#include "software/network/data/gzip.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

// The IDX format of http://yann.lecun.com/exdb/mnist: a big-endian magic (two zero bytes, element type, number of
// dimensions), the extents, the elements.
constexpr std::uint32_t images_magic = 0x0803;  // unsigned bytes, three dimensions
constexpr std::uint32_t labels_magic = 0x0801;  // unsigned bytes, one dimension
constexpr int idx_classes = 10;
constexpr std::size_t largest_content_bytes = std::size_t{1} << 29;

struct Idx {
  std::vector<std::int64_t> extents;
  std::vector<std::uint8_t> elements;
};

Idx read_idx(const std::filesystem::path& path, std::uint32_t magic) {
  std::vector<std::uint8_t> bytes =
      decompress(read_file(path, largest_content_bytes), path.string(), largest_content_bytes);
  const std::size_t dimensions = magic & 0xFF;
  const std::size_t header_bytes = 4 * (1 + dimensions);
  if (bytes.size() < header_bytes)
    throw Error(
        fmt::format("{}: has {} bytes; an IDX header alone needs {}", path.string(), bytes.size(), header_bytes));
  if (big_endian(bytes, 0) != magic)
    throw Error(fmt::format("{}: begins with the magic number {:#010x} instead of {:#010x}; it is not this IDX file",
                            path.string(), big_endian(bytes, 0), magic));
  Idx idx;
  std::int64_t expected = 1;
  for (std::size_t i = 0; i < dimensions; ++i) {
    idx.extents.push_back(big_endian(bytes, 4 * (i + 1)));
    expected = saturating_product({expected, idx.extents.back()});
  }
  const std::size_t found = bytes.size() - header_bytes;
  if (static_cast<std::int64_t>(found) != expected)
    throw Error(fmt::format("{}: declares {} elements and holds {} bytes of them; it is {}", path.string(),
                            fmt::join(idx.extents, "x"), found,
                            static_cast<std::int64_t>(found) < expected ? "cut off" : "followed by something else"));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header_bytes));
  idx.elements = std::move(bytes);
  return idx;
}

std::filesystem::path require_file(const std::filesystem::path& folder, Split split, IdxFile file) {
  const std::vector<std::string> names = idx_names(split, file);
  const auto found = find_file(folder, names);
  if (!found) throw Error(fmt::format("{}: holds none of {}", folder.string(), fmt::join(names, ", ")));
  return *found;
}

}  // namespace

std::vector<std::string> idx_names(Split split, IdxFile file) {
  const std::string prefix = split == Split::train ? "train-" : "t10k-";
  const std::string kind = file == IdxFile::images ? "images" : "labels";
  const std::string rank = file == IdxFile::images ? "idx3-ubyte" : "idx1-ubyte";
  return {prefix + kind + "-" + rank, prefix + kind + "-" + rank + ".gz", prefix + kind + "." + rank};
}

Dataset load_idx(const std::filesystem::path& folder, Split split) {
  const std::filesystem::path images_path = require_file(folder, split, IdxFile::images);
  const std::filesystem::path labels_path = require_file(folder, split, IdxFile::labels);
  Idx images = read_idx(images_path, images_magic);
  const Idx labels = read_idx(labels_path, labels_magic);
  if (images.extents[0] == 0) throw Error(fmt::format("{}: holds no images", images_path.string()));
  if (images.extents[0] != labels.extents[0])
    throw Error(fmt::format("{}: has {} labels for the {} images of {}", labels_path.string(), labels.extents[0],
                            images.extents[0], images_path.string()));
  for (const std::int64_t side : {images.extents[1], images.extents[2]})
    if (side < 1 || side > max_dimension)
      throw Error(
          fmt::format("{}: declares images of {}x{}", images_path.string(), images.extents[1], images.extents[2]));
  for (std::size_t i = 0; i < labels.elements.size(); ++i)
    if (labels.elements[i] >= idx_classes)
      throw Error(fmt::format("{}: image {} has the label {}; 0..{} are possible", labels_path.string(), i,
                              labels.elements[i], idx_classes - 1));
  return {.name = folder.filename().string(),
          .shape = {1, static_cast<int>(images.extents[1]), static_cast<int>(images.extents[2])},
          .classes = idx_classes,
          .pixels = std::move(images.elements),
          .labels = {labels.elements.begin(), labels.elements.end()},
          .meaning = {},
          .class_names = {},
          .values = {}};
}

}  // namespace lutra::network
