#pragma once

#include <map>
#include <string>
#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::quantization {

// What fixed-point arithmetic makes of the real factors on an operation's way from accumulators to codes: multipliers
// have 16 bits, and whatever is added, leaked or stored wide is rounded to a grid first. A gain is the factor that is
// computed over the real one.
struct Rescaling {
  std::vector<double> gains;   // of the accumulators: per output channel, or one
  bool scales_input = false;   // an elementwise operation: if it is a batch normalisation, its gains are its factors
  double grid = 0;             // real step of the 16-bit stream; 0: codes are rounded from the accumulators
  double skip_gain = 1;        // of the addition's other operand
  std::vector<double> slopes;  // of the PReLU as computed: per output channel, or one, or none
  double code_gain = 1;        // from stream to codes
};

// By name of the tensor that an operation ends in. `code_steps`: the real distance of the thresholds of tensors whose
// values are not at equal distances, by name; tensors of that kind without one are left out.
std::map<std::string, Rescaling> rescalings(const network::QuantisedNetwork& network,
                                            const std::map<std::string, double>& code_steps);

}  // namespace lutra::quantization
