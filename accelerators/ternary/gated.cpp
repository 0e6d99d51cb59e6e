#include "accelerators/ternary/gated.h"
#include "software/common/arithmetic.h"

#include <algorithm>
#include <cstring>

namespace lutra::accelerators::ternary {

namespace {

using Vector [[gnu::vector_size(16)]] = std::int16_t;

constexpr std::size_t vector_lanes = 8;
constexpr std::size_t vectors_per_sum = 64;  // of activations of up to 8 bits, in 16 bits

Vector load(const std::int16_t* values) {
  Vector vector;
  std::memcpy(&vector, values, sizeof vector);
  return vector;
}

// Sum of x, -x or 0 per lane; -x is the complement of x plus one.
std::int32_t gated_sum(const std::int16_t* activations, const std::int16_t* gates, const std::int16_t* signs,
                       std::size_t length) {
  std::int32_t total = 0;
  for (std::size_t first = 0; first < length; first += vector_lanes * vectors_per_sum) {
    const std::size_t end = std::min(length, first + vector_lanes * vectors_per_sum);
    Vector sum{};
    for (std::size_t i = first; i < end; i += vector_lanes) {
      const Vector sign = load(signs + i);
      sum += ((load(activations + i) & load(gates + i)) ^ sign) - sign;
    }
    for (std::size_t lane = 0; lane < vector_lanes; ++lane) total += sum[lane];
  }
  return total;
}

}  // namespace

GatedDatapath::GatedDatapath(const TileWords& words)
    : stride_(round_up(words.stride, vector_lanes)),
      planes_(static_cast<std::size_t>(words.planes)),
      gates_(words.shifts.size() * planes_ * stride_),
      signs_(gates_.size()),
      shifts_(words.shifts) {
  for (std::size_t row = 0; row < words.shifts.size() * planes_; ++row)
    for (std::size_t i = 0; i < words.stride; ++i) {
      const int code = words.codes[row * words.stride + i];
      gates_[row * stride_ + i] = static_cast<std::int16_t>(-(code & 1));
      signs_[row * stride_ + i] = static_cast<std::int16_t>(-(code >> 1));
      open_gates_ += static_cast<std::uint64_t>(code & 1);
    }
}

void GatedDatapath::run(const array::PatchBatch& batch) const {
  for (std::size_t k = 0; k < batch.outputs; ++k) {
    const std::size_t output = batch.first_output + k;
    for (std::size_t p = 0; p < batch.count; ++p) {
      std::uint32_t sum = 0;
      for (std::size_t plane = 0; plane < planes_; ++plane) {
        const std::size_t row = (output * planes_ + plane) * stride_;
        const std::int32_t added = gated_sum(&batch.activations[p * stride_], &gates_[row], &signs_[row], stride_);
        sum = (sum << 1) + static_cast<std::uint32_t>(added);
      }
      batch.sums[p * batch.outputs + k] = sum << shifts_[output];
    }
  }
}

}  // namespace lutra::accelerators::ternary
