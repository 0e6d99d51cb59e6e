#include "software/exploration/point/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "software/costs/area.h"
#include "software/costs/energy.h"
#include "software/costs/price_list.h"
#include "software/costs/resources.h"
#include "software/costs/soc_structure.h"
#include "software/costs/targets.h"
#include "software/program/image_reader.h"

namespace lutra::exploration {

namespace {

constexpr const char* outside_name = "(frame)";
constexpr const char* streamed = "streamed per frame: every weight is read from main memory for every image";

accelerators::Structure whole_structure(const scenario::Scenario& scenario) {
  accelerators::Structure structure = costs::soc_memories(scenario.soc);
  const accelerators::Structure engine = costs::engine_part(scenario.engine);
  structure.insert(structure.end(), engine.begin(), engine.end());
  return structure;
}

costs::AsicArea area_of(const scenario::Scenario& scenario, const costs::AsicTarget& target) {
  return price_area(whole_structure(scenario), costs::soc_blocks(scenario.soc, true), target.area);
}

std::uint64_t count_of(const std::vector<models::CounterInfo>& counters, const simulation::OpMeasurement& op,
                       const char* component, const char* event) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < counters.size(); ++i)
    if (counters[i].component == component && counters[i].event == event) count += op.counters[i];
  return count;
}

result::LayerFacts measured(const simulation::Simulation& simulation, const simulation::OpMeasurement& op) {
  result::LayerFacts layer;
  layer.cycles = op.cycles;
  layer.causes = op.causes;
  layer.hart_instructions = op.hart_instructions;
  const auto count = [&](const char* component, const char* event) {
    return count_of(simulation.counters, op, component, event);
  };
  layer.dram_read_bytes = count("dram", "read_bytes");
  layer.dram_write_bytes = count("dram", "write_bytes");
  layer.busy = {count("engine.busy", "fetch"), count("engine.busy", "load"), count("engine.busy", "compute"),
                count("engine.busy", "store")};
  return layer;
}

std::uint64_t packed_bytes(std::uint64_t pixels, std::uint64_t channels, std::uint64_t bits) {
  return pixels * ((channels * bits + 7) / 8);
}

// Of `extent` rows or columns, those that some output's window reads.
std::uint64_t reached(std::uint64_t extent, std::uint64_t outputs, std::uint64_t window, std::uint64_t stride) {
  return stride > window ? std::min(extent, outputs * window) : extent;
}

// What the operation computes and the activations it cannot do without.
void describe_shape(const lutra_op& op, result::LayerFacts& layer) {
  const bool stream = (op.flags & LUTRA_OP_STREAM) != 0;
  const bool codes = (op.flags & LUTRA_OP_CODES) != 0 || !stream;
  const lutra_tensor& output = codes ? op.codes : op.stream;
  layer.output_channels = op.kind == LUTRA_OP_NORMALISE  ? op.codes.channels
                          : op.kind == LUTRA_OP_RESAMPLE ? op.input_channels
                                                         : op.output_channels;
  layer.output_pixels = std::uint64_t{output.height} * output.width;
  layer.groups = op.groups;
  const std::uint64_t raw_pixels = layer.output_pixels * layer.output_channels;  // a byte each
  const std::uint64_t input_pixels = reached(op.input.height, output.height, op.window_height, op.stride_y) *
                                     reached(op.input.width, output.width, op.window_width, op.stride_x);
  layer.input_bytes = op.kind == LUTRA_OP_NORMALISE ? raw_pixels
                      : op.kind == LUTRA_OP_RESAMPLE
                          ? packed_bytes(layer.output_pixels, layer.output_channels, op.input.bits)
                          : packed_bytes(input_pixels, op.input.channels, op.input.bits);
  if ((op.flags & LUTRA_OP_SKIP) != 0)
    layer.input_bytes += packed_bytes(layer.output_pixels, op.skip.channels, op.skip.bits);
  if (codes) layer.output_bytes += packed_bytes(layer.output_pixels, layer.output_channels, op.codes.bits);
  if (stream) layer.output_bytes += packed_bytes(layer.output_pixels, layer.output_channels, op.stream.bits);
}

std::vector<result::LayerFacts> describe_layers(const compiler::Program& program,
                                                const simulation::Simulation& simulation,
                                                const simulation::FrameMeasurement& frame) {
  std::vector<result::LayerFacts> layers;
  std::set<std::string> names;
  const std::vector<lutra_op> ops = program::read_operations(program.image);
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    const compiler::OpPlan& plan = program.ops[i];
    result::LayerFacts layer = measured(simulation, frame.ops.at(i));
    layer.name = names.contains(plan.name) ? fmt::format("{} [{}]", plan.name, i) : plan.name;
    names.insert(layer.name);
    layer.on_engine = plan.on_engine;
    layer.reason = plan.reason;
    layer.mapping = plan.mapping;
    layer.macs = plan.macs;
    layer.predicted_array_cycles = plan.array_cycles;
    layer.weight_bytes = plan.weight_bytes;
    layer.weight_bits = plan.weight_bits;
    describe_shape(ops[i], layer);
    layers.push_back(std::move(layer));
  }
  layers.push_back(measured(simulation, frame.outside));
  layers.back().name = outside_name;
  return layers;
}

