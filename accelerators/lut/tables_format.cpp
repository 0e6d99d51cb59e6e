#include "accelerators/lut/tables_format.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdlib>

#include "accelerators/array/words.h"
#include "software/common/error.h"

namespace lutra::accelerators::lut {

namespace {

using network::PlaneAlphabet;

constexpr std::uint8_t negative_shift = 0x80;
constexpr unsigned exponent_mask = 0xF;
constexpr int lowest_weight = -128;
constexpr int weight_values = 256;

int letter(PlaneAlphabet alphabet, bool bit) {
  if (alphabet == PlaneAlphabet::signs) return bit ? 1 : -1;
  return !bit ? 0 : alphabet == PlaneAlphabet::positive ? 1 : -1;
}

// The smallest code of each value of one output channel, -1 where there is none.
std::array<int, weight_values> codes_of_values(const network::PlaneWeights& weights, int output_channel) {
  std::array<int, weight_values> codes;
  codes.fill(-1);
  const std::size_t planes = weights.planes.size();
  for (int code = (1 << planes) - 1; code >= 0; --code) {
    int value = 0;
    for (std::size_t p = 0; p < planes; ++p)
      value += weights.coefficients[static_cast<std::size_t>(output_channel) * planes + p] *
               letter(weights.planes[p], (code >> p & 1) != 0);
    const int place = value - lowest_weight;
    if (place >= 0 && place < weight_values) codes[static_cast<std::size_t>(place)] = code;
  }
  return codes;
}

}  // namespace

// With the bit b, B = 2b - 1 and x a plane's activations: full tables give T = sum b x, half tables S = sum B x, and
// X = sum x. Signs: c sum B x = 2c T - c X = c S. Bits: c T = (c S + c X) / 2.
std::vector<int> plane_terms(const network::PlaneWeights& weights, int output_channel, bool half) {
  const std::size_t planes = weights.planes.size();
  std::vector<int> terms;
  int offset = 0;
  for (std::size_t p = 0; p < planes; ++p) {
    const int coefficient = weights.coefficients[static_cast<std::size_t>(output_channel) * planes + p];
    if (weights.planes[p] == PlaneAlphabet::signs) {
      terms.push_back(2 * coefficient);
      if (!half) offset -= coefficient;
    } else {
      const int signed_coefficient = weights.planes[p] == PlaneAlphabet::positive ? coefficient : -coefficient;
      terms.push_back(signed_coefficient);
      if (half) offset += signed_coefficient;
    }
  }
  terms.push_back(offset);
  return terms;
}

bool needs_offset(const network::PlaneWeights& weights, bool half) {
  const int channels = static_cast<int>(weights.coefficients.size() / weights.planes.size());
  for (int channel = 0; channel < channels; ++channel)
    if (plane_terms(weights, channel, half).back() != 0) return true;
  return false;
}

bool is_signed_power_of_two(int term) { return std::popcount(static_cast<unsigned>(std::abs(term))) <= 1; }

void append_term(int term, Combination combination, std::vector<std::uint8_t>& bytes) {
  if (combination == Combination::multiply) {
    bytes.push_back(static_cast<std::uint8_t>(term & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(term >> 8 & 0xFF));
    return;
  }
  if (!is_signed_power_of_two(term)) throw Error(fmt::format("a coefficient of {} is not a power of two", term));
  const int code = std::bit_width(static_cast<unsigned>(std::abs(term)));
  bytes.push_back(static_cast<std::uint8_t>(term < 0 ? code | negative_shift : code));
}

int read_term(const std::uint8_t* bytes, Combination combination) {
  if (combination == Combination::multiply) return static_cast<std::int16_t>(bytes[0] | bytes[1] << 8);
  const unsigned code = *bytes & exponent_mask;
  const int term = code == 0 ? 0 : 1 << (code - 1);
  return (*bytes & negative_shift) != 0 ? -term : term;
}

std::vector<std::uint8_t> integer_codes(const WeightBlock& block, int bits) {
  if (bits < 1 || bits > 8) throw Error(fmt::format("weights of {} bits; 1 to 8 can be packed", bits));
  const int half = 1 << (bits - 1);
  std::vector<std::uint8_t> codes;
  codes.reserve(block.values.size());
  for (const std::int16_t value : block.values) {
    if (value < -half || value >= half) throw Error(fmt::format("weight {} does not fit {} signed bits", value, bits));
    unsigned code = 0;
    for (int bit = 0; bit < bits; ++bit) code |= (static_cast<unsigned>(value) >> bit & 1u) << (bits - 1 - bit);
    codes.push_back(static_cast<std::uint8_t>(code));
  }
  return codes;
}

std::vector<std::uint8_t> plane_codes(const WeightBlock& block, const network::PlaneWeights& weights) {
  array::check_block(block);
  const std::size_t per_channel = block.values.size() / static_cast<std::size_t>(block.channels);
  const auto known = static_cast<int>(weights.coefficients.size() / weights.planes.size());
  if (block.first_output + block.channels > known)
    throw Error(fmt::format("plane coefficients of {} output channels for the channels up to {}", known,
                            block.first_output + block.channels));
  std::vector<std::uint8_t> codes;
  codes.reserve(block.values.size());
  for (int channel = 0; channel < block.channels; ++channel) {
    const auto of_value = codes_of_values(weights, block.first_output + channel);
    for (const std::int16_t value : block.values.subspan(channel * per_channel, per_channel)) {
      const int place = value - lowest_weight;
      const int code = place < 0 || place >= weight_values ? -1 : of_value[static_cast<std::size_t>(place)];
      if (code < 0)
        throw Error(fmt::format("weight {} of output channel {} is not a sum of its planes", value,
                                block.first_output + channel));
      codes.push_back(static_cast<std::uint8_t>(code));
    }
  }
  return codes;
}

}  // namespace lutra::accelerators::lut
