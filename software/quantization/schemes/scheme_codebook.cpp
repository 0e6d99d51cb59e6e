#include <algorithm>
#include <cmath>

#include "software/quantization/fit/least_squares.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr int largest_entry = 127;
constexpr int most_table_rounds = 6;
constexpr int k_means_rounds = 32;

// A table and every filter's weights in it.
struct Coded {
  std::vector<int> table;  // ascending, distinct
  std::vector<FilterFit> filters;
  double error = 0;
};

// The float weights of all filters, each filter's divided by their root mean square; ascending.
std::vector<double> normalised_weights(const LayerProblem& layer) {
  std::vector<double> all;
  for (std::size_t output = 0; output < layer.filters(); ++output) {
    const Filter filter = layer.filter(output);
    const auto weights = filter.problem.weights(filter.output);
    double squares = 0;
    for (Index i = 0; i < weights.size(); ++i) squares += weights(i) * weights(i);
    if (!(squares > 0)) continue;
    const double deviation = std::sqrt(squares / static_cast<double>(weights.size()));
    for (Index i = 0; i < weights.size(); ++i) all.push_back(weights(i) / deviation);
  }
  std::sort(all.begin(), all.end());
  return all;
}

// The means of the clusters that Lloyd's iteration finds from clusters of equal size; `values` ascend.
std::vector<double> k_means(const std::vector<double>& values, std::size_t clusters) {
  std::vector<double> centres;
  for (std::size_t i = 0; i < clusters; ++i) centres.push_back(values[(2 * i + 1) * values.size() / (2 * clusters)]);
  for (int round = 0; round < k_means_rounds; ++round) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < clusters; ++i) {
      std::size_t last = values.size();
      if (i + 1 < clusters)
        last = static_cast<std::size_t>(
            std::lower_bound(values.begin(), values.end(), (centres[i] + centres[i + 1]) / 2) - values.begin());
      double sum = 0;
      for (std::size_t j = first; j < last; ++j) sum += values[j];
      if (last > first) centres[i] = sum / static_cast<double>(last - first);
      first = std::max(first, last);
    }
  }
  return centres;
}

// Integers of 8 bits in the proportions of `centres`, moved apart where they round to the same.
std::vector<int> to_table(std::vector<double> centres) {
  std::sort(centres.begin(), centres.end());
  const double peak = std::max(std::abs(centres.front()), std::abs(centres.back()));
  const auto count = static_cast<int>(centres.size());
  std::vector<int> table;
  for (int i = 0; i < count; ++i) {
    const double scaled = peak > 0 ? centres[static_cast<std::size_t>(i)] / peak * largest_entry : 0;
    const int least = i == 0 ? -largest_entry : table.back() + 1;
    table.push_back(std::clamp(static_cast<int>(std::floor(scaled + 0.5)), least, largest_entry - (count - 1 - i)));
  }
  return table;
}

Coded coded(const LayerProblem& layer, std::vector<int> table) {
  Coded result;
  LayerFit fit = fit_layer(layer, {table});
  result.table = std::move(table);
  result.filters = std::move(fit.filters);
  for (const FilterFit& filter : result.filters) result.error += filter.error;
  return result;
}

// The entries of least error for the weights' indices and the filters' scales as they are.
std::vector<double> best_entries(const LayerProblem& layer, const Coded& now) {
  const auto entries = static_cast<Index>(now.table.size());
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(entries, entries);
  VectorXd b = VectorXd::Zero(entries);
  for (std::size_t output = 0; output < layer.filters(); ++output) {
    const Filter filter = layer.filter(output);
    const FilterFit& fit = now.filters[output];
    std::vector<Index> entry_of;
    for (Index i = 0; i < fit.q.size(); ++i)
      entry_of.push_back(std::lower_bound(now.table.begin(), now.table.end(), static_cast<int>(fit.q(i))) -
                         now.table.begin());
    for (Index i = 0; i < fit.q.size(); ++i) {
      const Index row = entry_of[static_cast<std::size_t>(i)];
      b(row) += fit.scale * filter.problem.cross(filter.output)(i);
      for (Index j = 0; j < fit.q.size(); ++j)
        a(row, entry_of[static_cast<std::size_t>(j)]) += fit.scale * fit.scale * filter.problem.hessian()(j, i);
    }
  }
  const VectorXd best = least_squares(std::move(a), std::move(b));
  return {best.data(), best.data() + best.size()};
}

EncodedLayer encode_table(const LayerProblem& layer, int bits, const Parameters&) {
  const std::size_t entries = std::size_t{1} << bits;
  std::vector<double> values = normalised_weights(layer);
  if (values.empty()) values = {0.0};
  Coded best = coded(layer, to_table(k_means(values, entries)));
  for (int round = 0; round < most_table_rounds; ++round) {
    Coded next = coded(layer, to_table(best_entries(layer, best)));
    if (!(next.error < best.error)) break;
    best = std::move(next);
  }
  return {network::CodebookWeights{bits, {best.table.begin(), best.table.end()}}, std::move(best.filters)};
}

}  // namespace

WeightScheme codebook() {
  return {"codebook", "indices into one table per layer, by k-means", {2, 6}, {}, encode_table};
}

}  // namespace lutra::quantization
