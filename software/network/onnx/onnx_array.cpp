#include "software/network/onnx/onnx_array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstring>
#include <limits>

#include "software/common/error.h"

namespace lutra::network::importer {

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX raw data are little-endian");

using Type = onnx::TensorProto;

template <typename Stored, typename Field>
std::vector<Stored> stored_values(const onnx::TensorProto& tensor, const Field& field, std::size_t count,
                                  const std::string& place) {
  if (tensor.has_raw_data()) {
    const std::string& raw = tensor.raw_data();
    if (raw.size() != count * sizeof(Stored))
      throw Error(fmt::format("{}: has {} bytes of raw data where {} values need {}", place, raw.size(), count,
                              count * sizeof(Stored)));
    std::vector<Stored> values(count);
    if (count > 0) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  }
  if (static_cast<std::size_t>(field.size()) != count)
    throw Error(fmt::format("{}: has {} values where {} are declared", place, field.size(), count));
  std::vector<Stored> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<Stored>(field.Get(static_cast<int>(i)));
  return values;
}

float from_half(std::uint16_t bits) {
  const bool negative = (bits & 0x8000U) != 0;
  const int exponent = (bits >> 10) & 0x1F;
  const auto fraction = static_cast<float>(bits & 0x3FFU);
  float magnitude = 0;
  if (exponent == 0x1F) {
    magnitude = fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = fraction / static_cast<float>(1 << 24);
  } else {
    const float significand = 1024.0F + fraction;
    magnitude = exponent >= 25 ? significand * static_cast<float>(1 << (exponent - 25))
                               : significand / static_cast<float>(1 << (25 - exponent));
  }
  return negative ? -magnitude : magnitude;
}

template <typename Stored, typename Convert>
auto converted(const std::vector<Stored>& values, Convert convert) {
  std::vector<decltype(convert(values[0]))> result;
  result.reserve(values.size());
  for (const Stored value : values) result.push_back(convert(value));
  return result;
}

// Two to a byte, the first in the low half.
std::vector<std::int64_t> nibbles(const onnx::TensorProto& tensor, std::size_t count, bool is_signed,
                                  const std::string& place) {
  const std::vector<std::uint8_t> bytes =
      stored_values<std::uint8_t>(tensor, tensor.int32_data(), (count + 1) / 2, place);
  std::vector<std::int64_t> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int value = bytes[i / 2] >> (i % 2 * 4) & 0xF;
    values[i] = is_signed && value > 7 ? value - 16 : value;
  }
  return values;
}

std::string type_name(int type) {
  const std::string& name = onnx::TensorProto_DataType_Name(type);
  return name.empty() ? fmt::format("number {}", type) : name;
}

}  // namespace

std::int64_t count_elements(const std::vector<std::int64_t>& dims, const std::string& place) {
  std::int64_t count = 1;
  for (const std::int64_t extent : dims) {
    if (extent < 0) throw Error(fmt::format("{}: has the negative extent {}", place, extent));
    if (__builtin_mul_overflow(count, extent, &count) || count > max_values)
      throw Error(fmt::format("{}: {} has more than the {} elements that are accepted", place, describe_dims(dims),
                              max_values));
  }
  return count;
}

Array decode(const onnx::TensorProto& tensor, const std::string& place) {
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0)
    throw Error(
        fmt::format("{}: its data are in another file; save the network as one file (onnx.save_model without "
                    "save_as_external_data)",
                    place));
  if (tensor.has_segment()) throw Error(fmt::format("{}: is stored in segments, which are not supported", place));
  constexpr int most_axes = 16;
  if (tensor.dims_size() > most_axes) throw Error(fmt::format("{}: has {} dimensions", place, tensor.dims_size()));
  Array array;
  array.dims.assign(tensor.dims().begin(), tensor.dims().end());
  const auto count = static_cast<std::size_t>(count_elements(array.dims, place));
  const auto to_float = [](auto value) { return static_cast<float>(value); };
  const auto to_integer = [](auto value) { return static_cast<std::int64_t>(value); };
  array.type = tensor.data_type();
  switch (tensor.data_type()) {
    case Type::FLOAT:
      array.values = stored_values<float>(tensor, tensor.float_data(), count, place);
      break;
    case Type::DOUBLE:
      array.values = converted(stored_values<double>(tensor, tensor.double_data(), count, place), to_float);
      break;
    case Type::FLOAT16:
      array.values = converted(stored_values<std::uint16_t>(tensor, tensor.int32_data(), count, place), from_half);
      break;
    case Type::INT64:
      array.values = stored_values<std::int64_t>(tensor, tensor.int64_data(), count, place);
      break;
    case Type::INT32:
      array.values = converted(stored_values<std::int32_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    case Type::INT16:
      array.values = converted(stored_values<std::int16_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    case Type::UINT16:
      array.values = converted(stored_values<std::uint16_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    case Type::INT8:
      array.values = converted(stored_values<std::int8_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    case Type::UINT8:
      array.values = converted(stored_values<std::uint8_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    case Type::UINT32:
      array.values = converted(stored_values<std::uint32_t>(tensor, tensor.uint64_data(), count, place), to_integer);
      break;
    case int4_type:
    case uint4_type:
      array.values = nibbles(tensor, count, tensor.data_type() == int4_type, place);
      break;
    case Type::BOOL:
      array.values = converted(stored_values<std::uint8_t>(tensor, tensor.int32_data(), count, place), to_integer);
      break;
    default:
      throw Error(
          fmt::format("{}: has the element type {}; float, double, float16, bool, int64 and integers of 4 to 32 bits "
                      "are supported",
                      place, type_name(tensor.data_type())));
  }
  return array;
}

std::string printable(const std::string& name) {
  constexpr std::size_t limit = 200;
  std::string result;
  for (const char c : name.substr(0, limit)) {
    if (c >= 0x20 && c < 0x7F) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return name.size() > limit ? result + "..." : result;
}

std::string describe_dims(const std::vector<std::int64_t>& dims) {
  if (dims.empty()) return "a scalar";
  constexpr std::ptrdiff_t limit = 8;
  const bool all = std::ssize(dims) <= limit;
  return fmt::format("{}{}", fmt::join(dims.begin(), all ? dims.end() : dims.begin() + limit, "x"), all ? "" : "x...");
}

}  // namespace lutra::network::importer
