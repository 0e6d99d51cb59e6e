#pragma once

#include "software/common/knob.h"
#include "software/scenario/run.h"

namespace lutra::scenario {

// The knobs of Run (software/common/knob.h).
template <ConfigOf<Run> Config, typename Visit>
void for_each_knob(Config& run, const Visit& visit) {
  visit("images", run.images, KnobRange{1, 10'000'000},
        "images of the test split that the accuracy counts; absent: all. `--images` overrides it");
  visit("simulate", run.simulate, KnobRange{1, 100'000},
        "test images run on the SoC, each compared with the reference bit for bit. `--simulate` overrides it");
  visit(
      "steady_cycles", run.steady_cycles, KnobRange{0, 1'000'000'000},
      "the images are run on from the first until the frames behind the very first took so many cycles; the figure is "
      "their mean");
  visit("cpu_baseline", run.cpu_baseline, KnobFlag{},
        "also runs the first and the last image with the hart alone, so that the result holds both");
}

}  // namespace lutra::scenario
