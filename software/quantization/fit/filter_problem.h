#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "software/quantization/calibration/moments.h"

namespace lutra::quantization {

// Finding integers q and a scale s for every output of a group, so that s * q times the inputs comes close to the
// wanted outputs. With the best bias the mean squared error is
//   error(s, q) = v - 2 s g.q + s^2 q.Hq      v: variance of the output, g: its covariance with the inputs, H: theirs
// A ridge of a thousandth of the mean input variance draws s * q to the float weights where the samples say nothing; it
// is part of H, g and v here.
class FilterProblem {
 public:
  // `weights`: [output][input], the float network's, for inputs in the units of their values.
  FilterProblem(const GroupMoments& moments, std::span<const double> weights);

  Eigen::Index inputs() const { return hessian_.rows(); }
  Eigen::Index outputs() const { return cross_.cols(); }
  const Eigen::MatrixXd& hessian() const { return hessian_; }               // H
  auto cross(Eigen::Index output) const { return cross_.col(output); }      // g
  auto weights(Eigen::Index output) const { return weights_.col(output); }  // of the float network

  double error(Eigen::Index output, double scale, const Eigen::VectorXd& q) const;

  // The scale of least error, at least 2^-64; `otherwise` where every integer is zero.
  double best_scale(Eigen::Index output, const Eigen::VectorXd& q, double otherwise) const;

  // Nearest-plane rounding: input by input in descending order of variance, each weight rounded to the nearest of
  // `values` (ascending) of what would be best given those before it and all later ones free.
  Eigen::VectorXd round(Eigen::Index output, double scale, std::span<const int> values) const;

  // Coordinate descent from q: replaces one integer after the other by that of `values` with the least error, until
  // none changes or 16 sweeps are done.
  void descend(Eigen::Index output, double scale, std::span<const int> values, Eigen::VectorXd& q) const;

 private:
  void factorise();

  Eigen::MatrixXd hessian_;
  Eigen::MatrixXd cross_;    // [input][output]
  Eigen::MatrixXd weights_;  // [input][output]
  Eigen::VectorXd variance_;
  std::vector<Eigen::Index> order_;  // of inputs in the factorisation
  Eigen::MatrixXd factor_;           // unit upper triangular: H, so ordered, is factor_ * diag(pivots) * factor_^T
  Eigen::MatrixXd centres_;          // H^-1 g, [position in order_][output]
};

// The entry of `values` (ascending, not empty) nearest to x; of two equally near ones the smaller.
int nearest_value(std::span<const int> values, double x);

}  // namespace lutra::quantization
