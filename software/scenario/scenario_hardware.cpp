#include "software/scenario/scenario_hardware.h"

#include <fmt/format.h>

#include <bit>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "accelerators/family/engine_fields.h"
#include "accelerators/family/family.h"
#include "software/common/embedded.h"

namespace lutra::scenario {

namespace {

constexpr std::uint32_t largest_memory_bytes = 1u << 30;

// The stems of the embedded files "<folder>/<stem>.yaml".
std::vector<std::string> table_names(const std::string& folder) {
  constexpr std::string_view suffix = ".yaml";
  std::vector<std::string> names;
  for (const std::string& path : list_embedded(folder + "/"))
    names.push_back(path.substr(folder.size() + 1, path.size() - folder.size() - 1 - suffix.size()));
  return names;
}

void require_power_of_two(const YamlMapping& mapping, const char* key, std::uint32_t value) {
  if (mapping.has(key) && !std::has_single_bit(value))
    mapping.at(key).fail(fmt::format("{} is not a power of two", value));
}

void read_knob(const YamlMapping& keys, const char* key, int& target, const KnobRange& range) {
  keys.read(key, target, range.low, range.high);
  if (range.power_of_two) require_power_of_two(keys, key, static_cast<std::uint32_t>(target));
}

void read_knob(const YamlMapping& keys, const char* key, std::string& target, const KnobWords& accepted) {
  const std::vector<std::string> words(accepted.words.begin(), accepted.words.end());
  if (keys.has(key)) target = words[keys.at(key).choice(words)];
}

models::CacheConfig read_cache(const YamlReader& reader, models::CacheConfig cache) {
  const YamlMapping keys = reader.mapping({"bytes", "ways", "line_bytes"});
  keys.read("bytes", cache.bytes, 0, 1u << 20);
  keys.read("ways", cache.ways, 1, 16);
  keys.read("line_bytes", cache.line_bytes, 8, 128);
  if (cache.bytes != 0) require_power_of_two(keys, "bytes", cache.bytes);
  require_power_of_two(keys, "ways", cache.ways);
  require_power_of_two(keys, "line_bytes", cache.line_bytes);
  if (cache.bytes != 0 && cache.bytes < cache.ways * cache.line_bytes)
    reader.fail(
        fmt::format("{} bytes cannot hold {} ways of {}-byte lines", cache.bytes, cache.ways, cache.line_bytes));
  return cache;
}

models::HartConfig read_hart(const YamlReader& reader) {
  models::HartConfig hart;
  const YamlMapping keys = reader.mapping({"timing", "instruction_cache", "data_cache", "quantum_instructions"});
  if (keys.has("timing")) {
    const auto names = table_names("models/cpu/timing");
    hart.timing = names[keys.at("timing").choice(names)];
  }
  if (keys.has("instruction_cache"))
    hart.instruction_cache = read_cache(keys.at("instruction_cache"), hart.instruction_cache);
  if (keys.has("data_cache")) hart.data_cache = read_cache(keys.at("data_cache"), hart.data_cache);
  keys.read("quantum_instructions", hart.quantum_instructions, 1, 1000000);
  return hart;
}

models::InterconnectConfig read_interconnect(const YamlReader& reader) {
  models::InterconnectConfig interconnect;
  const YamlMapping keys =
      reader.mapping({"width_bytes", "latency_cycles", "max_burst_bytes", "port_depth", "arbitration"});
  keys.read("width_bytes", interconnect.width_bytes, 4, 64);
  require_power_of_two(keys, "width_bytes", interconnect.width_bytes);
  keys.read("latency_cycles", interconnect.latency_cycles, 0, 1000);
  keys.read("max_burst_bytes", interconnect.max_burst_bytes, 16, 4096);
  require_power_of_two(keys, "max_burst_bytes", interconnect.max_burst_bytes);
  keys.read("port_depth", interconnect.port_depth, 1, 256);
  if (keys.has("arbitration")) {
    const std::vector<std::string> policies = {"round_robin", "fixed"};
    interconnect.arbitration = policies[keys.at("arbitration").choice(policies)];
  }
  return interconnect;
}

models::MainMemoryConfig read_main_memory(const YamlReader& reader) {
  models::MainMemoryConfig memory;
  const YamlMapping keys = reader.mapping({"kind", "bytes"});
  if (keys.has("kind")) {
    std::vector<std::string> kinds = table_names("models/dram/timing");
    kinds.emplace_back("sram");
    memory.kind = kinds[keys.at("kind").choice(kinds)];
  }
  keys.read("bytes", memory.bytes, 2u << 20, largest_memory_bytes);
  return memory;
}

}  // namespace

std::optional<accelerators::EngineConfig> read_engine(const YamlReader& reader) {
  if (reader.is_scalar()) {
    if (reader.choice({"none", accelerators::automatic_family}) == 0) return std::nullopt;
    accelerators::EngineConfig automatic;
    automatic.family = accelerators::automatic_family;
    return automatic;
  }
  accelerators::EngineConfig engine;
  const YamlMapping keys = reader.mapping({"family",
                                           "variant",
                                           "options",
                                           "dataflow",
                                           "post",
                                           "rows",
                                           "columns",
                                           "lanes",
                                           "activation_bits",
                                           "weight_bits",
                                           "accumulator_bits",
                                           "use_dsp",
                                           "activation_buffer_bytes",
                                           "weight_buffer_bytes",
                                           "parameter_buffer_bytes",
                                           "skip_buffer_bytes",
                                           "output_buffer_bytes",
                                           "accumulator_buffer_bytes",
                                           "post_lanes",
                                           "burst_bytes",
                                           "outstanding",
                                           "command_queue"});
  if (keys.has("family")) {
    auto names = accelerators::family_names();
    names.emplace_back(accelerators::automatic_family);
    engine.family = names[keys.at("family").choice(names)];
  }
  keys.read("variant", engine.variant);
  if (keys.has("options"))
    for (const auto& [name, value] : keys.at("options").entries()) engine.options[name] = value.text();
  accelerators::for_each_engine_knob(engine, [&](const char* key, auto& field, const auto& accepted) {
    if constexpr (!std::is_same_v<decltype(accepted), const KnobAny&>) read_knob(keys, key, field, accepted);
  });
  keys.read("use_dsp", engine.use_dsp);
  if (engine.activation_bits > 8 && engine.activation_bits != 16)
    keys.at("activation_bits").fail(fmt::format("{} is neither 2 to 8 nor 16", engine.activation_bits));
  return engine;
}

models::SocConfig read_soc(const YamlReader& reader) {
  models::SocConfig soc;
  const YamlMapping keys = reader.mapping({"clock_mhz", "hart", "tcm_bytes", "interconnect", "sram", "main_memory"});
  keys.read("clock_mhz", soc.clock_mhz, 1, 2000);
  if (keys.has("hart")) soc.hart = read_hart(keys.at("hart"));
  keys.read("tcm_bytes", soc.tcm_bytes, 4096, 16u << 20);
  if (keys.has("interconnect")) soc.interconnect = read_interconnect(keys.at("interconnect"));
  if (keys.has("sram")) {
    const YamlMapping sram = keys.at("sram").mapping({"bytes", "latency_cycles"});
    sram.read("bytes", soc.sram.bytes, 4096, 64u << 20);
    sram.read("latency_cycles", soc.sram.latency_cycles, 0, 1000);
  }
  if (keys.has("main_memory")) soc.main_memory = read_main_memory(keys.at("main_memory"));
  return soc;
}

}  // namespace lutra::scenario
