#pragma once

#include <optional>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/data/own/examples.h"

namespace lutra::network {

// How numbers become the bytes that a network's input takes.
struct ByteCoding {
  std::optional<Normalisation> meaning;  // absent: the bytes are pixels, which the scenario normalises
  bool is_exact = true;                  // the bytes are the numbers; of int8, 128 more
  double step = 1;                       // else: value = (byte - zero) * step
  double zero = 0;
};

// uint8 and int8 stay as they are unless limits are given; else the 254 steps of the bytes go from the least to the
// greatest value of the chosen examples, or to the limits, and 0 is one of them. Throws Error for numbers that cannot
// be pixels where the scenario normalises pixels.
ByteCoding choose_coding(const Examples& examples, const std::vector<std::size_t>& chosen, const OwnData& data);

// Fills the data set's pixels, and its values where these are more than the bytes say.
void encode(const ByteCoding& coding, const Examples& examples, const std::vector<std::size_t>& chosen, Dataset& data);

}  // namespace lutra::network
