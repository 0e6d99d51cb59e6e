#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "accelerators/family/family.h"
#include "software/compiler/mapping/schedule.h"

namespace lutra::compiler {

// How a layer runs on the engine.
struct Plan {
  Tiling tiling;
  Schedule schedule;
  std::uint64_t array_cycles = 0;
  std::uint64_t estimated_cycles = 0;  // load, compute and store overlapping (estimate.h)

  std::string mapping(const Layer& layer) const;  // for people
};

// Numbers of groups to merge: powers of two up to as many as fill a word's lanes, or the rows. What lies beyond both
// gains nothing, for its zeros take words of their own.
std::vector<int> merge_candidates(const Layer& layer, const accelerators::EngineConfig& engine,
                                  const accelerators::Family& family);

// The plan with the fewest estimated cycles; or, where not even the smallest tile fits, which buffer is too small for
// it and how many bytes that tile needs there.
std::variant<Plan, std::string> make_plan(const Layer& layer, const accelerators::EngineConfig& engine,
                                          const accelerators::Family& family);

}  // namespace lutra::compiler
