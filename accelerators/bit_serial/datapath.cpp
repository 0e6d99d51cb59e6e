#include "accelerators/bit_serial/datapath.h"

#include <bit>

namespace lutra::accelerators::bit_serial {

namespace {

constexpr std::size_t word_bits = 64;

std::size_t planes_of_weights(const PlaneOperands& operands) {
  return static_cast<std::size_t>(operands.planes.passes_of_weights());
}

// What an activation's bit counts.
std::int32_t activation_coefficient(const PlaneOperands& operands, int bit) {
  if (!operands.levels.empty()) return operands.levels[std::size_t{1} << bit];
  const bool negative = operands.activation_signed && bit == operands.activation_bits - 1;
  return negative ? -(1 << bit) : 1 << bit;
}

std::int32_t gated_sum(const std::int16_t* values, const std::int16_t* mask, std::size_t count) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<std::int16_t>(values[i] & mask[i]);
  return sum;
}

}  // namespace

WeightSerial::WeightSerial(const PlaneOperands& operands) : operands_(operands) {
  const std::size_t planes = planes_of_weights(operands);
  const std::size_t outputs = operands.codes.size() / operands.stride;
  masks_.resize(outputs * planes * operands.stride);
  for (std::size_t k = 0; k < outputs; ++k)
    for (std::size_t plane = 0; plane < planes; ++plane)
      for (std::size_t i = 0; i < operands.elements; ++i) {
        const bool ones = plane == static_cast<std::size_t>(operands.planes.weight_planes);
        const bool set = ones || (operands.codes[k * operands.stride + i] >> plane & 1u) != 0;
        masks_[(k * planes + plane) * operands.stride + i] = set ? std::int16_t{-1} : std::int16_t{0};
      }
}

void WeightSerial::operator()(const array::PatchBatch& batch) {
  const std::int16_t* patches = batch.activations.data();
  if (!operands_.levels.empty()) {
    values_.assign(batch.activations.begin(), batch.activations.end());
    const unsigned mask = (1u << operands_.activation_bits) - 1;
    for (std::int16_t& value : values_) value = operands_.levels[static_cast<unsigned>(value) & mask];
    patches = values_.data();
  }
  const std::size_t planes = planes_of_weights(operands_);
  for (std::size_t p = 0; p < batch.count; ++p)
    for (std::size_t k = 0; k < batch.outputs; ++k) {
      const std::size_t output = batch.first_output + k;
      std::uint32_t sum = 0;
      for (std::size_t plane = 0; plane < planes; ++plane) {
        const std::int32_t part = gated_sum(patches + p * batch.stride,
                                            &masks_[(output * planes + plane) * operands_.stride], operands_.stride);
        sum += static_cast<std::uint32_t>(part) *
               static_cast<std::uint32_t>(operands_.coefficients[output * planes + plane]);
      }
      batch.sums[p * batch.outputs + k] = sum;
    }
}

PlanePairs::PlanePairs(const PlaneOperands& operands) : operands_(operands) {
  const auto planes = static_cast<std::size_t>(operands.planes.weight_planes);
  const std::size_t outputs = operands.codes.size() / operands.stride;
  const std::size_t words = operands.stride / word_bits;
  weights_.resize(outputs * planes * words);
  for (std::size_t k = 0; k < outputs; ++k)
    for (std::size_t plane = 0; plane < planes; ++plane)
      for (std::size_t i = 0; i < operands.elements; ++i)
        weights_[(k * planes + plane) * words + i / word_bits] |=
            std::uint64_t{operands.codes[k * operands.stride + i] >> plane & 1u} << i % word_bits;
  activations_.resize(static_cast<std::size_t>(operands.activation_bits) * words);
  counts_of_activations_.resize(static_cast<std::size_t>(operands.activation_bits));
}

void PlanePairs::operator()(const array::PatchBatch& batch) {
  const std::size_t words = operands_.stride / word_bits;
  const auto planes = static_cast<std::size_t>(operands_.planes.weight_planes);
  const std::size_t coefficients = planes_of_weights(operands_);
  const auto bits = static_cast<std::size_t>(operands_.activation_bits);
  for (std::size_t p = 0; p < batch.count; ++p) {
    std::fill(activations_.begin(), activations_.end(), 0);
    const std::int16_t* patch = &batch.activations[p * batch.stride];
    for (std::size_t i = 0; i < operands_.elements; ++i)
      for (std::size_t bit = 0; bit < bits; ++bit)
        activations_[bit * words + i / word_bits] |= std::uint64_t{static_cast<unsigned>(patch[i]) >> bit & 1u}
                                                     << i % word_bits;
    for (std::size_t bit = 0; bit < bits; ++bit) {
      counts_of_activations_[bit] = 0;
      for (std::size_t w = 0; w < words; ++w)
        counts_of_activations_[bit] += std::popcount(activations_[bit * words + w]);
    }
    for (std::size_t k = 0; k < batch.outputs; ++k) {
      const std::size_t output = batch.first_output + k;
      std::uint32_t sum = 0;
      for (std::size_t bit = 0; bit < bits; ++bit) {
        std::uint32_t of_bit = 0;
        for (std::size_t plane = 0; plane < coefficients; ++plane) {
          std::int32_t count = counts_of_activations_[bit];
          if (plane < planes) {
            count = 0;
            for (std::size_t w = 0; w < words; ++w)
              count += std::popcount(weights_[(output * planes + plane) * words + w] & activations_[bit * words + w]);
          }
          of_bit += static_cast<std::uint32_t>(count) *
                    static_cast<std::uint32_t>(operands_.coefficients[output * coefficients + plane]);
        }
        sum += of_bit * static_cast<std::uint32_t>(activation_coefficient(operands_, static_cast<int>(bit)));
      }
      batch.sums[p * batch.outputs + k] = sum;
    }
  }
}

}  // namespace lutra::accelerators::bit_serial
