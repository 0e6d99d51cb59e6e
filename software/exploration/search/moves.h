#pragma once

#include <vector>

#include "software/exploration/search/design.h"
#include "software/exploration/search/search_space.h"

namespace lutra::exploration {

// Designs that differ from this one in one choice, or in two of the array's that pay for one another: what may be
// faster.
std::vector<Design> changes(const Design& design, const SearchSpace& space);

// Designs with one buffer or memory of half the size, or none.
std::vector<Design> smaller(const Design& design, const SearchSpace& space);

// With nothing on chip where that is free.
Design without_memories(Design design, const SearchSpace& space);

// The same with the smallest buffers there are.
Design smallest(Design design, const SearchSpace& space);

// With all that is free on chip, in memories of accelerators::largest_buffer_bytes.
Design on_chip(Design design, const SearchSpace& space);

// With the memories of `sizes`, and its buffers divided.
Design with_buffers(Design design, const Design& sizes, int divisor);

}  // namespace lutra::exploration
