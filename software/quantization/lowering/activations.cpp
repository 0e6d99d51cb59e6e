#include "software/quantization/lowering/activations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "software/common/error.h"
#include "software/quantization/lowering/power_of_two.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

constexpr int finest_halvings = 8;  // below the step that covers the peak
constexpr int largest_code_bits = 4;
// What a bit's value is held to its uniform one with, in parts of the values seen: decides only where data do not.
constexpr double ridge = 0x1p-20;

// What falls into each code when the step is given; index: code - lowest.
struct Cells {
  std::vector<double> count;
  std::vector<double> sum;
  double squares = 0;
};

struct Span {
  int lowest = 0;
  int highest = 0;

  std::size_t size() const { return static_cast<std::size_t>(highest - lowest) + 1; }
};

void fill(const std::vector<std::uint64_t>& bins, double sign, double bin_width, double step, Span span, Cells& cells) {
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (bins[bin] == 0) continue;
    const double value = sign * (static_cast<double>(bin) + 0.5) * bin_width;
    const double code = std::clamp(std::floor(value / step + 0.5), double(span.lowest), double(span.highest));
    const auto cell = static_cast<std::size_t>(static_cast<int>(code) - span.lowest);
    const auto count = static_cast<double>(bins[bin]);
    cells.count[cell] += count;
    cells.sum[cell] += count * value;
    cells.squares += count * value * value;
  }
}

Cells cells_of(const Histogram& histogram, double step, Span span) {
  Cells cells{std::vector<double>(span.size()), std::vector<double>(span.size())};
  fill(histogram.positive(), 1, histogram.bin_width(), step, span, cells);
  fill(histogram.negative(), -1, histogram.bin_width(), step, span, cells);
  return cells;
}

// Sum of squared differences when the values of a cell become `levels[cell]`.
double squared_error(const Cells& cells, const std::vector<double>& levels) {
  double error = cells.squares;
  for (std::size_t cell = 0; cell < levels.size(); ++cell)
    error += levels[cell] * (levels[cell] * cells.count[cell] - 2 * cells.sum[cell]);
  return error;
}

std::vector<double> even_levels(Span span, double step) {
  std::vector<double> levels;
  for (int code = span.lowest; code <= span.highest; ++code) levels.push_back(code * step);
  return levels;
}

using StepError = std::function<double(double step)>;

double least_error_step(double widest, const Options& options, double root, const StepError& error) {
  std::vector<double> candidates;
  if (options.requantise == RequantiseForm::shift) {
    for (int i = 0; i <= finest_halvings; ++i) candidates.push_back(std::ldexp(power_of_two_above(widest, root), -i));
  } else {
    for (int i = search_steps; i >= 1; --i) candidates.push_back(widest * i / search_steps);
  }
  double best = candidates.front();
  double least = error(best);
  for (const double candidate : candidates) {
    const double found = error(candidate);
    if (found >= least) continue;
    least = found;
    best = candidate;
  }
  return best;
}

// The step between codes of `span`.
double find_step(const Histogram& histogram, Span span, bool is_signed, const Options& options, double root,
                 const StepError& error) {
  const bool snaps = options.requantise == RequantiseForm::shift;
  if (histogram.peak() < negligible) return snaps ? root : 1.0;
  if (options.range == RangeMethod::mean_squared_error)
    return least_error_step(histogram.peak() / span.highest, options, root, error);
  const double step =
      clipping_range(histogram, plain_bits, is_signed, options.range, options.percentile) / span.highest;
  return snaps ? power_of_two_above(step, root) : step;
}

// Solves the symmetric, positive definite a * x = b in place.
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t pivot = 0; pivot < n; ++pivot)
    for (std::size_t row = pivot + 1; row < n; ++row) {
      const double factor = a[row][pivot] / a[pivot][pivot];
      for (std::size_t column = pivot; column < n; ++column) a[row][column] -= factor * a[pivot][column];
      b[row] -= factor * b[pivot];
    }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t column = row + 1; column < n; ++column) b[row] -= a[row][column] * b[column];
    b[row] /= a[row][row];
  }
  return b;
}

