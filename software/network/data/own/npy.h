#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/network/data/own/array.h"

namespace lutra::network {

bool is_npy(std::span<const std::uint8_t> bytes);

// NumPy's format (numpy.lib.format, versions 1 to 3), whole and float numbers of either byte order, in C's or Fortran's
// order. Takes memory of the array's size beside the bytes. Throws Error naming `place` for anything else: objects,
// records, text, half floats, more than 8 dimensions, sizes that do not agree.
Array read_npy(std::vector<std::uint8_t> bytes, const std::string& place);

}  // namespace lutra::network
