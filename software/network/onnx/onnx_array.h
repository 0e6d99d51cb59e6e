#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace lutra::network::importer {

// Of onnx::TensorProto::DataType, from ONNX 1.16 on.
inline constexpr int uint4_type = 21;
inline constexpr int int4_type = 22;

// What one import may hold as constants and as parameters, each, all together.
inline constexpr std::int64_t max_values = std::int64_t{1} << 28;

// What floats stand for in a file that comes quantised: float = value * scale, the zero point taken off.
struct Integers {
  std::vector<std::int32_t> values;
  std::vector<double> scales;  // one, or one for each index of `axis`
  std::size_t axis = 0;
  int bits = 8;  // as the file declares them
};

// A constant: row-major values. Every float type is kept as float, every integer type as int64.
struct Array {
  std::vector<std::int64_t> dims;
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
  std::shared_ptr<const Integers> integers = {};
  int type = 0;  // as the file stores it, onnx::TensorProto::DataType; 0: computed

  std::size_t size() const {
    return std::visit([](const auto& list) { return list.size(); }, values);
  }
};

// The product of `dims`. Throws Error naming `place` for a negative extent or more than max_values elements.
std::int64_t count_elements(const std::vector<std::int64_t>& dims, const std::string& place);

// Throws Error naming `place` when its data are absent, external, of the wrong size or of a type not listed here:
// float, double, float16, bool, signed and unsigned integers of 4 to 32 bits, int64.
Array decode(const onnx::TensorProto& tensor, const std::string& place);

// `name` with everything but printable ASCII escaped, and cut where it is endless.
std::string printable(const std::string& name);

// "1x3x32x32"; cut where it is endless.
std::string describe_dims(const std::vector<std::int64_t>& dims);

}  // namespace lutra::network::importer
