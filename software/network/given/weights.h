#pragma once

#include <string>

#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network::given {

// The integers as an engine stores them: signs, ternary, or two's complement of the declared width (or of the width
// that they need, where a zero point makes that larger). Throws Error naming `place` for more than eight bits.
Weights take_weights(const GivenIntegers& given, const std::string& place);

}  // namespace lutra::network::given
