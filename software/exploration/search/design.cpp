#include "software/exploration/search/design.h"

#include <fmt/format.h>

#include "accelerators/family/engine_knobs.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

struct Number {
  const char* key;
  int EngineConfig::*value;
};

constexpr Number numbers[] = {{"rows", &EngineConfig::rows},
                              {"columns", &EngineConfig::columns},
                              {"lanes", &EngineConfig::lanes},
                              {"post_lanes", &EngineConfig::post_lanes},
                              {"activation_buffer_bytes", &EngineConfig::activation_buffer_bytes},
                              {"weight_buffer_bytes", &EngineConfig::weight_buffer_bytes},
                              {"parameter_buffer_bytes", &EngineConfig::parameter_buffer_bytes},
                              {"skip_buffer_bytes", &EngineConfig::skip_buffer_bytes},
                              {"output_buffer_bytes", &EngineConfig::output_buffer_bytes},
                              {"accumulator_buffer_bytes", &EngineConfig::accumulator_buffer_bytes},
                              {"weight_memory_bytes", &EngineConfig::weight_memory_bytes},
                              {"map_memory_bytes", &EngineConfig::map_memory_bytes},
                              {"command_memory_bytes", &EngineConfig::command_memory_bytes}};

// A knob with words, as a setting: "memory.weights=auto".
struct WordWriter {
  const char* group;
  std::vector<std::string>& written;

  template <typename Choice>
  void operator()(const char* name, const Choice& value, const KnobWords& accepted, const char*) const {
    written.push_back(fmt::format("{}.{}={}", group, name, accepted.of(value)));
  }
};

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
  std::vector<std::string> written;
  for (const Number& number : numbers)
    written.push_back(fmt::format("engine.{}={}", number.key, design.engine.*number.value));
  written.push_back(fmt::format("engine.dataflow={}", accelerators::dataflows.of(design.engine.dataflow)));
  for_each_knob(design.memory, WordWriter{"memory", written});
  written.push_back(fmt::format("soc.interconnect.width_bytes={}", design.bus_bytes));
  for (const std::string& setting : settings(budget)) written.push_back(setting);
  return written;
}

}  // namespace lutra::exploration
