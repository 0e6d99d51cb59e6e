#pragma once

#include <cstddef>
#include <cstdint>

namespace lutra::network {

// Of a file that is read: above the largest classic image classifiers, below protobuf's own limit of 2 GiB.
inline constexpr std::uintmax_t largest_onnx_bytes = std::uintmax_t{1} << 30;

// The memory that parsing takes. Eight bytes for a varint of one is the most that honest content needs; the rest is for
// small files.
inline constexpr std::size_t memory_per_file_byte = 10;
inline constexpr std::size_t memory_of_any_file = std::size_t{64} << 20;

// Of the files that Lutra writes.
inline constexpr int ir_version = 8;
inline constexpr int opset_version = 13;

}  // namespace lutra::network