// Values of the bits of codes, whose sums over the set bits are nearest to what fell into the codes.
std::vector<double> fit_bits(const Cells& cells, Span span, int bits, double step) {
  const auto n = static_cast<std::size_t>(bits);
  std::vector<std::vector<double>> a(n, std::vector<double>(n));
  std::vector<double> b(n);
  double total = 0;
  for (std::size_t cell = 0; cell < span.size(); ++cell) {
    const unsigned code = static_cast<unsigned>(span.lowest + static_cast<int>(cell));
    total += cells.count[cell];
    for (std::size_t k = 0; k < n; ++k) {
      if ((code >> k & 1) == 0) continue;
      b[k] += cells.sum[cell];
      for (std::size_t j = 0; j < n; ++j) a[k][j] += (code >> j & 1) != 0 ? cells.count[cell] : 0;
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    const bool is_sign = span.lowest < 0 && k + 1 == n;
    a[k][k] += ridge * (total + 1);
    b[k] += ridge * (total + 1) * std::ldexp(is_sign ? -step : step, static_cast<int>(k));
  }
  return solve(std::move(a), std::move(b));
}

template <typename Value>
Value sum_of_bits(const std::vector<Value>& values, unsigned code) {
  Value sum = 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    if ((code >> k & 1) != 0) sum += values[k];
  return sum;
}

std::vector<double> bit_levels(const std::vector<double>& values, Span span) {
  std::vector<double> levels;
  for (int code = span.lowest; code <= span.highest; ++code)
    levels.push_back(sum_of_bits(values, static_cast<unsigned>(code)));
  return levels;
}

// Integers for the values of the bits, and their unit.
struct IntegerBits {
  std::vector<int> values;
  double unit = 1.0;
};

std::vector<int> in_units(const std::vector<double>& values, double unit) {
  std::vector<int> integers;
  for (const double value : values) integers.push_back(static_cast<int>(round_half_up(value / unit)));
  return integers;
}

std::vector<double> integer_levels(const IntegerBits& bits, Span span) {
  std::vector<double> levels;
  for (int code = span.lowest; code <= span.highest; ++code)
    levels.push_back(sum_of_bits(bits.values, static_cast<unsigned>(code)) * bits.unit);
  return levels;
}

// Sums of the integers fit eight bits; the unit is the one that leaves the least error, of those that use half of the
// eight bits or more. With shifts it is a power of two times the root.
IntegerBits round_bits(const std::vector<double>& values, const Cells& cells, Span span, const Options& options,
                       double root) {
  double positive = 0;
  double negative = 0;
  for (const double value : values) (value > 0 ? positive : negative) += std::abs(value);
  const double most = std::max(positive, negative);
  const int room = 127 - static_cast<int>(values.size()) / 2;  // rounding may add a half each
  if (options.requantise == RequantiseForm::shift) {
    const double unit = power_of_two_above(most / room, root);
    return {in_units(values, unit), unit};
  }
  IntegerBits best;
  double least = -1;
  for (int total = room; total > room / 2; --total) {
    const double unit = most / total;
    const IntegerBits candidate{in_units(values, unit), unit};
    const double error = squared_error(cells, integer_levels(candidate, span));
    if (least >= 0 && error >= least) continue;
    least = error;
    best = candidate;
  }
  return best;
}

CodeChoice choose_ternary(const Histogram& histogram, bool is_signed, const Options& options, double root) {
  const Span span = is_signed ? Span{-1, 1} : Span{0, 2};
  CodeChoice codes;
  codes.encoding.bits = 2;
  codes.encoding.is_signed = true;
  codes.encoding.is_ternary = true;
  codes.encoding.pad_code = is_signed ? 0 : -1;
  codes.step = find_step(histogram, span, is_signed, options, root, [&](double step) {
    return squared_error(cells_of(histogram, step, span), even_levels(span, step));
  });
  codes.unit = codes.step;
  return codes;
}

CodeChoice choose_bwa(const Histogram& histogram, int bits, bool is_signed, const Options& options, double root) {
  CodeChoice codes;
  codes.encoding.bits = bits;
  codes.encoding.is_signed = is_signed;
  const Span span{codes.encoding.lowest(), codes.encoding.highest()};
  codes.step = find_step(histogram, span, is_signed, options, root, [&](double step) {
    const Cells cells = cells_of(histogram, step, span);
    return squared_error(cells, bit_levels(fit_bits(cells, span, bits, step), span));
  });
  const Cells cells = cells_of(histogram, codes.step, span);
  const IntegerBits integers = round_bits(fit_bits(cells, span, bits, codes.step), cells, span, options, root);
  codes.unit = integers.unit;
  for (unsigned code = 0; code < 1u << bits; ++code)
    codes.encoding.levels.push_back(sum_of_bits(integers.values, code));
  return codes;
}

}  // namespace

CodeChoice choose_integers(const Histogram& histogram, int bits, bool is_signed, const Options& options, double root) {
  CodeChoice codes;
  codes.encoding.bits = bits;
  codes.encoding.is_signed = is_signed;
  if (options.requantise == RequantiseForm::multiplier) {
    const double range = clipping_range(histogram, bits, is_signed, options.range, options.percentile);
    codes.step = range / codes.encoding.highest();
  } else {
    const Span span{codes.encoding.lowest(), codes.encoding.highest()};
    codes.step = find_step(histogram, span, is_signed, options, root, [&](double step) {
      return squared_error(cells_of(histogram, step, span), even_levels(span, step));
    });
  }
  codes.unit = codes.step;
  return codes;
}

bool is_coded(ActivationCoding coding, int bits) {
  switch (coding) {
    case ActivationCoding::uniform:
      return false;
    case ActivationCoding::ternary:
      return bits == 2;
    case ActivationCoding::bwa:
      return bits <= largest_code_bits;
  }
  return false;
}

CodeChoice choose_activation(const Histogram& histogram, int bits, bool is_signed, const Options& options,
                             double root) {
  if (!is_coded(options.activations, bits)) return choose_integers(histogram, bits, is_signed, options, root);
  if (options.activations == ActivationCoding::ternary) return choose_ternary(histogram, is_signed, options, root);
  return choose_bwa(histogram, bits, is_signed, options, root);
}

}  // namespace lutra::quantization
