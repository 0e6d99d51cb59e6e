#pragma once

#include "models/base/soc_config.h"

namespace lutra::models {

// The fields of SocConfig's parts under their names in scenarios and results: `visit(name, field)` for each.

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

}  // namespace lutra::models
