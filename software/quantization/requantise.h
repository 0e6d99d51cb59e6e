#pragma once

#include "software/network/quantised/quantised_network.h"

namespace lutra::quantization {

inline constexpr int highest_shift = 47;  // of a Requantise

// The constants whose (x * M + B) >> S is x * multiplier + offset rounded half up, as closely as 16 bits of M and a
// shift of at most 47 can: the relative error of M / 2^S is at most 2^-16 where the multiplier is at least 2^-32, its
// absolute error at most 2^-48 below. 1 and 0 give the identity. `offset` is in units of the result and exact to 2^-(S
// + 1); one of 2^7 or more may lower the shift, so that B stays below 2^55. Throws Error for a negative or non-finite
// multiplier, one of 2^16 or more, and an offset of 2^45 or more.
network::Requantise make_requantise(double multiplier, double offset = 0.0);

// value rounded to the nearest integer, halves up; the same on every machine. |value| < 2^52.
std::int64_t round_half_up(double value);

}  // namespace lutra::quantization
