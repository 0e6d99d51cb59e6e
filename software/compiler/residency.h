#pragma once

#include <cstdint>
#include <vector>

#include "software/compiler/mapping/plan.h"

namespace lutra::compiler {

// The weights of one operation: what they take of the weight memory, and what they save there.
struct Keepable {
  std::uint64_t held_bytes = 0;
  std::uint64_t saved_bytes = 0;  // of loads from main memory, per frame
};

// Which of them save most together within `capacity` bytes (the 0/1 knapsack problem, solved exactly over words of the
// memory; `held_bytes` are whole words). Of equal savings the one that holds less.
std::vector<bool> choose_resident(const std::vector<Keepable>& weights, std::uint64_t capacity);

// What a layer's weights take of the weight memory: each tile's begin on a word.
std::uint64_t held_bytes(const Layer& layer, const Tiling& tiling, const accelerators::Family& family);

// What a plan loads of them from main memory in a frame.
std::uint64_t loaded_bytes(const Layer& layer, const Plan& plan, const accelerators::Family& family);

// The same of weights and parameters.
std::uint64_t loaded_constants(const Layer& layer, const Plan& plan, const accelerators::Family& family);

}  // namespace lutra::compiler
