#pragma once

#include <cstdint>

#include "accelerators/family/engine_config.h"

namespace lutra::accelerators::lut {

enum class Combination { none, shift, multiply };

// The knobs of variant "tables", and what follows from them (README.md: equations).
struct TablesKnobs {
  int group = 4;        // activations per table
  bool half = false;    // tables of sums of +-x, one half of them; else of sums of chosen x
  bool serial = false;  // one adder builds a table entry by entry; else an adder per sum builds it in one cycle
  bool levels = false;  // activations' codes are decoded before they are summed
  Combination coefficients = Combination::none;  // what a plane's sum meets when it leaves the array
  int planes = 1;                                // sums an element keeps: 1 without coefficients

  int entries() const { return half ? 1 << (group - 1) : (1 << group) - 1; }  // in registers: the sum of none is not
  int build_additions() const;                                                // per table built
  int build_cycles() const { return serial ? build_additions() : 1; }
  int entry_bytes() const { return coefficients == Combination::multiply ? 2 : 1; }  // of a coefficient in memory
};

// Throws Error naming the option, or the knob of `config` that cannot go with it.
TablesKnobs read_tables_knobs(const EngineConfig& config);

}  // namespace lutra::accelerators::lut
