#pragma once

#include <cstdint>
#include <vector>

namespace lutra::quantization {

// What a layer reads in the quantised network, and what it should yield there, at sampled output pixels.
struct LayerSamples {
  int groups = 1;
  int inputs = 0;   // weights of one output
  int outputs = 0;  // of all groups
  std::vector<std::int16_t>
      patches;                  // [sample][group][input]: values less the value of the real zero, ordered as weights
  std::vector<double> targets;  // [sample][output], real

  std::size_t count() const { return targets.size() / static_cast<std::size_t>(outputs); }
};

// Means and covariances over the samples of one group of outputs.
struct GroupMoments {
  std::vector<double> input_means;       // [input]
  std::vector<double> covariance;        // [input][input], of the inputs
  std::vector<double> target_means;      // [output of the group]
  std::vector<double> target_variances;  // [output of the group]
  std::vector<double> cross;             // [output of the group][input], covariance of output and input

  std::size_t inputs() const { return input_means.size(); }
  std::size_t outputs() const { return target_means.size(); }
};

// One entry per group. Targets are first rounded to 2^-24 of their peak: sums of their products with inputs are then
// exact in a double (for up to 2^20 samples of 8-bit values), so no result depends on how a library orders a summation.
// Precondition: there are samples.
std::vector<GroupMoments> compute_moments(const LayerSamples& samples);

}  // namespace lutra::quantization
