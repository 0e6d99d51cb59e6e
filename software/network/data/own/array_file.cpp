#include "software/network/data/own/array_file.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/gzip.h"
#include "software/network/data/own/npy.h"
#include "software/network/data/own/npz.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

constexpr std::uint8_t most_idx_dimensions = 8;

// Two zero bytes, element type, number of dimensions (http://yann.lecun.com/exdb/mnist).
bool is_idx(const std::vector<std::uint8_t>& bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 && bytes[2] <= 0x0E;
}

NumberType idx_type(std::uint8_t code, const std::string& place) {
  switch (code) {
    case 0x08:
      return NumberType::uint8;
    case 0x09:
      return NumberType::int8;
    case 0x0B:
      return NumberType::int16;
    case 0x0C:
      return NumberType::int32;
    case 0x0D:
      return NumberType::float32;
    case 0x0E:
      return NumberType::float64;
    default:
      throw Error(fmt::format("{}: has the IDX element type {:#04x}, which there is not", place, code));
  }
}

Array read_any_idx(std::vector<std::uint8_t> bytes, const std::string& place) {
  Array array{place, idx_type(bytes[2], place), {}, {}};
  const std::size_t dimensions = bytes[3];
  if (dimensions < 1 || dimensions > most_idx_dimensions)
    throw Error(fmt::format("{}: has {} IDX dimensions; 1 to {} are read", place, dimensions, most_idx_dimensions));
  const std::size_t header = 4 * (1 + dimensions);
  if (bytes.size() < header) throw Error(fmt::format("{}: is cut off in its IDX header", place));
  for (std::size_t at = 4; at < header; at += 4)
    array.shape.push_back(std::int64_t{bytes[at]} << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
  array.bytes = std::move(bytes);
  check_size(array);
  swap_bytes(array);
  return array;
}

Array as_raw(std::vector<std::uint8_t> bytes, const std::string& place, const RawForm& raw) {
  auto example = static_cast<std::int64_t>(bytes_of(raw.type));
  for (const int extent : raw.shape) example = saturating_product({example, extent});
  const auto found = static_cast<std::int64_t>(bytes.size());
  Array array{place, raw.type, {found / example}, std::move(bytes)};
  array.shape.insert(array.shape.end(), raw.shape.begin(), raw.shape.end());
  if (found % example != 0)
    throw Error(
        fmt::format("{}: has {} bytes, which is no whole number of examples of {} bytes ({} of {}); it is cut "
                    "off, or has a header",
                    place, found, example, to_string({raw.shape.begin(), raw.shape.end()}), name_of(raw.type)));
  return array;
}

}  // namespace

Array read_array(std::vector<std::uint8_t> bytes, const std::string& place, const std::string& array,
                 const RawForm& raw) {
  bytes = decompress(std::move(bytes), place, largest_array_bytes);
  const bool says_type = is_npy(bytes) || is_npz(bytes) || (raw.type == NumberType::of_file && is_idx(bytes));
  if (!array.empty() && !is_npz(bytes))
    throw Error(fmt::format("{}: is no .npz archive, so it has no array '{}'", place, array));
  if (!says_type && raw.type == NumberType::of_file)
    throw Error(
        fmt::format("{}: is neither NumPy's (.npy, .npz) nor IDX; of raw numbers, say their type ('type', "
                    "'label_type') and, of images, 'shape'",
                    place));
  if (!says_type) return as_raw(std::move(bytes), place, raw);
  Array read = is_npy(bytes)   ? read_npy(std::move(bytes), place)
               : is_npz(bytes) ? read_npz(bytes, array, place)
                               : read_any_idx(std::move(bytes), place);
  if (raw.type != NumberType::of_file && raw.type != read.type)
    throw Error(fmt::format("{}: holds {}, and the scenario says {}; leave the type out, the file says it", place,
                            name_of(read.type), name_of(raw.type)));
  return read;
}

Array read_array(const std::filesystem::path& path, const std::string& array, const RawForm& raw) {
  return read_array(read_file(path, largest_array_bytes), path.string(), array, raw);
}

}  // namespace lutra::network
