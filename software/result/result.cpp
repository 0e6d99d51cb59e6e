#include "software/result/result.h"

#include <fmt/format.h>

#include <cmath>

#include "software/common/error.h"
#include "software/common/text/percent.h"

namespace lutra::result {

namespace {

double ratio(double cycles, std::int64_t macs) { return macs == 0 ? 0 : cycles / static_cast<double>(macs); }

std::optional<double> percent_of(const std::optional<std::uint64_t>& correct, std::uint64_t images) {
  if (!correct) return std::nullopt;
  return percent(*correct, images);
}

template <typename Number>
void require_sum(const std::string& what, Number parts, Number total) {
  if (parts != total)
    throw Error(fmt::format("result: {}: the parts add up to {}, the total says {}; the attribution is broken", what,
                            parts, total));
}

}  // namespace

std::string scheme_label(const SchemeFacts& scheme) {
  if (!scheme.file.empty()) return scheme.name;
  std::string label = fmt::format("{} W{}A{}", scheme.name, scheme.weight_bits, scheme.activation_bits);
  if (scheme.activations != "uniform") label += " " + scheme.activations;
  if (scheme.requantise != "multiplier") label += " " + scheme.requantise;
  if (!scheme.progressive.empty()) label += " progressive";
  return label;
}

std::string engine_label(const std::optional<accelerators::EngineConfig>& engine) {
  if (!engine) return "none";
  return fmt::format("{} {}x{}x{}", engine->family, engine->rows, engine->columns, engine->lanes);
}

std::optional<double> AccuracyFacts::top1_percent() const { return percent_of(correct, images); }
std::optional<double> AccuracyFacts::top5_percent() const { return percent_of(top5_correct, images); }
std::optional<double> AccuracyFacts::float_top1_percent() const { return percent_of(float_correct, images); }
std::optional<double> AccuracyFacts::float_top5_percent() const { return percent_of(float_top5_correct, images); }

bool confusion_holds(const AccuracyFacts& accuracy) {
  std::uint64_t images = 0, correct = 0;
  for (std::size_t row = 0; row < accuracy.confusion.size(); ++row) {
    if (accuracy.confusion[row].size() != accuracy.confusion.size()) return false;
    for (const std::uint64_t count : accuracy.confusion[row]) images += count;
    correct += accuracy.confusion[row][row];
  }
  return images == accuracy.images && correct == accuracy.correct;
}

double AreaFacts::engine_um2() const {
  double sum = 0;
  for (const ComponentAreaFacts& part : components)
    if (part.component.starts_with("engine.")) sum += part.um2;
  return sum;
}

std::uint64_t CycleFacts::per_frame() const { return static_cast<std::uint64_t>(std::llround(mean)); }

double Result::time_ms() const { return cycles.mean / (soc.clock_mhz * 1000); }

double Result::cycles_per_mac() const { return ratio(cycles.mean, network.macs); }

std::optional<double> Result::cpu_only_cycles_per_mac() const {
  if (!cpu_only_cycles) return std::nullopt;
  return ratio(static_cast<double>(*cpu_only_cycles), network.macs);
}

void check_sums(const Result& result) {
  simulation::Causes causes;
  std::uint64_t cycles = 0, weight_bytes = 0, resident_bytes = 0, read_bytes = 0, write_bytes = 0;
  std::uint64_t map_read_bytes = 0, map_write_bytes = 0;
  for (const LayerFacts& layer : result.layers) {
    require_sum(fmt::format("cycles of layer '{}' by cause", layer.name), layer.causes.total(), layer.cycles);
    causes += layer.causes;
    cycles += layer.cycles;
    weight_bytes += layer.weight_bytes;
    resident_bytes += layer.resident_weight_bytes;
    read_bytes += layer.dram_read_bytes;
    write_bytes += layer.dram_write_bytes;
    map_read_bytes += layer.map_read_bytes;
    map_write_bytes += layer.map_write_bytes;
  }
  require_sum("cycles by layer", cycles, result.cycles.total);
  const CycleFacts& steady = result.cycles;
  if (steady.steady_frames == 0 || steady.least > steady.total || steady.total > steady.most ||
      steady.mean < static_cast<double>(steady.least) || steady.mean > static_cast<double>(steady.most))
    throw Error(
        fmt::format("result: cycles: the frame of {} and the mean of {} of {} frames do not lie between {} and {}",
                    steady.total, steady.mean, steady.steady_frames, steady.least, steady.most));
  require_sum("cycles by cause", result.cycles.by_cause.total(), result.cycles.total);
  require_sum("compute cycles by layer", causes.compute, result.cycles.by_cause.compute);
  require_sum("load cycles by layer", causes.load, result.cycles.by_cause.load);
  require_sum("store cycles by layer", causes.store, result.cycles.by_cause.store);
  require_sum("command cycles by layer", causes.command, result.cycles.by_cause.command);
  require_sum("software cycles by layer", causes.software, result.cycles.by_cause.software);
  require_sum("weight bytes by layer", weight_bytes, result.memory.weight_bytes);
  require_sum("resident weight bytes by layer", resident_bytes, result.memory.resident_weight_bytes);
  require_sum("DRAM bytes read by layer", read_bytes, result.memory.dram_read_bytes);
  require_sum("DRAM bytes written by layer", write_bytes, result.memory.dram_write_bytes);
  require_sum("map memory bytes read by layer", map_read_bytes, result.memory.map_read_bytes);
  require_sum("map memory bytes written by layer", map_write_bytes, result.memory.map_write_bytes);
  if (!result.energy) return;
  costs::Femtojoules energy = 0;
  for (const costs::EnergyLine& line : result.energy->lines) {
    if (line.layer >= result.layers.size())
      throw Error(fmt::format("result: energy of {}.{} belongs to layer {}, and there are {}", line.component,
                              line.event, line.layer, result.layers.size()));
    energy += line.energy;
  }
  require_sum("energy (fJ) by layer, component and event", energy, result.energy->total);
}

std::map<std::string, costs::Femtojoules> energy_by_component(const EnergyFacts& energy) {
  std::map<std::string, costs::Femtojoules> sums;
  for (const costs::EnergyLine& line : energy.lines) sums[line.component] += line.energy;
  return sums;
}

double microjoules(costs::Femtojoules energy) { return static_cast<double>(energy) / femtojoules_per_microjoule; }

double array_utilisation_percent(const LayerFacts& layer, const std::optional<accelerators::EngineConfig>& engine) {
  if (!engine || !layer.on_engine || layer.cycles == 0) return 0;
  const double per_cycle = static_cast<double>(engine->rows) * engine->columns * engine->lanes;
  return 100 * static_cast<double>(layer.macs) / (static_cast<double>(layer.cycles) * per_cycle);
}

}  // namespace lutra::result
