#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/network/data/own/array.h"

namespace lutra::network {

bool is_npz(std::span<const std::uint8_t> bytes);

// The array of that name of an archive that numpy.savez wrote; its only one where the name is empty. Unpacked to at
// most largest_array_bytes, and to no more than a gzip file of that size may be (gzip.h). Throws Error naming `place`
// and, where none is taken, the arrays that there are.
Array read_npz(const std::vector<std::uint8_t>& bytes, const std::string& array, const std::string& place);

}  // namespace lutra::network
