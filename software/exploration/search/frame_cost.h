#pragma once

#include <cstdint>

#include "software/common/knob.h"

namespace lutra::exploration {

// What a search minimises, of a frame. Energy times delay: microjoules times cycles.
enum class Minimise { cycles, energy, energy_delay };
inline constexpr KnobWords minimise_words{{"cycles", "energy", "energy_delay"}};

constexpr const char* best_text(Minimise minimise) {
  constexpr const char* texts[] = {"fewest cycles", "least energy", "least energy times delay"};
  return texts[static_cast<int>(minimise)];
}

constexpr bool needs_energy(Minimise minimise) { return minimise != Minimise::cycles; }

// What a frame takes.
struct FrameCost {
  double cycles = 0;
  double microjoules = 0;

  double of(Minimise minimise) const {
    switch (minimise) {
      case Minimise::cycles:
        return cycles;
      case Minimise::energy:
        return microjoules;
      case Minimise::energy_delay:
        return microjoules * cycles;
    }
    return cycles;
  }
};

}  // namespace lutra::exploration
