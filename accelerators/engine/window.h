#pragma once

#include <cstdint>
#include <span>

#include "accelerators/engine/buffers.h"
#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

// Pools, sums and elementwise tiles that have passed check_tile: each window's values enter `sums`, which hold what the
// tile starts from; a maximum that does not accumulate starts from its window alone. Sums are modulo
// 2^accumulator_bits, sign-extended.
void reduce_windows(const lutra_tile& tile, int accumulator_bits, const Buffers& buffers, std::span<std::int32_t> sums);

}  // namespace lutra::accelerators
