#include <fmt/format.h>

#include "software/common/text/percent.h"
#include "software/common/text/text_table.h"
#include "software/result/explain.h"

namespace lutra::result {

namespace {

std::string one_decimal(double value) { return fmt::format("{:.1f}", value); }

std::string explained_frame(const Result& result) {
  return fmt::format("{}: {} on {}; {} cycles a frame, {:.3f} ms; explained: frame {}, {} cycles{}\n", result.scenario,
                     scheme_label(result.scheme), engine_label(result.engine),
                     with_separators(result.cycles.per_frame()), result.time_ms(), result.cycles.reported_frame,
                     with_separators(result.cycles.total),
                     result.energy ? fmt::format(", {:.2f} uJ +-{:.0f} % ({})", microjoules(result.energy->total),
                                                 result.energy->uncertainty_percent, result.energy->implementation)
                                   : "");
}

// "load-bound: 5 layers, 12,345 cycles (49.5 %)", largest first in the order of the limits.
std::string bounds(const Result& result, const Explanation& explanation) {
  std::string text = "\nwhat bounds the frame\n";
  for (int i = 0; i < limit_count; ++i) {
    const auto limit = static_cast<Limit>(i);
    std::size_t layers = 0;
    std::uint64_t cycles = 0;
    for (const LayerExplanation& layer : explanation.layers)
      if (layer.bound == limit && layer.layer + 1 < explanation.layers.size()) {
        ++layers;
        cycles += result.layers[layer.layer].cycles;
      }
    if (layers > 0)
      text +=
          fmt::format("  {}-bound: {} {}, {} cycles ({:.1f} %)\n", name(limit), layers,
                      layers == 1 ? "layer" : "layers", with_separators(cycles), percent(cycles, result.cycles.total));
  }
  const simulation::Causes& causes = result.cycles.by_cause;
  text += fmt::format(
      "  every cycle once: compute {:.1f} %, waiting for load {:.1f} %, store {:.1f} %, commands {:.1f} %, software "
      "{:.1f} %\n",
      percent(causes.compute, result.cycles.total), percent(causes.load, result.cycles.total),
      percent(causes.store, result.cycles.total), percent(causes.command, result.cycles.total),
      percent(causes.software, result.cycles.total));
  text += fmt::format("  layers on the hart (side path): {} cycles ({:.1f} %)\n",
                      with_separators(explanation.hart_layer_cycles),
                      percent(explanation.hart_layer_cycles, result.cycles.total));
  return text;
}

std::string explained_layers(const Result& result, const Explanation& explanation) {
  std::vector<std::string> header = {"layer",   "cycles", "%",       "bound by",
                                     "needs %", "next",   "needs %", "not overlapped"};
  if (result.energy) header.insert(header.end(), {"uJ", "uJ %"});
  TextTable table(std::move(header));
  for (const LayerExplanation& layer : explanation.layers) {
    const LayerFacts& facts = result.layers[layer.layer];
    const auto needs = [&](Limit limit) {
      return one_decimal(percent(layer.needs[static_cast<std::size_t>(limit)], facts.cycles));
    };
    const bool has_next = layer.needs[static_cast<std::size_t>(layer.next)] > 0;
    std::vector<std::string> row = {facts.name,
                                    with_separators(facts.cycles),
                                    one_decimal(percent(facts.cycles, result.cycles.total)),
                                    std::string(name(layer.bound)),
                                    needs(layer.bound),
                                    has_next ? std::string(name(layer.next)) : "-",
                                    has_next ? needs(layer.next) : "-",
                                    with_separators(layer.not_overlapped)};
    if (result.energy) {
      row.push_back(fmt::format("{:.3f}", microjoules(layer.energy)));
      row.push_back(one_decimal(percent(static_cast<double>(layer.energy), static_cast<double>(result.energy->total))));
    }
    table.add(std::move(row));
  }
  return "\n" + table.text() +
         "needs %: of the layer's cycles in which that unit works (software: the engine is idle); not overlapped: the "
         "engine's cycles\nbeyond what its busiest unit needs\n";
}

std::vector<std::string> array_row(const std::string& name, const ArrayCycles& array) {
  std::vector<std::string> row = {name};
  for (const double part :
       {array.useful, array.rows, array.columns, array.lanes, array.tiles, array.waiting, array.software})
    row.push_back(one_decimal(percent(part, array.total())));
  return row;
}

std::string array(const Result& result, const Explanation& explanation) {
  if (!explanation.array) return "";
  TextTable table({"array, % of its cycles", "useful", "rows", "columns", "lanes", "tiles", "waiting", "software"});
  for (const LayerExplanation& layer : explanation.layers)
    if (layer.array) table.add(array_row(result.layers[layer.layer].name, *layer.array));
  table.add(array_row("together", *explanation.array));
  const auto& engine = *result.engine;
  return "\n" + table.text() +
         fmt::format(
             "lost because {} rows, {} columns and {} lanes are not filled by channels, pixels and products; in tiles "
             "(fill, drain,\nedges, passes beyond one per product); waiting for load, store or commands; while "
             "software "
             "runs\n",
             engine.rows, engine.columns, engine.lanes);
}

std::string factor(std::uint64_t bytes, std::uint64_t minimum) {
  return minimum == 0 ? "-" : fmt::format("{:.2f}", static_cast<double>(bytes) / static_cast<double>(minimum));
}

std::string traffic(const Result& result, const Explanation& explanation) {
  TextTable table({"main memory, bytes", "read", "minimum", "x", "written", "minimum", "x"});
  const auto row = [&](const std::string& name, std::uint64_t read, std::uint64_t least_read, std::uint64_t written,
                       std::uint64_t least_written) {
    table.add({name, with_separators(read), with_separators(least_read), factor(read, least_read),
               with_separators(written), with_separators(least_written), factor(written, least_written)});
  };
  for (const LayerExplanation& layer : explanation.layers) {
    const LayerFacts& facts = result.layers[layer.layer];
    row(facts.name, facts.dram_read_bytes, layer.minimum_read_bytes, facts.dram_write_bytes, layer.minimum_write_bytes);
  }
  row("together", result.memory.dram_read_bytes, explanation.minimum_read_bytes, result.memory.dram_write_bytes,
      explanation.minimum_write_bytes);
  std::string text = "\n" + table.text() +
                     "minimum: weights once, input once (with the skip operand), output once, as packed; beyond it: "
                     "parameters, commands,\nrows that tiles share, and the hart's cache lines\n";
  if (explanation.buffers.empty()) return text;
  TextTable buffers({"on-chip buffers, bytes", "read", "written"});
  std::uint64_t moved = 0;
  for (const BufferTraffic& buffer : explanation.buffers) {
    buffers.add({buffer.component, with_separators(buffer.read_bytes), with_separators(buffer.write_bytes)});
    moved += buffer.read_bytes + buffer.write_bytes;
  }
  const std::uint64_t least = 2 * (explanation.minimum_read_bytes + explanation.minimum_write_bytes);
  return text + "\n" + buffers.text() +
         fmt::format("together {} bytes, {} x the {} of writing and reading weights, inputs and outputs once\n",
                     with_separators(moved), factor(moved, least), with_separators(least));
}

std::string explained_energy(const Result& result, const Explanation& explanation) {
  if (!result.energy) return "";
  TextTable table({"energy (" + result.energy->implementation + ")", "uJ", "%", "+- %"});
  for (const ComponentEnergy& component : explanation.components)
    table.add({component.component, fmt::format("{:.3f}", microjoules(component.energy)),
               one_decimal(percent(static_cast<double>(component.energy), static_cast<double>(result.energy->total))),
               fmt::format("{:.0f}", component.uncertainty_percent)});
  return "\n" + table.text();
}

std::string levers(const Result& result, const std::vector<Lever>& list, const std::string& title) {
  if (list.empty()) return "";
  std::string text = "\n" + title + "\n";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Lever& lever = list[i];
    text += fmt::format("  {}. {}: at most {} cycles ({:.1f} %)", i + 1, lever.what,
                        with_separators(static_cast<std::uint64_t>(lever.cycles)),
                        percent(lever.cycles, static_cast<double>(result.cycles.total)));
    if (result.energy)
      text += fmt::format(" and {:.2f} uJ ({:.1f} %)", microjoules(static_cast<costs::Femtojoules>(lever.energy_fj)),
                          percent(lever.energy_fj, static_cast<double>(result.energy->total)));
    text += fmt::format("\n     {}\n", lever.why);
  }
  return text;
}

}  // namespace

std::string to_text(const Result& result, const Explanation& explanation) {
  std::string text = explained_frame(result) + bounds(result, explanation) + explained_layers(result, explanation) +
                     array(result, explanation) + traffic(result, explanation) + explained_energy(result, explanation);
  text += levers(result, explanation.for_cycles, "what would save cycles");
  text += levers(result, explanation.for_energy, "what would save energy");
  if (!explanation.for_cycles.empty() || !explanation.for_energy.empty())
    text += "savings overlap and do not add up; what a lever costs itself is not subtracted\n";
  return text;
}

}  // namespace lutra::result
