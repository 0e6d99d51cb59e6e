#include "software/network/data/own/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "software/common/error.h"

namespace lutra::network {

namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";
constexpr std::size_t most_dimensions = 8;

struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

// Reads the dictionary that a header is: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class NpyHeaderReader {
 public:
  NpyHeaderReader(std::string_view text, const std::string& place) : text_(text), place_(place) {}

  NpyHeader read() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = word();
      expect(':');
      if (key == "descr" && !std::exchange(has_descr, true))
        header.descr = descr();
      else if (key == "fortran_order" && !std::exchange(has_order, true))
        header.fortran_order = truth();
      else if (key == "shape" && !std::exchange(has_shape, true))
        header.shape = extents();
      else
        fail(fmt::format("key '{}' is unknown or there twice", key.substr(0, 20)));
      if (take(',')) continue;
      expect('}');
      break;
    }
    if (!skip_spaces().empty()) fail("something follows its dictionary");
    if (!has_descr || !has_order || !has_shape) fail("one of descr, fortran_order and shape is missing");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(fmt::format("{}: its NumPy header cannot be read: {}; write the file with numpy.save", place_, what));
  }
  std::string_view skip_spaces() {
    const std::size_t start = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(std::min(start, text_.size()));
    return text_;
  }
  bool take(char wanted) {
    if (!skip_spaces().starts_with(wanted)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) fail(fmt::format("'{}' is missing", wanted));
  }
  std::string word() {
    const std::string_view rest = skip_spaces();
    if (!rest.starts_with('\'') && !rest.starts_with('"')) fail("a quoted word is missing");
    const std::size_t end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) fail("a quotation mark is missing");
    text_.remove_prefix(end + 1);
    return std::string(rest.substr(1, end - 1));
  }
  std::string descr() {
    if (skip_spaces().starts_with('['))
      throw Error(fmt::format("{}: holds records; save one plain array of numbers", place_));
    return word();
  }
  bool truth() {
    for (const std::string_view name : {"True", "False"})
      if (skip_spaces().starts_with(name)) {
        text_.remove_prefix(name.size());
        return name == "True";
      }
    fail("fortran_order is neither True nor False");
  }
  std::vector<std::int64_t> extents() {
    std::vector<std::int64_t> result;
    expect('(');
    while (!take(')')) {
      if (result.size() == most_dimensions) fail(fmt::format("shape has more than {} extents", most_dimensions));
      std::int64_t extent = 0;
      const std::string_view rest = skip_spaces();
      const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
      if (status != std::errc() || extent < 0) fail("shape holds something else than whole numbers from 0");
      text_.remove_prefix(static_cast<std::size_t>(end - rest.data()));
      result.push_back(extent);
      if (take(',')) continue;
      expect(')');
      break;
    }
    return result;
  }

  std::string_view text_;
  const std::string& place_;
};

NumberType type_of(const std::string& descr, const std::string& place) {
  constexpr std::pair<std::string_view, NumberType> types[] = {
      {"b1", NumberType::boolean}, {"u1", NumberType::uint8},   {"i1", NumberType::int8},   {"u2", NumberType::uint16},
      {"i2", NumberType::int16},   {"u4", NumberType::uint32},  {"i4", NumberType::int32},  {"u8", NumberType::uint64},
      {"i8", NumberType::int64},   {"f4", NumberType::float32}, {"f8", NumberType::float64}};
  const bool has_order = !descr.empty() && std::string_view("<>|=").find(descr.front()) != std::string_view::npos;
  for (const auto& [name, type] : types)
    if (has_order && descr.substr(1) == name) return type;
  throw Error(
      fmt::format("{}: holds numbers of the type '{}'; float32 and float64, whole numbers of 8 to 64 bits and bool are "
                  "read: convert it, as numpy.save(file, array.astype('float32'))",
                  place, descr.substr(0, 20)));
}

// From the first extent varying fastest to the last doing so.
void transpose(Array& array) {
  const std::size_t width = bytes_of(array.type);
  std::vector<std::uint8_t> result(array.bytes.size());
  std::vector<std::int64_t> index(array.shape.size());
  for (std::size_t from = 0; from < array.size(); ++from) {
    std::int64_t to = 0;
    for (std::size_t i = 0; i < index.size(); ++i) to = to * array.shape[i] + index[i];
    std::copy_n(array.bytes.begin() + static_cast<std::ptrdiff_t>(from * width), width,
                result.begin() + to * static_cast<std::int64_t>(width));
    for (std::size_t i = 0; i < index.size() && ++index[i] == array.shape[i]; ++i) index[i] = 0;
  }
  array.bytes = std::move(result);
}

}  // namespace

bool is_npy(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= npy_magic.size() &&
         std::equal(npy_magic.begin(), npy_magic.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

Array read_npy(std::vector<std::uint8_t> bytes, const std::string& place) {
  if (!is_npy(bytes)) throw Error(fmt::format("{}: does not begin as a NumPy array; write it with numpy.save", place));
  const std::size_t version_at = npy_magic.size();
  if (bytes.size() < version_at + 6) throw Error(fmt::format("{}: is cut off in its NumPy header", place));
  const int version = bytes[version_at];
  if (version < 1 || version > 3)
    throw Error(fmt::format("{}: has version {} of NumPy's format; 1 to 3 are read", place, version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t header_at = version_at + 2 + length_bytes;
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | bytes[version_at + 2 + i];
  if (length > bytes.size() - header_at) throw Error(fmt::format("{}: is cut off in its NumPy header", place));
  const std::string text(bytes.begin() + static_cast<std::ptrdiff_t>(header_at),
                         bytes.begin() + static_cast<std::ptrdiff_t>(header_at + length));
  const NpyHeader header = NpyHeaderReader(text, place).read();
  Array array{place, type_of(header.descr, place), header.shape, {}};
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header_at + length));
  array.bytes = std::move(bytes);
  check_size(array);
  if (header.descr.front() == '>') swap_bytes(array);
  if (header.fortran_order && array.shape.size() > 1) transpose(array);
  return array;
}

}  // namespace lutra::network
