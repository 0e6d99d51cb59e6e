#include "software/costs/soc_structure.h"

#include <bit>

#include "accelerators/engine/structure.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/family/family.h"

namespace lutra::costs {

namespace {

using accelerators::Primitive;
using accelerators::PrimitiveKind;
using accelerators::Structure;

constexpr int byte_bits = 8;
constexpr int word_bits = 32;
constexpr int wide_targets = 2;  // SRAM and main memory; registers of devices are words
constexpr int address_bits = 32;
constexpr int state_bits = 2;  // valid and dirty

Primitive memory(const std::string& component, int width, std::uint32_t depth) {
  return {.component = component, .kind = PrimitiveKind::memory, .width_a = width, .depth = static_cast<int>(depth)};
}

// One data and one tag memory per way.
void add_cache(Structure& structure, const std::string& component, const models::CacheConfig& cache) {
  if (cache.bytes == 0) return;
  const std::uint32_t way_bytes = cache.bytes / cache.ways;
  const int tag_bits = address_bits - std::bit_width(way_bytes - 1) + state_bits;
  Primitive data = memory(component, word_bits, way_bytes * 8 / word_bits);
  Primitive tags = memory(component, tag_bits, way_bytes / cache.line_bytes);
  data.count = tags.count = static_cast<int>(cache.ways);
  structure.push_back(data);
  structure.push_back(tags);
}

}  // namespace

std::vector<SocBlock> parse_soc_blocks(const TableText& text) {
  const YamlDocument document = parse_yaml(text.text, text.file);
  std::vector<SocBlock> blocks;
  for (const YamlReader& item : YamlReader(document).mapping({"blocks"}).at("blocks").items()) {
    const YamlMapping keys =
        item.mapping({"component", "lut", "ff", "dsp", "kge", "source", "kind", "uncertainty_percent"});
    constexpr int largest = 10000000;
    SocBlock& block = blocks.emplace_back();
    block.component = keys.at("component").text();
    block.lut = static_cast<int>(keys.at("lut").integer(0, largest));
    block.ff = static_cast<int>(keys.at("ff").integer(0, largest));
    block.dsp = static_cast<int>(keys.at("dsp").integer(0, largest));
    if (keys.has("kge")) block.kge = keys.at("kge").number(0, largest);
    block.provenance = read_provenance(keys, text.name);
  }
  return blocks;
}

std::vector<SocBlock> blocks_of(const models::SocConfig& soc, const std::vector<SocBlock>& blocks,
                                bool soft_memory_controller) {
  const bool cached = soc.hart.instruction_cache.bytes != 0 || soc.hart.data_cache.bytes != 0;
  const bool controller = soft_memory_controller && soc.main_memory.kind != "sram";
  std::vector<SocBlock> chosen;
  for (const SocBlock& block : blocks)
    if ((block.component != "hart.caches" || cached) && (block.component != "memory_controller" || controller))
      chosen.push_back(block);
  return chosen;
}

Structure soc_memories(const models::SocConfig& soc) {
  const int bus_bits = static_cast<int>(soc.interconnect.width_bytes) * 8;
  Structure structure = {memory("hart.tcm", word_bits, soc.tcm_bytes * 8 / word_bits)};
  add_cache(structure, "hart.icache", soc.hart.instruction_cache);
  add_cache(structure, "hart.dcache", soc.hart.data_cache);
  structure.push_back(memory("sram", bus_bits, soc.sram.bytes / soc.interconnect.width_bytes));
  if (soc.main_memory.kind == "sram")
    structure.push_back(memory("main_memory", bus_bits, soc.main_memory.bytes / soc.interconnect.width_bytes));
  return structure;
}

Structure wide_data_paths(const models::SocConfig& soc, bool with_engine) {
  Structure structure;
  const auto add = [&](const char* component, PrimitiveKind kind, int count, int bits, int inputs = 0) {
    if (count == 0 || bits <= 0) return;
    structure.push_back({.component = component, .kind = kind, .count = count, .width_a = bits, .width_b = inputs});
  };
  const int bus_bits = static_cast<int>(soc.interconnect.width_bytes) * byte_bits;
  const int read_bits = bus_bits - word_bits;
  const int write_bits = read_bits + read_bits / byte_bits;  // a strobe per byte
  const int stages = static_cast<int>(soc.interconnect.latency_cycles);
  const int readers = with_engine ? 3 : 1;  // hart; the engine's fetch and load
  const int writers = with_engine ? 2 : 1;  // hart; the engine's store
  add("interconnect", PrimitiveKind::multiplexer, readers, read_bits, wide_targets);
  add("interconnect", PrimitiveKind::multiplexer, wide_targets, write_bits, writers);
  add("interconnect", PrimitiveKind::registers, readers * stages, read_bits);
  add("interconnect", PrimitiveKind::registers, wide_targets * stages, write_bits);
  constexpr int port_bits = static_cast<int>(accelerators::transfer_port_bytes) * byte_bits;
  if (!with_engine || bus_bits <= port_bits) return structure;
  for (const char* unit : {"engine.load", "engine.store"}) {
    add(unit, PrimitiveKind::registers, 1, bus_bits);
    add(unit, PrimitiveKind::multiplexer, 1, port_bits, bus_bits / port_bits);
  }
  return structure;
}

Structure engine_part(const std::optional<accelerators::EngineConfig>& engine) {
  if (!engine) return {};
  return accelerators::engine_structure(*engine, *accelerators::make_family(*engine));
}

}  // namespace lutra::costs
