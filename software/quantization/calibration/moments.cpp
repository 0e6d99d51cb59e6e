#include "software/quantization/calibration/moments.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace lutra::quantization {

namespace {

constexpr std::size_t chunk_samples = 512;
constexpr int target_bits = 24;

using Matrix = Eigen::MatrixXd;

// The step of the grid of targets.
double grid_step(const std::vector<double>& targets) {
  double peak = 0;
  for (const double target : targets) peak = std::max(peak, std::abs(target));
  int exponent = 0;
  std::frexp(peak, &exponent);
  return peak == 0 ? 1.0 : std::ldexp(1.0, exponent - target_bits);
}

// Sums over samples, all of integers: inputs as they are, targets in steps of the grid.
struct Sums {
  Matrix inputs, squares, targets, target_squares, products;
};

Sums sum_group(const LayerSamples& samples, int group, double step) {
  const auto inputs = static_cast<std::size_t>(samples.inputs);
  const std::size_t outputs = static_cast<std::size_t>(samples.outputs / samples.groups);
  const auto rows = static_cast<Eigen::Index>(inputs);
  const auto columns = static_cast<Eigen::Index>(outputs);
  Sums sums{Matrix::Zero(rows, 1), Matrix::Zero(rows, rows), Matrix::Zero(columns, 1), Matrix::Zero(columns, 1),
            Matrix::Zero(rows, columns)};
  for (std::size_t first = 0; first < samples.count(); first += chunk_samples) {
    const std::size_t count = std::min(chunk_samples, samples.count() - first);
    Matrix x(rows, static_cast<Eigen::Index>(count));
    Matrix y(columns, static_cast<Eigen::Index>(count));
    for (std::size_t i = 0; i < count; ++i) {
      const auto column = static_cast<Eigen::Index>(i);
      const std::int16_t* patch =
          samples.patches.data() + ((first + i) * static_cast<std::size_t>(samples.groups) + group) * inputs;
      for (Eigen::Index row = 0; row < rows; ++row) x(row, column) = patch[row];
      const double* target = samples.targets.data() + (first + i) * samples.outputs + group * outputs;
      for (Eigen::Index row = 0; row < columns; ++row) y(row, column) = std::floor(target[row] / step + 0.5);
    }
    sums.inputs += x.rowwise().sum();
    sums.targets += y.rowwise().sum();
    for (Eigen::Index i = 0; i < y.cols(); ++i) sums.target_squares += y.col(i).cwiseAbs2();
    sums.squares.selfadjointView<Eigen::Lower>().rankUpdate(x);
    sums.products.noalias() += x * y.transpose();
  }
  return sums;
}

}  // namespace

std::vector<GroupMoments> compute_moments(const LayerSamples& samples) {
  const double step = grid_step(samples.targets);
  const auto count = static_cast<double>(samples.count());
  std::vector<GroupMoments> groups;
  for (int group = 0; group < samples.groups; ++group) {
    const Sums sums = sum_group(samples, group, step);
    GroupMoments& moments = groups.emplace_back();
    for (Eigen::Index i = 0; i < sums.inputs.rows(); ++i) moments.input_means.push_back(sums.inputs(i) / count);
    for (Eigen::Index i = 0; i < sums.inputs.rows(); ++i)
      for (Eigen::Index j = 0; j < sums.inputs.rows(); ++j)
        moments.covariance.push_back(sums.squares(std::max(i, j), std::min(i, j)) / count -
                                     moments.input_means[static_cast<std::size_t>(i)] *
                                         moments.input_means[static_cast<std::size_t>(j)]);
    for (Eigen::Index output = 0; output < sums.targets.rows(); ++output) {
      const double mean = sums.targets(output) / count;
      moments.target_means.push_back(mean * step);
      moments.target_variances.push_back(std::max(0.0, sums.target_squares(output) / count - mean * mean) * step *
                                         step);
      for (Eigen::Index i = 0; i < sums.inputs.rows(); ++i)
        moments.cross.push_back(
            (sums.products(i, output) / count - moments.input_means[static_cast<std::size_t>(i)] * mean) * step);
    }
  }
  return groups;
}

}  // namespace lutra::quantization