result::EnergyFacts price(const scenario::Scenario& scenario, const simulation::Simulation& simulation,
                          const simulation::FrameMeasurement& frame) {
  const costs::AsicTarget target = costs::find_asic_target(scenario.implementations.asic);
  std::vector<costs::EnergyTable> tables;
  for (const std::string& path : target.energy) tables.push_back(costs::load_energy_table(path));
  if (scenario.engine)
    tables.push_back(costs::load_energy_table(costs::family_table(scenario.engine->family, target.node)));
  const costs::PriceList prices(std::move(tables), costs::pricing_context(scenario.soc, scenario.engine));
  costs::FrameEnergy energy =
      costs::price_energy(simulation.counters, frame, prices, area_of(scenario, target), scenario.soc.clock_mhz);
  result::EnergyFacts facts;
  facts.implementation = "asic:" + target.node;
  facts.uncertainty_percent = energy.uncertainty_percent;
  facts.sources = std::move(energy.sources);
  facts.not_counted = target.not_counted;
  for (const costs::EnergyLine& line : energy.lines) facts.total += line.energy;
  facts.lines = std::move(energy.lines);
  return facts;
}

}  // namespace

std::optional<result::ResourceFacts> price_resources(const scenario::Scenario& scenario) {
  if (scenario.implementations.fpga.empty()) return std::nullopt;
  const costs::Device device =
      costs::usable_device(scenario.implementations.fpga, scenario.implementations.dsp_percent);
  const auto& hard = device.hard_memories;
  const bool soft_controller = std::find(hard.begin(), hard.end(), scenario.soc.main_memory.kind) == hard.end();
  const costs::FpgaResources cells =
      costs::pack(whole_structure(scenario), costs::soc_blocks(scenario.soc, soft_controller), device);
  result::ResourceFacts facts;
  facts.implementation = "fpga:" + device.name;
  facts.device = device.name;
  facts.lut = cells.lut;
  facts.ff = cells.ff;
  facts.dsp = cells.dsp;
  facts.bram36 = cells.bram36;
  facts.fits = cells.fits;
  facts.lut_used_percent = cells.lut_used_percent;
  facts.ff_used_percent = cells.ff_used_percent;
  facts.dsp_used_percent = cells.dsp_used_percent;
  facts.bram_used_percent = cells.bram_used_percent;
  facts.lut_uncertainty_percent = cells.lut_uncertainty_percent;
  facts.ff_uncertainty_percent = cells.ff_uncertainty_percent;
  facts.multipliers_in_fabric = cells.multipliers_in_fabric;
  for (const costs::ComponentCells& part : cells.components)
    facts.components.push_back({part.component, part.lut.value, part.ff.value, part.dsp.value,
                                part.block_kbits.value / 36, part.lut.uncertainty_percent(),
                                part.ff.uncertainty_percent()});
  facts.sources = cells.sources;
  return facts;
}

std::optional<result::AreaFacts> price_area(const scenario::Scenario& scenario) {
  if (scenario.implementations.asic.empty()) return std::nullopt;
  const costs::AsicArea area = area_of(scenario, costs::find_asic_target(scenario.implementations.asic));
  result::AreaFacts facts;
  facts.implementation = "asic:" + area.node;
  facts.um2 = area.um2.value;
  facts.uncertainty_percent = area.um2.uncertainty_percent();
  for (const costs::ComponentArea& part : area.components)
    facts.components.push_back({part.component, part.um2.value, part.um2.uncertainty_percent()});
  facts.sources = area.sources;
  return facts;
}

result::Result assemble(const scenario::Scenario& scenario, const Prepared& prepared,
                        const result::AccuracyFacts& accuracy, const compiler::Program& program,
                        const simulation::Simulation& simulation) {
  result::Result result;
  result.scenario = scenario.name;
  result.description = scenario.description;
  result.network = {prepared.network.name, scenario.network.model, scenario.network.dataset, 0};
  for (const network::Operation& operation : prepared.network.operations)
    result.network.macs += network::multiply_accumulates(prepared.network, operation);
  result.scheme = prepared.scheme;
  result.engine = scenario.engine;
  result.cpu_fallback = scenario.cpu_fallback;
  result.normalise_on_hart = scenario.normalise_on_hart;
  result.soc = scenario.soc;
  result.accuracy = accuracy;
  result.verified_images = simulation.frames.size();

  const simulation::FrameMeasurement& frame = simulation.frames.back();
  result.layers = describe_layers(program, simulation, frame);
  result.cycles.total = frame.cycles;
  result.cycles.first_frame = simulation.frames.front().cycles;
  result.cycles.reported_frame = simulation.frames.size() - 1;
  result.memory.residency = streamed;
  for (const result::LayerFacts& layer : result.layers) {
    result.cycles.by_cause += layer.causes;
    result.memory.weight_bytes += layer.weight_bytes;
    result.memory.dram_read_bytes += layer.dram_read_bytes;
    result.memory.dram_write_bytes += layer.dram_write_bytes;
  }
  if (!scenario.implementations.asic.empty()) result.energy = price(scenario, simulation, frame);
  result.area = price_area(scenario);
  result.resources = price_resources(scenario);
  result.published_software = costs::load_published_software();
  result::check_sums(result);
  return result;
}

}  // namespace lutra::exploration
