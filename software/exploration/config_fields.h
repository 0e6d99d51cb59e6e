#pragma once

#include "accelerators/family/engine_config.h"
#include "models/soc_config.h"

namespace lutra::exploration {

// The fields of the hardware configurations under their names in scenarios and results: `visit(name, field)` for each.

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

template <typename Config, typename Visit>
void for_each_cache_field(Config& cache, const Visit& visit) {
  visit("bytes", cache.bytes);
  visit("ways", cache.ways);
  visit("line_bytes", cache.line_bytes);
}

template <typename Config, typename Visit>
void for_each_hart_field(Config& hart, const Visit& visit) {
  visit("timing", hart.timing);
  visit("quantum_instructions", hart.quantum_instructions);
}

template <typename Config, typename Visit>
void for_each_interconnect_field(Config& interconnect, const Visit& visit) {
  visit("width_bytes", interconnect.width_bytes);
  visit("latency_cycles", interconnect.latency_cycles);
  visit("max_burst_bytes", interconnect.max_burst_bytes);
  visit("port_depth", interconnect.port_depth);
  visit("arbitration", interconnect.arbitration);
}

template <typename Config, typename Visit>
void for_each_sram_field(Config& sram, const Visit& visit) {
  visit("bytes", sram.bytes);
  visit("latency_cycles", sram.latency_cycles);
}

template <typename Config, typename Visit>
void for_each_main_memory_field(Config& memory, const Visit& visit) {
  visit("kind", memory.kind);
  visit("bytes", memory.bytes);
}

}  // namespace lutra::exploration
