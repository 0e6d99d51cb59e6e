#pragma once

#include "software/common/knob.h"

namespace lutra::accelerators {

// Where the weights that the engine multiplies lie while frames run.
enum class WeightPlace {
  streamed,  // in main memory: loaded in every frame
  resident,  // all in the weight memory, loaded once
  automatic  // as many as it holds there: those whose loads are the most bytes
};

// Where the feature maps lie that one engine operation writes for others.
enum class MapPlace {
  dram,      // in main memory
  on_chip,   // all in the map memory
  automatic  // as many as it holds there: those that save most bytes
};

// What of a network stays on chip.
struct MemoryUse {
  WeightPlace weights = WeightPlace::streamed;
  MapPlace activations = MapPlace::dram;
};

// The knobs of MemoryUse (software/common/knob.h).
template <ConfigOf<MemoryUse> Config, typename Visit>
void for_each_knob(Config& use, const Visit& visit) {
  visit("weights", use.weights, KnobWords{{"streamed", "resident", "auto"}},
        "`streamed`: every frame reads them from main memory; `resident`: the firmware loads them once into "
        "`engine.weight_memory_bytes`; `auto`: those that save most there, the rest is streamed");
  visit(
      "activations", use.activations, KnobWords{{"dram", "on_chip", "auto"}},
      "`dram`: every feature map goes through main memory; `on_chip`: those that only the engine writes and reads stay "
      "in `engine.map_memory_bytes`; `auto`: those that save most there, the rest goes through main memory");
}

}  // namespace lutra::accelerators
