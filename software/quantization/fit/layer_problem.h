#pragma once

#include <functional>
#include <vector>

#include "software/quantization/calibration/moments.h"
#include "software/quantization/fit/filter_problem.h"
#include "software/quantization/lowering/operands.h"

namespace lutra::quantization {

// One output channel of a layer: its group's problem, and which output of the group it is.
struct Filter {
  const FilterProblem& problem;
  Eigen::Index output;
};

// A filter's weights as integers and the real value of one of them, in units of the input's values.
struct FilterFit {
  Eigen::VectorXd q;
  double scale = 1.0;
  double error = 0;  // FilterProblem::error
};

// The problems of a layer's filters.
class LayerProblem {
 public:
  // `input_scale`: the real value of 1 of the input.
  LayerProblem(const std::vector<GroupMoments>& moments, const MatrixOperands& operands, double input_scale);

  std::size_t filters() const { return outputs_; }
  Filter filter(std::size_t output) const {
    const std::size_t per_group = outputs_ / groups_.size();
    return {groups_[output / per_group], static_cast<Eigen::Index>(output % per_group)};
  }

 private:
  std::size_t outputs_;
  std::vector<FilterProblem> groups_;
};

// The moments of a layer whose inputs are taken to be independent, of one variance and of the float network's means:
// with them the error of a layer's output is that of its weights.
std::vector<GroupMoments> weight_moments(const MatrixOperands& operands, const std::vector<double>& input_means,
                                         double input_scale);

}  // namespace lutra::quantization
