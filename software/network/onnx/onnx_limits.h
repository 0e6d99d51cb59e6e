#pragma once

#include <cstdint>

namespace lutra::network {

// Above the largest classic image classifiers, below protobuf's own limit of 2 GiB.
inline constexpr std::uintmax_t largest_onnx_bytes = std::uintmax_t{1} << 30;

}  // namespace lutra::network
