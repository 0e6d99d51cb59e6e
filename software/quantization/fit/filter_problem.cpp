#include "software/quantization/fit/filter_problem.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace lutra::quantization {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double ridge_share = 0x1p-10;
constexpr int most_sweeps = 16;
constexpr double least_fitted_scale = 0x1p-64;

// In one order on every machine; the library's own reductions need not be.
double dot(const double* a, const double* b, Index count) {
  std::array<double, 4> sums{};
  Index i = 0;
  for (; i + 4 <= count; i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane)
      sums[lane] += a[i + static_cast<Index>(lane)] * b[i + static_cast<Index>(lane)];
  for (; i < count; ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

MatrixXd columns(std::span<const double> values, Index rows) {
  return Eigen::Map<const MatrixXd>(values.data(), rows, static_cast<Index>(values.size()) / rows);
}

}  // namespace

FilterProblem::FilterProblem(const GroupMoments& moments, std::span<const double> weights) {
  const auto inputs = static_cast<Index>(moments.inputs());
  hessian_ = columns(moments.covariance, inputs);
  cross_ = columns(moments.cross, inputs);
  weights_ = columns(weights, inputs);
  variance_ = Eigen::Map<const VectorXd>(moments.target_variances.data(), cross_.cols());
  double trace = 0;
  for (Index i = 0; i < inputs; ++i) trace += hessian_(i, i);
  const double ridge = trace > 0 ? trace / static_cast<double>(inputs) * ridge_share : 1.0;
  for (Index i = 0; i < inputs; ++i) hessian_(i, i) += ridge;
  cross_ += ridge * weights_;
  for (Index output = 0; output < cross_.cols(); ++output)
    variance_(output) += ridge * dot(weights_.col(output).data(), weights_.col(output).data(), inputs);
  factorise();
}

void FilterProblem::factorise() {
  const Index count = inputs();
  order_.resize(static_cast<std::size_t>(count));
  std::iota(order_.begin(), order_.end(), Index{0});
  std::stable_sort(order_.begin(), order_.end(), [&](Index a, Index b) { return hessian_(a, a) > hessian_(b, b); });
  factor_.resize(count, count);
  for (Index row = 0; row < count; ++row)
    for (Index column = 0; column < count; ++column)
      factor_(row, column) = hessian_(order_[static_cast<std::size_t>(row)], order_[static_cast<std::size_t>(column)]);
  // Eliminated from the last position on, so that each position's column is about the ones before it.
  VectorXd pivots(count);
  for (Index k = count - 1; k >= 0; --k) {
    pivots(k) = factor_(k, k);
    const VectorXd column = factor_.col(k).head(k);
    for (Index j = 0; j < k; ++j) factor_.col(j).head(k) -= column(j) / pivots(k) * column;
    factor_.col(k).head(k) = column / pivots(k);
  }
  centres_.resize(count, outputs());
  for (Index output = 0; output < outputs(); ++output) {
    VectorXd x(count);
    for (Index i = 0; i < count; ++i) x(i) = cross_(order_[static_cast<std::size_t>(i)], output);
    for (Index k = count - 1; k >= 0; --k) x.head(k) -= x(k) * factor_.col(k).head(k);
    for (Index k = 0; k < count; ++k) x(k) /= pivots(k);
    for (Index k = 1; k < count; ++k) x(k) -= dot(factor_.col(k).data(), x.data(), k);
    centres_.col(output) = x;
  }
}

double FilterProblem::error(Index output, double scale, const VectorXd& q) const {
  VectorXd product = VectorXd::Zero(inputs());
  for (Index i = 0; i < inputs(); ++i)
    if (q(i) != 0) product += q(i) * hessian_.col(i);
  return variance_(output) - 2 * scale * dot(q.data(), cross_.col(output).data(), inputs()) +
         scale * scale * dot(q.data(), product.data(), inputs());
}

double FilterProblem::best_scale(Index output, const VectorXd& q, double otherwise) const {
  VectorXd product = VectorXd::Zero(inputs());
  for (Index i = 0; i < inputs(); ++i)
    if (q(i) != 0) product += q(i) * hessian_.col(i);
  const double along = dot(q.data(), cross_.col(output).data(), inputs());
  const double norm = dot(q.data(), product.data(), inputs());
  return norm > 0 ? std::max(along / norm, least_fitted_scale) : otherwise;
}

VectorXd FilterProblem::round(Index output, double scale, std::span<const int> values) const {
  // With r = s q - centre the error beyond the least is the sum over positions k of pivot_k (r_k + sum_{j<k} U_jk
  // r_j)^2.
  const Index count = inputs();
  VectorXd q(count);
  VectorXd residual(count);
  for (Index k = 0; k < count; ++k) {
    const double shift = dot(factor_.col(k).data(), residual.data(), k);
    const int value = nearest_value(values, (centres_(k, output) - shift) / scale);
    residual(k) = scale * value - centres_(k, output);
    q(order_[static_cast<std::size_t>(k)]) = value;
  }
  return q;
}

void FilterProblem::descend(Index output, double scale, std::span<const int> values, VectorXd& q) const {
  VectorXd slope = -cross_.col(output) / scale;  // of error / (2 s^2)
  for (Index i = 0; i < inputs(); ++i)
    if (q(i) != 0) slope += q(i) * hessian_.col(i);
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    bool changed = false;
    for (Index i = 0; i < inputs(); ++i) {
      const int value = nearest_value(values, q(i) - slope(i) / hessian_(i, i));
      const double step = value - q(i);
      if (step == 0 || !(step * (2 * slope(i) + step * hessian_(i, i)) < 0)) continue;
      slope += step * hessian_.col(i);
      q(i) = value;
      changed = true;
    }
    if (!changed) return;
  }
}

int nearest_value(std::span<const int> values, double x) {
  const auto above = std::lower_bound(values.begin(), values.end(), x);
  if (above == values.begin()) return values.front();
  if (above == values.end()) return values.back();
  const int below = *(above - 1);
  return *above - x < x - below ? *above : below;
}

}  // namespace lutra::quantization
