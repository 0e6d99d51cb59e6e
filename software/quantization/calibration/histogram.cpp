#include "software/quantization/calibration/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

void halve_resolution(std::vector<std::uint64_t>& bins, int times) {
  if ((bins.size() >> times) == 0) {
    const std::uint64_t all = std::accumulate(bins.begin(), bins.end(), std::uint64_t{0});
    std::fill(bins.begin(), bins.end(), 0);
    bins.front() = all;
    return;
  }
  for (; times > 0; --times) {
    for (std::size_t i = 0; i < bins.size() / 2; ++i) bins[i] = bins[2 * i] + bins[2 * i + 1];
    std::fill(bins.begin() + static_cast<std::ptrdiff_t>(bins.size() / 2), bins.end(), 0);
  }
}

double percentile_range(const Histogram& histogram, bool is_signed, double percentile) {
  const double wanted = static_cast<double>(histogram.count()) * percentile / 100.0;
  std::uint64_t covered = 0;
  if (!is_signed)
    for (const std::uint64_t below_zero : histogram.negative()) covered += below_zero;
  for (std::size_t bin = 0; bin < histogram.positive().size(); ++bin) {
    covered += histogram.positive()[bin] + (is_signed ? histogram.negative()[bin] : 0);
    if (static_cast<double>(covered) >= wanted) return static_cast<double>(bin + 1) * histogram.bin_width();
  }
  return histogram.peak();
}

// Sum of squared differences between bin centres and their nearest codes.
double quantisation_error(const std::vector<std::uint64_t>& bins, double bin_width, double scale, double highest_code) {
  double error = 0;
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (bins[bin] == 0) continue;
    const double value = (static_cast<double>(bin) + 0.5) * bin_width;
    const double code = std::min(std::floor(value / scale + 0.5), highest_code);
    const double difference = value - code * scale;
    error += static_cast<double>(bins[bin]) * difference * difference;
  }
  return error;
}

double least_error_range(const Histogram& histogram, int bits, bool is_signed) {
  const double highest = is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  double best_range = histogram.peak();
  double best_error = -1;
  for (int step = search_steps; step >= 1; --step) {
    const double range = histogram.peak() * step / search_steps;
    const double scale = range / highest;
    double error = quantisation_error(histogram.positive(), histogram.bin_width(), scale, highest);
    if (is_signed) error += quantisation_error(histogram.negative(), histogram.bin_width(), scale, highest + 1);
    if (best_error >= 0 && error >= best_error) continue;
    best_error = error;
    best_range = range;
  }
  return best_range;
}

}  // namespace

void Histogram::add(float value) {
  const double magnitude = std::abs(static_cast<double>(value));
  if (magnitude * bins_per_unit_ >= bins_per_sign) {
    int exponent = 0;
    std::frexp(magnitude, &exponent);
    widen(exponent);
  }
  ++(value < 0 ? negative_ : positive_)[static_cast<std::size_t>(magnitude * bins_per_unit_)];
  minimum_ = count_ == 0 ? value : std::min<double>(minimum_, value);
  maximum_ = count_ == 0 ? value : std::max<double>(maximum_, value);
  ++count_;
}

void Histogram::widen(int exponent) {
  const int times = std::min(exponent - exponent_, 63);
  halve_resolution(positive_, times);
  halve_resolution(negative_, times);
  exponent_ = exponent;
  bins_per_unit_ = std::ldexp(static_cast<double>(bins_per_sign), -exponent_);
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  Histogram addend = other;
  if (addend.exponent_ > exponent_) widen(addend.exponent_);
  if (exponent_ > addend.exponent_) addend.widen(exponent_);
  for (std::size_t bin = 0; bin < positive_.size(); ++bin) {
    positive_[bin] += addend.positive_[bin];
    negative_[bin] += addend.negative_[bin];
  }
  minimum_ = count_ == 0 ? addend.minimum_ : std::min(minimum_, addend.minimum_);
  maximum_ = count_ == 0 ? addend.maximum_ : std::max(maximum_, addend.maximum_);
  count_ += addend.count_;
}

double Histogram::peak() const { return std::max(std::abs(minimum_), std::abs(maximum_)); }

double Histogram::bin_width() const { return std::ldexp(1.0 / bins_per_sign, exponent_); }

double clipping_range(const Histogram& histogram, int bits, bool is_signed, RangeMethod method, double percentile) {
  if (histogram.peak() < negligible) return 1.0;
  switch (method) {
    case RangeMethod::percentile:
      return std::min(histogram.peak(), percentile_range(histogram, is_signed, percentile));
    case RangeMethod::mean_squared_error:
      return least_error_range(histogram, bits, is_signed);
    case RangeMethod::minimum_maximum:
      break;
  }
  return histogram.peak();
}

}  // namespace lutra::quantization
