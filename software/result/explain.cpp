#include "software/result/explain.h"

#include <algorithm>
#include <map>

namespace lutra::result {

namespace {

constexpr std::string_view buffer_suffix = "_buffer";
constexpr std::string_view on_chip_memories[] = {"engine.weight_memory", "engine.map_memory", "engine.command_memory"};
constexpr std::size_t levers_shown = 3;

double divide_up(double dividend, double divisor) {
  const auto whole = static_cast<std::uint64_t>(dividend / divisor);
  return static_cast<double>(whole) * divisor < dividend ? static_cast<double>(whole + 1) : static_cast<double>(whole);
}

std::uint64_t cycles_of(const simulation::Causes& causes) { return causes.total() - causes.software; }

void find_bounds(const LayerFacts& layer, LayerExplanation& explanation) {
  explanation.needs = {layer.busy.compute, layer.busy.load, layer.busy.store, layer.busy.fetch, layer.causes.software};
  std::array<int, limit_count> order = {0, 1, 2, 3, 4};
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return explanation.needs[a] > explanation.needs[b]; });
  explanation.bound = static_cast<Limit>(order[0]);
  explanation.next = static_cast<Limit>(order[1]);
  const std::uint64_t engine = cycles_of(layer.causes);
  const std::uint64_t largest =
      *std::max_element(explanation.needs.begin(), explanation.needs.end() - 1);  // the software runs alone
  explanation.not_overlapped = engine - std::min(engine, largest);
}

// Rows hold output channels of one group, or of some that are merged, columns output pixels, lanes the products of one
// output, whose number is macs / outputs, and the zeros between merged groups. A layer that takes fewer cycles than
// that mapping would is mapped in another way.
std::optional<ArrayCycles> split_array(const LayerFacts& layer, const accelerators::EngineConfig& engine) {
  const double outputs = static_cast<double>(layer.output_channels) * static_cast<double>(layer.output_pixels);
  if (!layer.on_engine || layer.macs <= 0 || outputs == 0 || layer.groups == 0 || layer.merged_groups == 0)
    return std::nullopt;
  ArrayCycles split;
  const double size = static_cast<double>(engine.rows) * engine.columns * engine.lanes;
  const auto compute = static_cast<double>(layer.causes.compute);
  split.useful = static_cast<double>(layer.macs) / size;
  split.waiting = static_cast<double>(cycles_of(layer.causes)) - compute;
  split.software = static_cast<double>(layer.causes.software);
  if (split.useful > compute) return std::nullopt;
  split.tiles = compute - split.useful;
  if (engine.dataflow != accelerators::Dataflow::output_stationary) return split;

  const auto merged = static_cast<double>(layer.merged_groups);
  const double groups = divide_up(static_cast<double>(layer.groups), merged);
  const double channels = static_cast<double>(layer.output_channels) / static_cast<double>(layer.groups) * merged;
  const auto pixels = static_cast<double>(layer.output_pixels);
  const double products = static_cast<double>(layer.macs) / outputs;
  const double row_blocks = groups * divide_up(channels, engine.rows);
  const double column_blocks = divide_up(pixels, engine.columns);
  const double passes = divide_up(products * merged, engine.lanes);
  const auto rows = static_cast<double>(engine.rows), columns = static_cast<double>(engine.columns);
  const auto lanes = static_cast<double>(engine.lanes);
  const double with_lanes = row_blocks * column_blocks * passes;
  if (with_lanes > compute) return split;
  // What stays empty is counted whole before it is divided: nothing empty is exactly zero.
  const double empty_rows = row_blocks * rows - static_cast<double>(layer.output_channels);
  const double empty_columns = column_blocks * columns - pixels;
  const double empty_lanes = passes * lanes - products;
  split.rows = empty_rows * pixels * products / size;
  split.columns = row_blocks * empty_columns * products / (columns * lanes);
  split.lanes = row_blocks * column_blocks * empty_lanes / lanes;
  split.tiles = compute - with_lanes;
  return split;
}

