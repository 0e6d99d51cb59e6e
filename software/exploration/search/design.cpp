#include "software/exploration/search/design.h"

#include <fmt/format.h>

#include <string_view>

#include "accelerators/family/engine_knobs.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

using accelerators::ConstantPlace;
using accelerators::MapPlace;
using accelerators::MemoryUse;
using accelerators::WeightPlace;

// Whether a search chooses a knob.
using IsFree = bool (*)(const SearchSpace& space, const MemoryUse& memory);

bool always(const SearchSpace&, const MemoryUse&) { return true; }
bool weights(const SearchSpace& space, const MemoryUse& memory) {
  return space.free_memories && memory.weights != WeightPlace::resident;
}
bool maps(const SearchSpace& space, const MemoryUse& memory) {
  return space.free_memories && memory.activations != MapPlace::on_chip;
}
bool constants(const SearchSpace& space, const MemoryUse&) { return space.free_memories; }

template <std::vector<int> SearchSpace::*choices>
bool several(const SearchSpace& space, const MemoryUse&) {
  return (space.*choices).size() > 1;
}

struct Number {
  const char* key;
  int EngineConfig::*value;
  IsFree is_free;
};

constexpr Number numbers[] = {{"rows", &EngineConfig::rows, several<&SearchSpace::rows>},
                              {"columns", &EngineConfig::columns, several<&SearchSpace::columns>},
                              {"lanes", &EngineConfig::lanes, several<&SearchSpace::lanes>},
                              {"post_lanes", &EngineConfig::post_lanes, several<&SearchSpace::post_lanes>},
                              {"activation_buffer_bytes", &EngineConfig::activation_buffer_bytes, always},
                              {"weight_buffer_bytes", &EngineConfig::weight_buffer_bytes, always},
                              {"parameter_buffer_bytes", &EngineConfig::parameter_buffer_bytes, always},
                              {"skip_buffer_bytes", &EngineConfig::skip_buffer_bytes, always},
                              {"output_buffer_bytes", &EngineConfig::output_buffer_bytes, always},
                              {"accumulator_buffer_bytes", &EngineConfig::accumulator_buffer_bytes, always},
                              {"weight_memory_bytes", &EngineConfig::weight_memory_bytes, weights},
                              {"map_memory_bytes", &EngineConfig::map_memory_bytes, maps},
                              {"command_memory_bytes", &EngineConfig::command_memory_bytes, constants}};

IsFree place_is_free(std::string_view knob) {
  return knob == "weights" ? weights : knob == "activations" ? maps : constants;
}

struct Setting {
  std::string text;  // "engine.rows=8"
  IsFree is_free;
};

// A knob with words.
struct WordWriter {
  const char* group;
  std::vector<Setting>& written;

  template <typename Choice>
  void operator()(const char* name, const Choice& value, const KnobWords& accepted, const char*) const {
    written.push_back({fmt::format("{}.{}={}", group, name, accepted.of(value)), place_is_free(name)});
  }
};

std::vector<Setting> choices(const Design& design) {
  std::vector<Setting> written;
  for (const Number& number : numbers)
    written.push_back({fmt::format("engine.{}={}", number.key, design.engine.*number.value), number.is_free});
  written.push_back({fmt::format("engine.dataflow={}", accelerators::dataflows.of(design.engine.dataflow)),
                     [](const SearchSpace& space, const MemoryUse&) { return space.dataflows.size() > 1; }});
  for_each_knob(design.memory, WordWriter{"memory", written});
  written.push_back({fmt::format("soc.interconnect.width_bytes={}", design.bus_bytes),
                     [](const SearchSpace& space, const MemoryUse&) {
                       return space.bus_bytes.size() > 1 && !std::holds_alternative<EngineArea>(space.budget);
                     }});
  return written;
}

}  // namespace

Design design_of(const scenario::Scenario& scenario) {
  return {scenario.engine.value(), scenario.memory, scenario.soc.interconnect.width_bytes};
}

scenario::Scenario with(const scenario::Scenario& scenario, const Design& design) {
  scenario::Scenario changed = scenario;
  changed.engine = design.engine;
  changed.memory = design.memory;
  changed.soc.interconnect.width_bytes = design.bus_bytes;
  return changed;
}

std::vector<std::string> settings(const Design& design, const Budget& budget) {
  std::vector<std::string> written = settings(budget);
  for (const Setting& setting : choices(design)) written.push_back(setting.text);
  return written;
}

std::vector<std::string> found(const Design& design, const SearchSpace& space) {
  std::vector<std::string> written;
  for (const Setting& setting : choices(design))
    if (setting.is_free(space, design.memory)) written.push_back(setting.text);
  return written;
}

}  // namespace lutra::exploration
