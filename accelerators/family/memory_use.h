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

// Where what the engine reads in every frame alike lies.
enum class ConstantPlace {
  streamed,  // in main memory: read in every frame
  resident   // in a memory of the engine's, loaded once
};

// Whether operations run stripe by stripe where their feature maps have no room.
enum class StripeUse { none, automatic };

// What of a network stays on chip.
struct MemoryUse {
  WeightPlace weights = WeightPlace::streamed;
  MapPlace activations = MapPlace::dram;
  StripeUse stripes = StripeUse::automatic;
  ConstantPlace parameters = ConstantPlace::streamed;
  ConstantPlace commands = ConstantPlace::streamed;
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
  visit("stripes", use.stripes, KnobWords{{"none", "auto"}},
        "`auto`: where feature maps that are to stay on chip have no room, operations run a few rows at a time, one "
        "after "
        "another, if that saves bytes of main memory; `none`: such maps go through main memory");
  visit("parameters", use.parameters, KnobWords{{"streamed", "resident"}},
        "of the post-processor: scales, PReLUs, thresholds. `resident`: the firmware loads them once into "
        "`engine.map_memory_bytes`, beside the feature maps");
  visit("commands", use.commands, KnobWords{{"streamed", "resident"}},
        "of the engine. `resident`: the firmware loads them once into `engine.command_memory_bytes`");
}

}  // namespace lutra::accelerators
