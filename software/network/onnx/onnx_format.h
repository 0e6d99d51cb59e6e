#pragma once

#include <cstdint>

namespace lutra::network {

// Of a file that is read: above the largest classic image classifiers, below protobuf's own limit of 2 GiB.
inline constexpr std::uintmax_t largest_onnx_bytes = std::uintmax_t{1} << 30;

// Of the files that Lutra writes.
inline constexpr int ir_version = 8;
inline constexpr int opset_version = 13;

}  // namespace lutra::network
