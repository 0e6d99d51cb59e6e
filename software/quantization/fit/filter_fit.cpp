#include "software/quantization/fit/filter_fit.h"

#include <algorithm>
#include <cmath>

#include "software/quantization/calibration/histogram.h"

namespace lutra::quantization {

namespace {

constexpr int scale_steps = 16;
constexpr std::size_t finalists = 3;
constexpr int most_fit_rounds = 12;
constexpr double least_gain = 1e-6;

double peak_weight(const Filter& filter) {
  const auto weights = filter.problem.weights(filter.output);
  double peak = 0;
  for (Eigen::Index i = 0; i < weights.size(); ++i) peak = std::max(peak, std::abs(weights(i)));
  return peak;
}

FilterFit scaled(const Filter& filter, Eigen::VectorXd q, double scale) {
  FilterFit fit{std::move(q), scale, 0};
  fit.scale = filter.problem.best_scale(filter.output, fit.q, scale);
  fit.error = filter.problem.error(filter.output, fit.scale, fit.q);
  return fit;
}

}  // namespace

std::vector<double> start_scales(const Filter& filter, std::span<const int> values) {
  const double peak = peak_weight(filter);
  if (peak < negligible) return {1.0};
  const int largest = std::max(1, std::min(std::abs(values.front()), std::abs(values.back())));
  std::vector<double> scales;
  for (int step = 1; step <= scale_steps + 1; ++step) scales.push_back(peak / largest * step / scale_steps);
  return scales;
}

FilterFit improve(const Filter& filter, std::span<const int> values, FilterFit fit) {
  for (int round = 0; round < most_fit_rounds; ++round) {
    const double before = fit.error;
    Eigen::VectorXd q = fit.q;
    filter.problem.descend(filter.output, fit.scale, values, q);
    FilterFit next = scaled(filter, std::move(q), fit.scale);
    if (!(next.error < before)) break;
    fit = std::move(next);
    if (before - fit.error < least_gain * before) break;
  }
  return fit;
}

FilterFit fit_filter(const Filter& filter, std::span<const int> values) {
  std::vector<FilterFit> starts;
  for (const double scale : start_scales(filter, values))
    starts.push_back(scaled(filter, filter.problem.round(filter.output, scale, values), scale));
  std::stable_sort(starts.begin(), starts.end(),
                   [](const FilterFit& a, const FilterFit& b) { return a.error < b.error; });
  starts.resize(std::min(starts.size(), finalists));
  for (FilterFit& start : starts) start = improve(filter, values, std::move(start));
  return *std::min_element(starts.begin(), starts.end(),
                           [](const FilterFit& a, const FilterFit& b) { return a.error < b.error; });
}

LayerFit fit_layer(const LayerProblem& layer, const std::vector<std::vector<int>>& sets) {
  LayerFit fit;
  for (std::size_t output = 0; output < layer.filters(); ++output) {
    const Filter filter = layer.filter(output);
    FilterFit best = fit_filter(filter, sets.front());
    std::size_t chosen = 0;
    for (std::size_t set = 1; set < sets.size(); ++set) {
      FilterFit other = fit_filter(filter, sets[set]);
      if (!(other.error < best.error)) continue;
      best = std::move(other);
      chosen = set;
    }
    fit.filters.push_back(std::move(best));
    fit.chosen.push_back(chosen);
  }
  return fit;
}

}  // namespace lutra::quantization
