#pragma once

#include "accelerators/family/engine_config.h"
#include "software/common/knob.h"

namespace lutra::accelerators {

inline constexpr int largest_buffer_bytes = 16 << 20;
inline constexpr KnobWords dataflows{{"output_stationary", "weight_stationary"}};
inline constexpr KnobWords post_forms{{"multiplier", "thresholds", "shift"}};

// The knobs of EngineConfig that the array builds (software/common/knob.h).
template <typename Config, typename Visit>
void for_each_array_knob(Config& engine, const Visit& visit) {
  visit("dataflow", engine.dataflow, dataflows,
        "what stays in the array: [accelerators/array](../accelerators/array/README.md)");
  visit("rows", engine.rows, KnobRange{1, 255}, "of the array: output channels at once");
  visit("columns", engine.columns, KnobRange{1, 255}, "of the array: output pixels at once");
  visit("lanes", engine.lanes, KnobRange{1, 255}, "of each element: products of one dot product per cycle");
  visit("activation_bits", engine.activation_bits, KnobRange{2, 8, false, 16},
        "widest activation the array multiplies");
  visit("weight_bits", engine.weight_bits, KnobRange{1, 8}, "widest weight");
  visit("accumulator_bits", engine.accumulator_bits, KnobRange{16, 32}, "of every sum");
  visit("pipeline", engine.pipeline, KnobRange{0, 16},
        "registers between an element's operands and its accumulator, at most one per step");
}

// Those that the shell builds.
template <typename Config, typename Visit>
void for_each_shell_knob(Config& engine, const Visit& visit) {
  constexpr KnobRange buffer{64, largest_buffer_bytes};
  visit("activation_buffer_bytes", engine.activation_buffer_bytes, buffer,
        "this and the next five: a buffer holds two tiles where load, compute and store overlap");
  visit("weight_buffer_bytes", engine.weight_buffer_bytes, buffer, "of weights and tables");
  visit("parameter_buffer_bytes", engine.parameter_buffer_bytes, buffer, "of the post-processor's parameters");
  visit("skip_buffer_bytes", engine.skip_buffer_bytes, buffer, "of the second operand of additions");
  visit("output_buffer_bytes", engine.output_buffer_bytes, buffer, "of finished codes and streams");
  visit("accumulator_buffer_bytes", engine.accumulator_buffer_bytes, buffer, "of unfinished sums");
  visit(
      "weight_memory_bytes", engine.weight_memory_bytes, KnobRange{0, largest_buffer_bytes},
      "of weights that stay on chip; 0: none, but with `memory.weights: auto` what they need and the device has left");
  visit("map_memory_bytes", engine.map_memory_bytes, KnobRange{0, largest_buffer_bytes},
        "of feature maps that stay on chip between operations; 0: none, but with `memory.activations: auto` what they "
        "need and the device has left");
  visit("command_memory_bytes", engine.command_memory_bytes, KnobRange{0, largest_buffer_bytes},
        "of command streams that stay on chip: `memory.commands`; 0: none");
  visit("post_lanes", engine.post_lanes, KnobRange{1, 255}, "outputs the post-processor finishes per cycle");
  visit("post", engine.post, post_forms,
        "how results are rescaled: [accelerators/engine](../accelerators/engine/README.md)");
  visit("post_multiplier_bits", engine.post_multiplier_bits, KnobRange{16, 31},
        "of the factors that results are multiplied by; networks that come quantised may need more than 16");
  visit("post_thresholds", engine.post_thresholds, KnobRange{0, 3},
        "comparators per lane of a post-processor of `multiplier` or `shift`: it makes codes of up to as many values "
        "and one by thresholds of their channel");
  visit("burst_bytes", engine.burst_bytes, KnobRange{4, 4096, true},
        "per burst; at most `soc.interconnect.max_burst_bytes`");
  visit("outstanding", engine.outstanding, KnobRange{1, 64}, "bursts in flight per unit");
  visit("command_queue", engine.command_queue, KnobRange{1, 64}, "commands a unit's queue holds");
}

// Every knob of EngineConfig.
template <ConfigOf<EngineConfig> Config, typename Visit>
void for_each_knob(Config& engine, const Visit& visit) {
  visit("family", engine.family, KnobAny{"a family (`lutra engines` lists them), or `auto`"},
        "`auto`, or `engine: auto`: the family, variant and options with the least predicted cycles times LUTs that "
        "compute the network");
  visit("variant", engine.variant, KnobAny{"of the family; empty: its first"}, "the family's page");
  visit("options", engine.options, KnobAny{"{option: value}"}, "the family's own knobs, on its page");
  for_each_array_knob(engine, visit);
  visit("use_dsp", engine.use_dsp, KnobFlag{}, "multipliers may take DSP blocks");
  for_each_shell_knob(engine, visit);
}

}  // namespace lutra::accelerators
