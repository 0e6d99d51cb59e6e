#include "software/exploration/synthesis/compare_synthesis.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "accelerators/engine/structure.h"
#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/common/printable.h"

namespace lutra::exploration {

namespace {

using accelerators::Dataflow;
using accelerators::EngineConfig;

SynthesisJob job_of(const RtlUnit& unit, const EngineConfig& engine, std::map<std::string, int> own,
                    const std::string& target) {
  own.insert({{"ROWS", engine.rows},
              {"COLUMNS", engine.columns},
              {"LANES", engine.lanes},
              {"ACTIVATION_BITS", engine.activation_bits},
              {"WEIGHT_BITS", engine.weight_bits},
              {"ACCUMULATOR_BITS", engine.accumulator_bits},
              {"POST_LANES", engine.post_lanes},
              {"PIPELINE", engine.pipeline}});
  SynthesisJob job{unit, {}, target, engine.use_dsp};
  for (const auto& [name, value] : own)
    if (unit.has(name)) job.parameters[name] = value;
  return job;
}

accelerators::Structure of_component(accelerators::Structure structure, const std::string& component) {
  std::erase_if(structure, [&](const accelerators::Primitive& part) { return part.component != component; });
  return structure;
}

const RtlUnit& carried(const std::string& name) {
  const RtlUnit* unit = find_rtl_unit(name);
  if (!unit) throw Error(fmt::format("no RTL of {} is carried", name));
  return *unit;
}

}  // namespace

std::vector<EngineUnit> engine_units(const EngineConfig& engine, const std::string& target) {
  std::vector<EngineUnit> units;
  const auto family = make_family(engine);
  const accelerators::RtlTwin twin = family->rtl_twin();
  if (engine.dataflow == Dataflow::output_stationary && !twin.element.empty()) {
    const RtlUnit& unit = carried(twin.element);
    EngineConfig one = engine;
    one.columns = 1;
    if (!unit.has("ROWS")) one.rows = 1;
    units.push_back({"element", job_of(unit, one, twin.parameters, target),
                     of_component(make_family(one)->structure(), "engine.array")});
  }
  if (engine.dataflow == Dataflow::output_stationary && !twin.array.empty())
    units.push_back({"array", job_of(carried(twin.array), engine, twin.parameters, target), family->structure()});
  units.push_back({"post-processor",
                   job_of(carried("post_processor"), engine, accelerators::post_processor_parameters(engine), target),
                   of_component(engine_structure(engine, *family), "engine.post")});
  return units;
}

costs::FpgaResources priced(const EngineUnit& unit, const costs::Tables& tables) {
  for (costs::Device device : tables.devices) {
    if (device.family != unit.job.target) continue;
    device.dsp = device.dsp_usable = std::numeric_limits<int>::max();
    return pack(unit.structure, {}, device);
  }
  throw Error(fmt::format("'{}' has no prices to compare with: a scenario is synthesised for the family of an FPGA",
                          one_line(unit.job.target)));
}

}  // namespace lutra::exploration
