#pragma once

#include "accelerators/family/engine_config.h"
#include "software/common/knob.h"

namespace lutra::accelerators {

inline constexpr int largest_buffer_bytes = 16 << 20;

// The knobs of EngineConfig that the shell builds: `visit(name, field, what it accepts)` for each.
template <typename Config, typename Visit>
void for_each_shell_knob(Config& engine, const Visit& visit) {
  visit("activation_buffer_bytes", engine.activation_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("weight_buffer_bytes", engine.weight_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("parameter_buffer_bytes", engine.parameter_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("skip_buffer_bytes", engine.skip_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("output_buffer_bytes", engine.output_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("accumulator_buffer_bytes", engine.accumulator_buffer_bytes, KnobRange{64, largest_buffer_bytes});
  visit("post_lanes", engine.post_lanes, KnobRange{1, 255});
  visit("post", engine.post, KnobWords{{"multiplier", "thresholds", "shift"}});
  visit("burst_bytes", engine.burst_bytes, KnobRange{4, 4096, true});
  visit("outstanding", engine.outstanding, KnobRange{1, 64});
  visit("command_queue", engine.command_queue, KnobRange{1, 64});
}

// Every knob of EngineConfig, declared once for scenarios, results and the shell's checks.
template <typename Config, typename Visit>
void for_each_engine_knob(Config& engine, const Visit& visit) {
  visit("family", engine.family, KnobAny{});
  visit("variant", engine.variant, KnobAny{});
  visit("options", engine.options, KnobAny{});
  visit("dataflow", engine.dataflow, KnobWords{{"output_stationary", "weight_stationary"}});
  visit("rows", engine.rows, KnobRange{1, 255});
  visit("columns", engine.columns, KnobRange{1, 255});
  visit("lanes", engine.lanes, KnobRange{1, 255});
  visit("activation_bits", engine.activation_bits, KnobRange{2, 16});
  visit("weight_bits", engine.weight_bits, KnobRange{1, 8});
  visit("accumulator_bits", engine.accumulator_bits, KnobRange{16, 32});
  visit("use_dsp", engine.use_dsp, KnobAny{});
  for_each_shell_knob(engine, visit);
}

// The same under their names alone: `visit(name, field)` for each.
template <typename Config, typename Visit>
void for_each_engine_field(Config& engine, const Visit& visit) {
  for_each_engine_knob(engine, [&](const char* name, auto& field, const auto&) { visit(name, field); });
}

}  // namespace lutra::accelerators
