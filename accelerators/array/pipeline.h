#pragma once

#include <algorithm>

#include "accelerators/family/engine_config.h"

namespace lutra::accelerators::array {

// Buffer read and operand registers: what every array has before its datapath's pipeline.
inline constexpr int operand_stages = 2;

// The registers of a datapath of so many steps between its operand registers and its accumulators (README.md,
// "Pipeline").
class Pipeline {
 public:
  Pipeline(int steps, const EngineConfig& config) : Pipeline(steps, config.pipeline) {}

  static Pipeline every_step(int steps) { return {steps, steps}; }

  int registers() const { return registers_; }
  // Those behind steps 1 to `step`.
  int registers(int step) const { return step * (registers_ + 1) / (steps_ + 1); }
  // Stages before the accumulator, where a family adds none.
  int fill() const { return operand_stages + registers_; }
  bool registered(int step) const { return registers(step) > registers(step - 1); }

 private:
  Pipeline(int steps, int most) : steps_(steps), registers_(std::min(steps, most)) {}

  int steps_;
  int registers_;
};

}  // namespace lutra::accelerators::array
