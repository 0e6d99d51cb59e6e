#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"
#include "models/base/soc_config.h"
#include "software/costs/provenance.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// A block of the SoC for which a published figure stands in.
struct SocBlock {
  std::string component;
  int lut = 0;  // six-input
  int ff = 0;
  int dsp = 0;
  std::optional<double> kge;  // thousand NAND2 equivalents
  Provenance provenance;
};

// Throws Error naming file and line.
std::vector<SocBlock> parse_soc_blocks(const TableText& text);

// Those of `blocks` that this SoC has. `soft_memory_controller`: the device has no hard one, and main memory is DRAM.
std::vector<SocBlock> blocks_of(const models::SocConfig& soc, const std::vector<SocBlock>& blocks,
                                bool soft_memory_controller);

// The SoC's memories: tightly coupled memory, caches with their tags, on-chip SRAM. DRAM lies outside the chip.
accelerators::Structure soc_memories(const models::SocConfig& soc);

// What the interconnect's data paths take beyond the 32 bits of the published interconnect that stands in for ours
// (table soc_blocks), and the converters of an engine whose transfer port is narrower than the interconnect.
// models/interconnect/README.md has the rule.
accelerators::Structure wide_data_paths(const models::SocConfig& soc, bool with_engine);

// The engine's structure; empty without one.
accelerators::Structure engine_part(const std::optional<accelerators::EngineConfig>& engine);

}  // namespace lutra::costs
