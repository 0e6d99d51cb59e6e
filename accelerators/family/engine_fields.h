#pragma once

#include "accelerators/family/engine_config.h"

namespace lutra::accelerators {

// The fields of EngineConfig under their names in scenarios and results: `visit(name, field)` for each.
template <typename Config, typename Visit>
void for_each_engine_field(Config& engine, const Visit& visit) {
  visit("family", engine.family);
  visit("variant", engine.variant);
  visit("options", engine.options);
  visit("dataflow", engine.dataflow);
  visit("rows", engine.rows);
  visit("columns", engine.columns);
  visit("lanes", engine.lanes);
  visit("activation_bits", engine.activation_bits);
  visit("weight_bits", engine.weight_bits);
  visit("accumulator_bits", engine.accumulator_bits);
  visit("use_dsp", engine.use_dsp);
  visit("activation_buffer_bytes", engine.activation_buffer_bytes);
  visit("weight_buffer_bytes", engine.weight_buffer_bytes);
  visit("parameter_buffer_bytes", engine.parameter_buffer_bytes);
  visit("skip_buffer_bytes", engine.skip_buffer_bytes);
  visit("output_buffer_bytes", engine.output_buffer_bytes);
  visit("accumulator_buffer_bytes", engine.accumulator_buffer_bytes);
  visit("post_lanes", engine.post_lanes);
  visit("post", engine.post);
  visit("burst_bytes", engine.burst_bytes);
  visit("outstanding", engine.outstanding);
  visit("command_queue", engine.command_queue);
}

}  // namespace lutra::accelerators
