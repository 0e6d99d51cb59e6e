#pragma once

#include "software/network/float/graph.h"

namespace lutra::network {

// The integer that `value` becomes; |value| <= 2^52.
double round_by(Rounding rounding, double value);

// The code of a real value, as Quantise defines it, in double precision.
int code_of(const Quantise& quantise, double value);

}  // namespace lutra::network
