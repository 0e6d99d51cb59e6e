#include "accelerators/shift_add/planes.h"

#include <fmt/format.h>

#include <bit>
#include <map>

#include "accelerators/array/words.h"
#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::shift_add {

namespace {

constexpr int alphabet_bits = 2;
constexpr int most_planes = 8;
constexpr unsigned sign_bit = 8;

bool is_power_of_two(int coefficient) {
  return coefficient == 0 || std::has_single_bit(static_cast<unsigned>(std::abs(coefficient)));
}

unsigned encode_shift(int coefficient) {
  if (coefficient == 0) return no_shift;
  const auto exponent = static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(std::abs(coefficient))));
  return exponent | (coefficient < 0 ? sign_bit : 0);
}

std::vector<int> coefficients(const network::WeightEncoding& encoding, int output) {
  if (const auto* integers = std::get_if<network::UniformWeights>(&encoding)) {
    std::vector<int> powers;
    for (int bit = 0; bit < integers->bits; ++bit) powers.push_back(1 << bit);
    powers.back() = -powers.back();
    return powers;
  }
  if (std::holds_alternative<network::TernaryWeights>(encoding)) return {1, 1};
  const auto& planes = std::get<network::PlaneWeights>(encoding);
  const std::size_t count = planes.planes.size();
  const std::size_t first = static_cast<std::size_t>(output) * count;
  if (output < 0 || first + count > planes.coefficients.size())
    throw Error(
        fmt::format("{} plane coefficients hold none of output channel {}", planes.coefficients.size(), output));
  const auto begin = planes.coefficients.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

// The lowest code of each value there is.
std::map<int, std::uint8_t> codes_of_values(const Planes& planes, const std::vector<int>& coefficients) {
  std::map<int, std::uint8_t> codes;
  for (unsigned code = 0; code < 1u << planes.count(); ++code) {
    int value = 0;
    for (int p = 0; p < planes.count(); ++p)
      if (const Letter l = letter(planes.alphabet(p), (code >> p & 1u) != 0); l.present)
        value += l.negative ? -coefficients[static_cast<std::size_t>(p)] : coefficients[static_cast<std::size_t>(p)];
    codes.emplace(value, static_cast<std::uint8_t>(code));
  }
  return codes;
}

}  // namespace

Letter letter(PlaneAlphabet alphabet, bool bit) {
  if (alphabet == PlaneAlphabet::signs) return {true, !bit};
  return {bit, alphabet == PlaneAlphabet::negative};
}

Shift decode_shift(unsigned code) {
  if (code == no_shift) return {};
  return {true, (code & sign_bit) != 0, static_cast<int>(code & 7u)};
}

Planes::Planes(const network::WeightEncoding& encoding) {
  if (const auto* integers = std::get_if<network::UniformWeights>(&encoding))
    alphabets_.assign(static_cast<std::size_t>(integers->bits), PlaneAlphabet::positive);
  else if (std::holds_alternative<network::TernaryWeights>(encoding))
    alphabets_ = {PlaneAlphabet::positive, PlaneAlphabet::negative};
  else
    alphabets_ = std::get<network::PlaneWeights>(encoding).planes;
}

Planes::Planes(int format, int count) {
  for (int p = 0; p < count; ++p)
    alphabets_.push_back(static_cast<PlaneAlphabet>(format >> (p * alphabet_bits) & ((1 << alphabet_bits) - 1)));
}

std::string Planes::refuses_encoding(const network::WeightEncoding& encoding) {
  if (std::holds_alternative<network::PowerOfTwoWeights>(encoding) ||
      std::holds_alternative<network::CodebookWeights>(encoding))
    return fmt::format("weights of {}: its planes have one coefficient per output channel",
                       network::encoding_name(encoding));
  const auto* planes = std::get_if<network::PlaneWeights>(&encoding);
  if (planes == nullptr) return {};
  if (planes->planes.empty() || planes->planes.size() > most_planes)
    return fmt::format("weights of {} planes", planes->planes.size());
  for (const std::int16_t coefficient : planes->coefficients)
    if (!is_power_of_two(coefficient) || coefficient > 64 || coefficient < -128)
      return fmt::format("a plane coefficient of {}, which is not a power of two of -128..64", coefficient);
  return {};
}

std::string Planes::refuses_format(int format, int count) {
  if (count < 1 || count > most_planes) return fmt::format("weights of {} planes", count);
  if (format < 0 || format >> (count * alphabet_bits) != 0) return fmt::format("weight format {}", format);
  for (const PlaneAlphabet alphabet : Planes(format, count).alphabets_)
    if (alphabet > PlaneAlphabet::negative) return fmt::format("weight format {}", format);
  return {};
}

int Planes::format() const {
  int format = 0;
  for (int p = 0; p < count(); ++p) format |= static_cast<int>(alphabet(p)) << (p * alphabet_bits);
  return format;
}

PlaneBlock plane_block(const WeightBlock& block, const network::WeightEncoding& encoding) {
  array::check_block(block);
  const Planes planes(encoding);
  const bool per_output = std::holds_alternative<network::PlaneWeights>(encoding);
  const std::size_t per_channel = block.values.size() / static_cast<std::size_t>(std::max(block.channels, 1));
  PlaneBlock result;
  std::map<int, std::uint8_t> codes;
  std::vector<int> powers;
  for (int k = 0; k < block.channels; ++k) {
    if (k == 0 || per_output) {
      powers = coefficients(encoding, block.first_output + k);
      codes = codes_of_values(planes, powers);
    }
    for (const int coefficient : powers) result.shifts.push_back(static_cast<std::uint8_t>(encode_shift(coefficient)));
    for (std::size_t i = 0; i < per_channel; ++i) {
      const std::int16_t value = block.values[static_cast<std::size_t>(k) * per_channel + i];
      const auto found = codes.find(value);
      if (found == codes.end())
        throw Error(
            fmt::format("weight {} of output channel {} is none of its planes' sums", value, block.first_output + k));
      result.codes.push_back(found->second);
    }
  }
  return result;
}

}  // namespace lutra::accelerators::shift_add
