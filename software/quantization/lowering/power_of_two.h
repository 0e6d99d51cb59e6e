#pragma once

#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/quantization/lowering/weight_request.h"

namespace lutra::quantization {

// Requantising by shifts alone: every scale of a network is one root, the scale of its input, times a power of two
// (and divided by n after an average over n pixels), so that the ratio of any two is a power of two.

// The least root * 2^k that is not below `value`. Both are positive.
double power_of_two_above(double value, double root);

// The power of two nearest to `value` by its logarithm; 0 stays 0.
double nearest_power_of_two(double value);

// (x * M + B) >> S with M a power of two, 1 where the multiplier is at most one; `offset` is in units of the result and
// rounded to 2^-S. Throws Error for a multiplier that is neither zero nor a power of two, or that 16 bits of M and a
// shift of 47 cannot express.
network::Requantise make_shift(double multiplier, double offset = 0.0);

// The layer's weights with every scale a power of two: integers are rounded anew with the one of least squared error,
// values of other encodings stay and their scale is the one of least squared error. Biases are corrected for the
// difference in the mean.
LayerWeights snap_weights(LayerWeights layer, const WeightRequest& request);

}  // namespace lutra::quantization
