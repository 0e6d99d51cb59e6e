#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lutra::accelerators::array {

// sums[p * outputs + k] = sum over i of patches[p * length + i] * weights[k * length + i], modulo 2^32.
// `length` is a multiple of 16, `outputs` of 4 and `patches` counts a multiple of 2: callers pad with zeros.
struct DotProducts {
  const std::int16_t* weights = nullptr;
  const std::int16_t* patches = nullptr;
  std::size_t length = 0;
  std::size_t outputs = 0;
  std::size_t patch_count = 0;
  std::uint32_t* sums = nullptr;
};

inline constexpr std::size_t dot_length_multiple = 16;
inline constexpr std::size_t dot_outputs_multiple = 4;
inline constexpr std::size_t dot_patches_multiple = 2;

struct DotKernel {
  std::string name;
  void (*run)(const DotProducts&) = nullptr;
};

// The kernels this machine can run, the fastest first. All give the same bits.
const std::vector<DotKernel>& dot_kernels();

}  // namespace lutra::accelerators::array
