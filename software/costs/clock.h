#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// The longest path of a processing element from register to register.
struct ElementPath {
  std::string family;
  std::string variant;
  int width_activation = 0;  // of the engine: EngineConfig
  int width_weight = 0;
  int lanes = 0;
  int pipeline = 0;
  double ns = 0;
};

// What an operand's way to so many elements adds.
struct BroadcastDelay {
  int fan_out = 0;
  double ns = 0;
};

// The longest path of the post-processor.
struct PostPath {
  accelerators::PostForm post = {};
  double ns = 0;
};

// Critical paths at a node: accelerators/array/energy/README.md, "Clock".
struct ClockTable {
  std::string node;
  std::vector<ElementPath> elements;
  std::vector<BroadcastDelay> broadcast;  // by fan_out
  std::vector<PostPath> post;
};

// Throws Error naming file and line.
ClockTable parse_clock_table(const TableText& text);

struct ClosingClock {
  double mhz = 0;
  std::string limited_by;  // the component with the longest path
};

// The fastest clock of an engine's logic, wires taken as ideal. A multiplier narrower than any that is listed takes the
// smallest listed one that holds it, a pipeline the deepest listed that is not deeper; between numbers of lanes, and
// beyond them, paths follow the logarithm, none shorter than both of those it lies between or beyond. Empty where the
// table has no path of the engine's variant and widths.
std::optional<ClosingClock> closing_clock(const accelerators::EngineConfig& engine, const ClockTable& table);

}  // namespace lutra::costs
