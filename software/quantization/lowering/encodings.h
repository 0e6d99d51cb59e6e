#pragma once

#include <cstdint>
#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::quantization {

// The value sets that the schemes after training and the trainer share.

// Magnitudes: of 3 bits 0, 1, 2, 4; of 4 bits 0, 1, 2, 3, 4, 6, 8, 10; of 5 bits sums of {0, 2, 8, 32} and {0, 1, 4,
// 16}.
network::PowerOfTwoWeights apot_encoding(int bits);

// A sign and an index: 0 for nothing, the others for the exponents 0 to 2^(bits-1) - 2.
network::PowerOfTwoWeights power_of_two_encoding(int bits);

// 1, 2, 4, ..., or, to have zero among the sums of signs, 1, 1, 2, 4, ...
std::vector<std::int16_t> doubling_coefficients(int planes, bool zero);

// What 2^bits - 2 unit signs add up to, halved: the integers of `bits` without the lowest, ternary for two bits.
network::WeightEncoding unit_sign_encoding(int bits);

// Bit planes that are plain integers: letters -1 and 1, or 0 and 1 with a negative top coefficient; as large as eight
// bits hold.
network::PlaneWeights integer_planes(int bits, bool signs);

// Real coefficients of a filter's planes as integers, the largest that keep every value within eight bits.
struct RoundedCoefficients {
  std::vector<std::int16_t> integers;
  double unit = 0;  // the real value of 1; zero where all coefficients are
};
RoundedCoefficients round_coefficients(const std::vector<double>& real,
                                       const std::vector<network::PlaneAlphabet>& planes);

// The letter that a bit of `code` stands for in its plane.
int plane_letter(network::PlaneAlphabet alphabet, unsigned code, std::size_t plane);

}  // namespace lutra::quantization
