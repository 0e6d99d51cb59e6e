#include "software/network/data/own/array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "software/common/error.h"
#include "software/network/data/own_knobs.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

static_assert(std::endian::native == std::endian::little);

template <typename Number>
double number_at(const std::vector<std::uint8_t>& bytes, std::size_t index) {
  Number number;
  std::memcpy(&number, bytes.data() + index * sizeof number, sizeof number);
  return static_cast<double>(number);
}

}  // namespace

std::size_t bytes_of(NumberType type) {
  switch (type) {
    case NumberType::of_file:
    case NumberType::boolean:
    case NumberType::uint8:
    case NumberType::int8:
      return 1;
    case NumberType::uint16:
    case NumberType::int16:
      return 2;
    case NumberType::uint32:
    case NumberType::int32:
    case NumberType::float32:
      return 4;
    case NumberType::uint64:
    case NumberType::int64:
    case NumberType::float64:
      return 8;
  }
  return 1;
}

const char* name_of(NumberType type) { return number_types.of(type); }

bool is_whole(NumberType type) { return type != NumberType::float32 && type != NumberType::float64; }

std::string to_string(const std::vector<std::int64_t>& extents) {
  return extents.empty() ? "a single number" : fmt::format("{}", fmt::join(extents, "x"));
}

std::size_t Array::size() const { return bytes.size() / bytes_of(type); }

double Array::at(std::size_t index) const {
  switch (type) {
    case NumberType::boolean:
      return bytes[index] != 0 ? 1 : 0;
    case NumberType::of_file:
    case NumberType::uint8:
      return bytes[index];
    case NumberType::int8:
      return number_at<std::int8_t>(bytes, index);
    case NumberType::uint16:
      return number_at<std::uint16_t>(bytes, index);
    case NumberType::int16:
      return number_at<std::int16_t>(bytes, index);
    case NumberType::uint32:
      return number_at<std::uint32_t>(bytes, index);
    case NumberType::int32:
      return number_at<std::int32_t>(bytes, index);
    case NumberType::uint64:
      return number_at<std::uint64_t>(bytes, index);
    case NumberType::int64:
      return number_at<std::int64_t>(bytes, index);
    case NumberType::float32:
      return number_at<float>(bytes, index);
    case NumberType::float64:
      return number_at<double>(bytes, index);
  }
  return 0;
}

void check_size(const Array& array) {
  auto expected = static_cast<std::int64_t>(bytes_of(array.type));
  for (const std::int64_t extent : array.shape) expected = saturating_product({expected, extent});
  const auto found = static_cast<std::int64_t>(array.bytes.size());
  if (found != expected)
    throw Error(fmt::format("{}: declares {} of {} and holds {} bytes of them; it is {}", array.place,
                            to_string(array.shape), name_of(array.type), found,
                            found < expected ? "cut off" : "followed by something else"));
}

void swap_bytes(Array& array) {
  const auto width = static_cast<std::ptrdiff_t>(bytes_of(array.type));
  for (auto at = array.bytes.begin(); at != array.bytes.end(); at += width) std::reverse(at, at + width);
}

}  // namespace lutra::network
