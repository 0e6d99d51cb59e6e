#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <set>

#include "software/common/error.h"
#include "software/common/overload.h"
#include "software/network/encoding/encoding.h"

namespace lutra::network {

namespace {

constexpr int table_entry_bits = 8;
constexpr ValueRange byte_range{-128, 127};

int index_bits(const std::vector<int>& exponents) { return std::bit_width(static_cast<unsigned>(exponents.size())); }

std::vector<int> sorted(const std::set<int>& values) { return {values.begin(), values.end()}; }

std::vector<int> power_values(const PowerOfTwoWeights& encoding) {
  std::set<int> magnitudes{0};
  for (const std::vector<int>& term : encoding.terms) {
    std::set<int> sums = magnitudes;
    for (const int exponent : term)
      for (const int magnitude : magnitudes) sums.insert(magnitude + (1 << exponent));
    magnitudes = sums;
  }
  std::set<int> values;
  for (const int magnitude : magnitudes) values.insert({-magnitude, magnitude});
  return sorted(values);
}

int letter(PlaneAlphabet alphabet, bool bit) {
  if (alphabet == PlaneAlphabet::signs) return bit ? 1 : -1;
  if (!bit) return 0;
  return alphabet == PlaneAlphabet::positive ? 1 : -1;
}

std::vector<int> plane_values(const PlaneWeights& encoding, int output_channel) {
  const std::size_t planes = encoding.planes.size();
  std::set<int> values;
  for (unsigned code = 0; code < 1u << planes; ++code) {
    int value = 0;
    for (std::size_t p = 0; p < planes; ++p)
      value += encoding.coefficients[static_cast<std::size_t>(output_channel) * planes + p] *
               letter(encoding.planes[p], (code >> p & 1u) != 0);
    values.insert(value);
  }
  return sorted(values);
}

int channels_of(const WeightEncoding& encoding) {
  const auto* planes = std::get_if<PlaneWeights>(&encoding);
  return planes == nullptr ? 1 : static_cast<int>(planes->coefficients.size() / planes->planes.size());
}

template <typename... Arguments>
[[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  throw Error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

void check(const UniformWeights& encoding, int) {
  if (encoding.bits < 2 || encoding.bits > 8) refuse("weights of {} bits are not within 2..8", encoding.bits);
}

void check(const TernaryWeights&, int) {}

void check(const PowerOfTwoWeights& encoding, int) {
  if (encoding.terms.empty() || encoding.terms.size() > 2)
    refuse("power-of-two weights of {} terms; one or two are possible", encoding.terms.size());
  for (const std::vector<int>& term : encoding.terms) {
    if (term.empty() || term.size() > 15) refuse("a term of {} exponents; 1 to 15 are possible", term.size());
    for (std::size_t i = 0; i < term.size(); ++i)
      if (term[i] < 0 || term[i] > 7 || (i > 0 && term[i] <= term[i - 1]))
        refuse("exponent {} is not within 0..7, or not above the one before it", term[i]);
  }
}

void check(const PlaneWeights& encoding, int output_channels) {
  if (encoding.planes.empty() || encoding.planes.size() > 8)
    refuse("weights of {} planes; 1 to 8 are possible", encoding.planes.size());
  if (encoding.coefficients.size() != encoding.planes.size() * static_cast<std::size_t>(output_channels))
    refuse("{} coefficients for {} planes of {} output channels", encoding.coefficients.size(), encoding.planes.size(),
           output_channels);
  for (const PlaneAlphabet alphabet : encoding.planes)
    if (alphabet < PlaneAlphabet::signs || alphabet > PlaneAlphabet::negative) refuse("a plane of no known alphabet");
  for (const std::int16_t coefficient : encoding.coefficients)
    if (coefficient < byte_range.lowest || coefficient > byte_range.highest)
      refuse("coefficient {} is not within {}..{}", coefficient, byte_range.lowest, byte_range.highest);
}

void check(const CodebookWeights& encoding, int) {
  if (encoding.bits < 1 || encoding.bits > 6) refuse("a codebook of {} bits is not within 1..6", encoding.bits);
  if (encoding.table.size() != std::size_t{1} << encoding.bits)
    refuse("{} table entries for {} bits", encoding.table.size(), encoding.bits);
  for (std::size_t i = 1; i < encoding.table.size(); ++i)
    if (encoding.table[i] <= encoding.table[i - 1])
      refuse("table entry {} is not above the one before it", encoding.table[i]);
}

}  // namespace

int storage_bits(const WeightEncoding& encoding) {
  return std::visit(Overload{[](const UniformWeights& e) { return e.bits; }, [](const TernaryWeights&) { return 2; },
                             [](const PowerOfTwoWeights& e) {
                               int bits = 1;
                               for (const auto& term : e.terms) bits += index_bits(term);
                               return bits;
                             },
                             [](const PlaneWeights& e) { return static_cast<int>(e.planes.size()); },
                             [](const CodebookWeights& e) { return e.bits; }},
                    encoding);
}

std::int64_t table_bits(const WeightEncoding& encoding) {
  std::size_t entries = 0;
  if (const auto* planes = std::get_if<PlaneWeights>(&encoding)) entries = planes->coefficients.size();
  if (const auto* codebook = std::get_if<CodebookWeights>(&encoding)) entries = codebook->table.size();
  return static_cast<std::int64_t>(entries) * table_entry_bits;
}

std::vector<int> weight_values(const WeightEncoding& encoding, int output_channel) {
  return std::visit(Overload{[](const UniformWeights& e) {
                               std::vector<int> values;
                               for (int value = -(1 << (e.bits - 1)); value < 1 << (e.bits - 1); ++value)
                                 values.push_back(value);
                               return values;
                             },
                             [](const TernaryWeights&) {
                               return std::vector{-1, 0, 1};
                             },
                             [](const PowerOfTwoWeights& e) { return power_values(e); },
                             [&](const PlaneWeights& e) { return plane_values(e, output_channel); },
                             [](const CodebookWeights& e) { return std::vector<int>(e.table.begin(), e.table.end()); }},
                    encoding);
}

ValueRange weight_range(const WeightEncoding& encoding) {
  ValueRange range;
  for (int channel = 0; channel < channels_of(encoding); ++channel) {
    const std::vector<int> values = weight_values(encoding, channel);
    range.lowest = std::min(range.lowest, values.front());
    range.highest = std::max(range.highest, values.back());
  }
  return range;
}

int value_bits(const WeightEncoding& encoding) {
  const ValueRange range = weight_range(encoding);
  int bits = 2;
  while (range.lowest < -(1 << (bits - 1)) || range.highest >= 1 << (bits - 1)) ++bits;
  return bits;
}

std::string encoding_name(const WeightEncoding& encoding) {
  return std::visit(Overload{[](const UniformWeights& e) { return fmt::format("{}-bit integers", e.bits); },
                             [](const TernaryWeights&) { return std::string("ternary"); },
                             [&](const PowerOfTwoWeights& e) {
                               return fmt::format("{}-bit {}", storage_bits(encoding),
                                                  e.terms.size() == 1 ? "powers of two" : "sums of two powers of two");
                             },
                             [](const PlaneWeights& e) { return fmt::format("{} bit planes", e.planes.size()); },
                             [](const CodebookWeights& e) { return fmt::format("{}-bit codebook", e.bits); }},
                    encoding);
}

void check_encoding(const WeightEncoding& encoding, int output_channels) {
  std::visit([&](const auto& e) { check(e, output_channels); }, encoding);
  const ValueRange range = weight_range(encoding);
  if (range.lowest < byte_range.lowest || range.highest > byte_range.highest)
    refuse("its {} reach {}..{}, beyond the {}..{} that a weight may be", encoding_name(encoding), range.lowest,
           range.highest, byte_range.lowest, byte_range.highest);
}

}  // namespace lutra::network