LayerExplanation explain_layer(const Result& result, std::size_t index) {
  const LayerFacts& layer = result.layers[index];
  LayerExplanation explanation;
  explanation.layer = index;
  find_bounds(layer, explanation);
  if (result.engine) explanation.array = split_array(layer, *result.engine);
  explanation.minimum_read_bytes = layer.streamed_weight_bytes() + layer.input_bytes - layer.map_input_bytes;
  explanation.minimum_write_bytes = layer.output_bytes - layer.map_output_bytes;
  if (result.energy)
    for (const costs::EnergyLine& line : result.energy->lines)
      if (line.layer == index) explanation.energy += line.energy;
  return explanation;
}

void add(ArrayCycles& sum, const ArrayCycles& part) {
  sum.useful += part.useful;
  sum.rows += part.rows;
  sum.columns += part.columns;
  sum.lanes += part.lanes;
  sum.tiles += part.tiles;
  sum.waiting += part.waiting;
  sum.software += part.software;
}

std::vector<ComponentEnergy> components_of(const EnergyFacts& energy) {
  std::map<std::string, double> errors;
  for (const costs::EnergyLine& line : energy.lines)
    errors[line.component] += static_cast<double>(line.energy) * line.uncertainty_percent;
  std::vector<ComponentEnergy> components;
  for (const auto& [component, sum] : energy_by_component(energy))
    components.push_back({component, sum, sum == 0 ? 0 : errors[component] / static_cast<double>(sum)});
  std::stable_sort(components.begin(), components.end(),
                   [](const ComponentEnergy& a, const ComponentEnergy& b) { return a.energy > b.energy; });
  return components;
}

std::vector<BufferTraffic> buffers_of(const EnergyFacts& energy) {
  std::map<std::string, BufferTraffic> buffers;
  for (const costs::EnergyLine& line : energy.lines) {
    const bool memory = std::ranges::find(on_chip_memories, line.component) != std::end(on_chip_memories);
    if (!line.component.ends_with(buffer_suffix) && !memory) continue;
    BufferTraffic& buffer = buffers[line.component];
    buffer.component = line.component;
    if (line.event == "read_bytes") buffer.read_bytes += line.count;
    if (line.event == "write_bytes") buffer.write_bytes += line.count;
  }
  std::vector<BufferTraffic> list;
  for (auto& [component, buffer] : buffers) list.push_back(std::move(buffer));
  return list;
}

std::vector<Lever> best(std::vector<Lever> levers, double Lever::*saving) {
  std::erase_if(levers, [&](const Lever& lever) { return !(lever.*saving > 0); });
  std::stable_sort(levers.begin(), levers.end(), [&](const Lever& a, const Lever& b) { return a.*saving > b.*saving; });
  if (levers.size() > levers_shown) levers.resize(levers_shown);
  return levers;
}

}  // namespace

std::string_view name(Limit limit) {
  constexpr std::string_view names[] = {"compute", "load", "store", "command", "software"};
  static_assert(std::size(names) == limit_count);
  return names[static_cast<int>(limit)];
}

Explanation explain(const Result& result) {
  Explanation explanation;
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    const LayerExplanation& layer = explanation.layers.emplace_back(explain_layer(result, i));
    explanation.minimum_read_bytes += layer.minimum_read_bytes;
    explanation.minimum_write_bytes += layer.minimum_write_bytes;
    const bool operation = i + 1 < result.layers.size();
    if (operation && !result.layers[i].on_engine) explanation.hart_layer_cycles += result.layers[i].cycles;
    if (!layer.array) continue;
    if (!explanation.array) explanation.array.emplace();
    add(*explanation.array, *layer.array);
  }
  if (result.energy) {
    explanation.components = components_of(*result.energy);
    explanation.buffers = buffers_of(*result.energy);
  }
  const std::vector<Lever> levers = find_levers(result, explanation.layers);
  explanation.for_cycles = best(levers, &Lever::cycles);
  explanation.for_energy = best(levers, &Lever::energy_fj);
  return explanation;
}

}  // namespace lutra::result
