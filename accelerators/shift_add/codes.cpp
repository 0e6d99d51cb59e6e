#include "accelerators/shift_add/codes.h"

#include <fmt/format.h>

#include <bit>

#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::shift_add {

namespace {

constexpr int kind_bits = 2;
constexpr int exponents_per_term = 7;  // 0..6: no weight reaches 2^7
constexpr unsigned term_mask = (1u << exponents_per_term) - 1;

std::vector<int> exponents_of(unsigned mask) {
  std::vector<int> exponents;
  for (int e = 0; e < exponents_per_term; ++e)
    if ((mask >> e & 1u) != 0) exponents.push_back(e);
  return exponents;
}

unsigned mask_of(const std::vector<int>& exponents) {
  unsigned mask = 0;
  for (const int e : exponents) mask |= 1u << e;
  return mask;
}

// Radix-4 Booth recoding: digit i of a two's-complement integer is -2, -1, 0, 1 or 2 times 4^i, from bits 2i+1, 2i and
// 2i-1.
Digit booth_digit(unsigned code, int bits, int index) {
  const unsigned extended = (code >> (bits - 1) & 1u) != 0 ? code | ~0u << bits : code;
  const unsigned window = (extended << 1 >> (2 * index)) & 7u;
  const bool two = window == 3 || window == 4;
  return {window != 0 && window != 7, (window & 4u) != 0, 2 * index + (two ? 1 : 0)};
}

}  // namespace

Codes::Codes(const network::WeightEncoding& encoding) : bits_(network::storage_bits(encoding)) {
  if (std::holds_alternative<network::TernaryWeights>(encoding)) kind_ = Kind::ternary;
  if (const auto* powers = std::get_if<network::PowerOfTwoWeights>(&encoding)) {
    kind_ = Kind::powers;
    exponents_ = powers->terms;
  }
}

Codes::Codes(int format, int bits) : kind_(static_cast<Kind>(format & ((1 << kind_bits) - 1))), bits_(bits) {
  if (kind_ != Kind::powers) return;
  for (int term = 0; term < 2; ++term)
    if (const unsigned mask = static_cast<unsigned>(format) >> (kind_bits + term * exponents_per_term) & term_mask)
      exponents_.push_back(exponents_of(mask));
}

std::string Codes::refuses_encoding(const network::WeightEncoding& encoding) {
  if (std::holds_alternative<network::PlaneWeights>(encoding) ||
      std::holds_alternative<network::CodebookWeights>(encoding))
    return fmt::format("weights of {}: its shifters take powers of two", network::encoding_name(encoding));
  if (const auto* powers = std::get_if<network::PowerOfTwoWeights>(&encoding)) {
    if (powers->terms.empty() || powers->terms.size() > 2)
      return fmt::format("power-of-two weights of {} terms", powers->terms.size());
    for (const std::vector<int>& term : powers->terms)
      for (const int exponent : term)
        if (exponent < 0 || exponent >= exponents_per_term)
          return fmt::format("exponent {}: its codes hold 0..{}", exponent, exponents_per_term - 1);
  }
  return {};
}

std::string Codes::refuses_format(int format, int bits) {
  const unsigned kind = static_cast<unsigned>(format) & ((1u << kind_bits) - 1);
  const unsigned masks = static_cast<unsigned>(format) >> kind_bits;
  if (kind == static_cast<unsigned>(Kind::powers)) {
    const unsigned first = masks & term_mask;
    const unsigned second = masks >> exponents_per_term;
    if (first == 0 || second > term_mask) return fmt::format("weight format {}", format);
    const int expected = 1 + std::bit_width(static_cast<unsigned>(std::popcount(first))) +
                         std::bit_width(static_cast<unsigned>(std::popcount(second)));
    if (bits != expected) return fmt::format("{}-bit codes of the powers of two in weight format {}", bits, format);
    return {};
  }
  if (kind > static_cast<unsigned>(Kind::powers) || masks != 0) return fmt::format("weight format {}", format);
  if (kind == static_cast<unsigned>(Kind::ternary) ? bits != 2 : bits < 2 || bits > 8)
    return fmt::format("{}-bit weights of format {}", bits, format);
  return {};
}

int Codes::format() const {
  unsigned format = static_cast<unsigned>(kind_);
  for (std::size_t term = 0; term < exponents_.size(); ++term)
    format |= mask_of(exponents_[term]) << (kind_bits + static_cast<int>(term) * exponents_per_term);
  return static_cast<int>(format);
}

int Codes::digits() const {
  if (kind_ == Kind::integer) return (bits_ + 1) / 2;
  return kind_ == Kind::ternary ? 1 : static_cast<int>(exponents_.size());
}

int Codes::value_bits() const {
  if (kind_ == Kind::integer) return bits_;
  unsigned largest = kind_ == Kind::ternary ? 1 : 0;
  for (const std::vector<int>& term : exponents_) largest += 1u << term.back();
  return 1 + std::bit_width(largest);
}

int Codes::index_bits(std::size_t term) const { return std::bit_width(static_cast<unsigned>(exponents_[term].size())); }

Digit Codes::digit(unsigned code, int index) const {
  if (kind_ == Kind::integer) return booth_digit(code, bits_, index);
  if (kind_ == Kind::ternary) return {(code & 1u) != 0, (code & 2u) != 0, 0};
  const int lowest = index == 0 ? 1 : 1 + index_bits(0);
  const auto term = static_cast<std::size_t>(index);
  const unsigned choice = code >> lowest & ((1u << index_bits(term)) - 1);
  if (choice == 0 || choice > exponents_[term].size()) return {};
  return {true, (code & 1u) != 0, exponents_[term][choice - 1]};
}

int Codes::value(unsigned code) const {
  int sum = 0;
  for (int i = 0; i < digits(); ++i)
    if (const Digit d = digit(code, i); d.present) sum += d.negative ? -(1 << d.exponent) : 1 << d.exponent;
  return sum;
}

std::map<int, std::uint8_t> Codes::codes_of_values() const {
  std::map<int, std::uint8_t> codes;
  for (unsigned code = 0; code < 1u << bits_; ++code) codes.emplace(value(code), static_cast<std::uint8_t>(code));
  return codes;
}

}  // namespace lutra::accelerators::shift_add
