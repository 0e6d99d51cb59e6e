#pragma once

#include <map>
#include <string>

namespace lutra::accelerators {

// Modules of accelerators/FAMILY/rtl that an engine's array stands for; a name is empty where no module does.
// Parameters that a module shares with the knobs (LANES is `lanes`) take the knobs' values.
struct RtlTwin {
  std::string element;                    // rows x 1 elements without sequencer, output-stationary
  std::string array;                      // the whole array with its sequencer
  std::map<std::string, int> parameters;  // the family's own
};

}  // namespace lutra::accelerators
