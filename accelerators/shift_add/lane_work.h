#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "accelerators/array/structure.h"
#include "accelerators/family/family.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::shift_add {

// What both variants ask of activations: codes that are their own values, no wider than the array's.
std::string refuses_activations(const EngineConfig& config, int bits, bool is_signed);
std::string refuses_activations(const EngineConfig& config, const network::ActivationEncoding& activation);

// Lanes times cycles, by what they were worth.
struct LaneCounts {
  std::uint64_t clocked = 0;  // lanes times the tile's cycles
  std::uint64_t slots = 0;    // of these, digits or planes of elements that belong to an output
  std::uint64_t pairs = 0;    // of these, with neither the activation nor the digit or letter zero
};

// The first four of a variant's event counts: useful, zero, gated, idle.
std::vector<std::uint64_t> lane_events(const LaneCounts& counts, bool zero_gating);

// The activation registers of the columns, `stages` in a row, and what finds their zeros, which go along.
void add_columns(array::Parts& parts, const EngineConfig& config, int stages, bool zero_gating);

// `count` lanes: shifter by `exponents` amounts, negation, what masks it, and its register.
void add_lanes(array::Parts& parts, int count, int activation_bits, int exponents, bool zero_gating, bool registered);

// `count` shifters of any sum by 0..7, with negation.
void add_sum_shifters(array::Parts& parts, int count, int bits, bool registered);

}  // namespace lutra::accelerators::shift_add
