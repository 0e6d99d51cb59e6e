#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "accelerators/family/family.h"
#include "software/compiler/schedule.h"

namespace lutra::compiler {

// How a layer runs on the engine.
struct Plan {
  Tiling tiling;
  Schedule schedule;
  std::uint64_t array_cycles = 0;
  std::uint64_t estimated_cycles = 0;  // load, compute and store overlapping (estimate.h)

  std::string mapping(const Layer& layer) const;  // for people
};

// The plan with the fewest estimated cycles; or, where not even the smallest tile fits, which buffer is too small for
// it and how many bytes that tile needs there.
std::variant<Plan, std::string> make_plan(const Layer& layer, const accelerators::EngineConfig& engine,
                                          const accelerators::Family& family);

}  // namespace lutra::compiler
