#pragma once

#include <functional>
#include <span>
#include <vector>

#include "software/quantization/fit/layer_problem.h"

namespace lutra::quantization {

// Scales to start from: the largest float weight at 1/16 .. 17/16 of the largest value, and the one of least squared
// error between the weights and their nearest values.
std::vector<double> start_scales(const Filter& filter, std::span<const int> values);

// Alternates, from the start, between coordinate descent over `values` and the best scale, until the error falls by
// less than a millionth; it never rises.
FilterFit improve(const Filter& filter, std::span<const int> values, FilterFit start);

// The filter's weights among `values` (ascending): nearest-plane rounding at every start scale, the best three of them
// improved, the best of these.
FilterFit fit_filter(const Filter& filter, std::span<const int> values);

// Every filter of a layer, among those of several sets of values that suit it best; the first of equals.
struct LayerFit {
  std::vector<FilterFit> filters;
  std::vector<std::size_t> chosen;  // per filter, index into the sets
};
LayerFit fit_layer(const LayerProblem& layer, const std::vector<std::vector<int>>& sets);

}  // namespace lutra::quantization
