#pragma once

#include "models/base/soc_config.h"
#include "software/common/knob.h"

namespace lutra::models {

// The knobs of SocConfig and its parts (software/common/knob.h).

template <ConfigOf<CacheConfig> Config, typename Visit>
void for_each_knob(Config& cache, const Visit& visit) {
  visit("bytes", cache.bytes, KnobRange{0, 1 << 20, true}, "0: no cache");
  visit("ways", cache.ways, KnobRange{1, 16, true}, "lines that an address may lie in");
  visit("line_bytes", cache.line_bytes, KnobRange{8, 128, true}, "per line");
}

template <ConfigOf<HartConfig> Config, typename Visit>
void for_each_knob(Config& hart, const Visit& visit) {
  visit("timing", hart.timing, KnobTable{"models/cpu/timing"}, "a pipeline timing model");
  visit("quantum_instructions", hart.quantum_instructions, KnobRange{1, 1000000},
        "how far the hart may run ahead on its own memories");
  visit("instruction_cache", hart.instruction_cache, KnobGroup{}, "");
  visit("data_cache", hart.data_cache, KnobGroup{}, "");
}

template <ConfigOf<InterconnectConfig> Config, typename Visit>
void for_each_knob(Config& interconnect, const Visit& visit) {
  visit("width_bytes", interconnect.width_bytes, KnobRange{4, 64, true}, "per cycle and direction");
  visit("latency_cycles", interconnect.latency_cycles, KnobRange{0, 1000}, "request path, and again response path");
  visit("max_burst_bytes", interconnect.max_burst_bytes, KnobRange{16, 4096, true}, "of one transaction");
  visit("port_depth", interconnect.port_depth, KnobRange{1, 256},
        "bursts a target port takes per direction before the oldest has ended");
  visit("arbitration", interconnect.arbitration, KnobWords{{"round_robin", "fixed"}},
        "`fixed`: the order in which initiators are attached");
}

template <ConfigOf<SramConfig> Config, typename Visit>
void for_each_knob(Config& sram, const Visit& visit) {
  visit("bytes", sram.bytes, KnobRange{4096, 64 << 20}, "on-chip memory at 0x30000000");
  visit("latency_cycles", sram.latency_cycles, KnobRange{0, 1000}, "of an access");
}

template <ConfigOf<MainMemoryConfig> Config, typename Visit>
void for_each_knob(Config& memory, const Visit& visit) {
  visit("kind", memory.kind, KnobTable{"models/dram/timing", "sram"}, "memory at 0x80000000");
  visit("bytes", memory.bytes, KnobRange{2 << 20, 1 << 30}, "of it");
  visit("bank_xor", memory.bank_xor, KnobFlag{},
        "DRAM: the bank is xor-ed with bits of the row, so that streams a power of two apart share no bank");
  visit("refresh_phase", memory.refresh_phase, KnobRange{0, 99},
        "DRAM: per cent of the refresh interval that have passed when the simulation begins");
}

template <ConfigOf<SocConfig> Config, typename Visit>
void for_each_knob(Config& soc, const Visit& visit) {
  visit("clock_mhz", soc.clock_mhz, KnobReal{1, 2000, "auto"},
        "of hart, interconnect and engine; `auto`: the fastest at which the engine's logic closes at "
        "`implementations.asic`");
  visit("hart", soc.hart, KnobGroup{}, "");
  visit("tcm_bytes", soc.tcm_bytes, KnobRange{4096, 16 << 20},
        "tightly coupled memory, where the inference software lies");
  visit("interconnect", soc.interconnect, KnobGroup{}, "");
  visit("sram", soc.sram, KnobGroup{}, "");
  visit("main_memory", soc.main_memory, KnobGroup{}, "");
}

}  // namespace lutra::models
