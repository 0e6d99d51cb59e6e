#include "software/result/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/text/text_table.h"

namespace lutra::result {

namespace {

std::string engine_text(const Result& result) {
  if (!result.engine) return "none (the hart computes everything)";
  const auto& engine = *result.engine;
  return fmt::format("{} (rows x columns x lanes), {}-bit activations, {}-bit weights", engine_label(engine),
                     engine.activation_bits, engine.weight_bits);
}

std::string heading(const Result& result) {
  const std::string& source = result.network.model.empty() ? result.scheme.file : result.network.model;
  std::string text = fmt::format("{}\nnetwork: {} on {}; scheme: {}\n", titled(result.scenario, result.description),
                                 source, result.network.dataset, scheme_label(result.scheme));
  text += fmt::format("engine: {}; main memory: {}; {}\n", engine_text(result), result.soc.main_memory.kind,
                      result.memory.residency);
  if (!result.scheme.calibration_split.empty())
    text += fmt::format("ranges: {} on {} images of the {} split\n", result.scheme.range,
                        result.scheme.calibration_images, result.scheme.calibration_split);
  const CycleFacts& cycles = result.cycles;
  text += result.verified_images == 1
              ? "1 image on the SoC equals the reference bit for bit; "
              : fmt::format("{} images on the SoC equal the reference bit for bit; ", result.verified_images);
  text +=
      cycles.steady_frames == 1
          ? fmt::format("cycles, layers and energy are of frame {}", cycles.reported_frame)
          : fmt::format("cycles are the mean of {} steady frames of {} to {}; layers and energy are of frame {} of {}",
                        cycles.steady_frames, with_separators(cycles.least), with_separators(cycles.most),
                        cycles.reported_frame, with_separators(cycles.total));
  text += fmt::format("; the first took {}\n", with_separators(cycles.first_frame));
  return text;
}

std::string top5(const Result& result) {
  const auto quantised = result.accuracy.top5_percent();
  const auto whole = result.accuracy.float_top5_percent();
  if (!quantised) return "";
  return fmt::format("top 5: {:.2f} %{}\n", *quantised, whole ? fmt::format(", float {:.2f} %", *whole) : "");
}

std::string other_answers(const result::AccuracyFacts& accuracy) {
  if (!accuracy.other_answers) return "";
  return fmt::format("answers other than the quantised file's own: {} of {}\n", *accuracy.other_answers,
                     accuracy.images);
}

std::string summary(const Result& result) {
  std::vector<std::string> header = {"scheme", "accuracy %", "float %", "cycles",
                                     fmt::format("ms @ {:g} MHz", result.soc.clock_mhz)};
  const auto top1 = result.accuracy.top1_percent();
  const auto float_percent = result.accuracy.float_top1_percent();
  std::vector<std::string> row = {scheme_label(result.scheme), top1 ? fmt::format("{:.2f}", *top1) : "-",
                                  float_percent ? fmt::format("{:.2f}", *float_percent) : "-",
                                  with_separators(result.cycles.per_frame()), fmt::format("{:.3f}", result.time_ms())};
  if (result.energy) {
    header.push_back(fmt::format("uJ ({})", result.energy->implementation));
    row.push_back(
        fmt::format("{:.2f} +-{:.0f} %", microjoules(result.energy->total), result.energy->uncertainty_percent));
  }
  if (const auto& resources = result.resources) {
    for (const char* name : {"LUT", "FF", "DSP", "BRAM36"}) header.emplace_back(name);
    header.push_back("fits " + resources->device);
    row.push_back(with_separators(static_cast<std::uint64_t>(resources->lut)));
    row.push_back(with_separators(static_cast<std::uint64_t>(resources->ff)));
    row.push_back(std::to_string(resources->dsp));
    row.push_back(fmt::format("{:g}", resources->bram36));
    row.emplace_back(resources->fits ? "yes" : "no");
  }
  TextTable table(std::move(header));
  table.add(std::move(row));
  return table.text() + (top1 ? fmt::format("accuracy over {} test images\n{}{}", result.accuracy.images, top5(result),
                                            other_answers(result.accuracy))
                              : "no accuracy: the images have no labels\n");
}

std::string energy(const Result& result) {
  if (!result.energy) return "";
  TextTable table({"energy (" + result.energy->implementation + ")", "uJ", "%"});
  for (const auto& [component, sum] : energy_by_component(*result.energy))
    table.add({component, fmt::format("{:.3f}", microjoules(sum)),
               fmt::format("{:.1f}", result.energy->total == 0 ? 0
                                                               : 100 * static_cast<double>(sum) /
                                                                     static_cast<double>(result.energy->total))});
  std::string text = "\n" + table.text();
  if (!result.energy->not_counted.empty())
    text += fmt::format("not counted: {}\n", fmt::join(result.energy->not_counted, "; "));
  return text;
}

std::string resources(const Result& result) {
  std::string text;
  if (const auto& cells = result.resources) {
    TextTable table({"resources (" + cells->implementation + ")", "LUT", "FF", "DSP", "BRAM36"});
    for (const ComponentFacts& part : cells->components)
      table.add({part.component, fmt::format("{:.0f}", part.lut), fmt::format("{:.0f}", part.ff),
                 fmt::format("{:.0f}", part.dsp), fmt::format("{:g}", part.bram36)});
    table.add({"of the device, %", fmt::format("{:.1f}", cells->lut_used_percent),
               fmt::format("{:.1f}", cells->ff_used_percent), fmt::format("{:.1f}", cells->dsp_used_percent),
               fmt::format("{:.1f}", cells->bram_used_percent)});
    text += "\n" + table.text() +
            fmt::format(
                "LUT +-{:.0f} %, FF +-{:.0f} %; {} multipliers found no DSP block free and lie in LUTs; 'fits' "
                "counts cells only: {:g} MHz is the scenario's word, no timing was closed\n",
                cells->lut_uncertainty_percent, cells->ff_uncertainty_percent, cells->multipliers_in_fabric,
                result.soc.clock_mhz);
  }
  if (result.area)
    text += fmt::format("\narea ({}): {:.3f} mm2 +-{:.0f} %\n", result.area->implementation, result.area->um2 / 1e6,
                        result.area->uncertainty_percent);
  if (result.clock)
    text +=
        fmt::format("clock ({}): {}\n", result.clock->implementation, clock_text(*result.clock, result.soc.clock_mhz));
  return text;
}

std::string layers(const Result& result) {
  TextTable table({"layer", "unit", "MACs", "cycles", "compute", "load", "store", "command", "software", "array %"});
  const auto row = [&](const std::string& name, const std::string& unit, std::int64_t macs, std::uint64_t cycles,
                       const simulation::Causes& causes, const std::string& used) {
    table.add({name, unit, with_separators(static_cast<std::uint64_t>(macs)), with_separators(cycles),
               with_separators(causes.compute), with_separators(causes.load), with_separators(causes.store),
               with_separators(causes.command), with_separators(causes.software), used});
  };
  for (const LayerFacts& layer : result.layers)
    row(layer.name, layer.on_engine ? "engine" : "hart", layer.macs, layer.cycles, layer.causes,
        layer.on_engine ? fmt::format("{:.1f}", array_utilisation_percent(layer, result.engine)) : "-");
  row("total", "", result.network.macs, result.cycles.total, result.cycles.by_cause, "");
  return "\n" + table.text();
}

std::string mappings(const Result& result) {
  std::string text, last;
  for (const LayerFacts& layer : result.layers) {
    if (layer.mapping.empty()) continue;
    if (text.empty()) text = "\nmapping\n";
    text += fmt::format("  {}: {}\n", layer.name, layer.mapping == last ? "as above" : layer.mapping);
    last = layer.mapping;
  }
  return text;
}

std::string comparison(const Result& result) {
  const costs::PublishedSoftware& published = result.published_software;
  TextTable table({"who", "cycles per MAC"});
  table.add({result.engine ? "this SoC with its engine" : "this SoC, the hart alone",
             fmt::format("{:.4f}", result.cycles_per_mac())});
  if (const auto alone = result.cpu_only_cycles_per_mac())
    table.add({"this SoC, the hart alone", fmt::format("{:.4f}", *alone)});
  table.add({published.name + " (published)", fmt::format("{:.2f}", published.cycles_per_mac)});
  std::string text = "\n" + table.text();
  if (result.cpu_only_cycles)
    text += fmt::format("the engine makes this SoC {:.0f} times as fast\n",
                        static_cast<double>(*result.cpu_only_cycles) / result.cycles.mean);
  return text + fmt::format("published: {}; {}\n", published.network, published.provenance.source);
}

}  // namespace

std::string clock_text(const ClockFacts& clock, double asked_mhz) {
  return fmt::format("the engine's logic closes at {:.0f} MHz, wires taken as ideal, limited by {}: {:g} MHz {}",
                     clock.mhz, clock.limited_by, asked_mhz, asked_mhz <= clock.mhz ? "holds" : "DOES NOT HOLD");
}

std::string confusion_text(const Result& result) {
  const AccuracyFacts& accuracy = result.accuracy;
  if (accuracy.confusion.empty())
    return accuracy.correct
               ? fmt::format("\nmore than {} classes: what is taken for what is not counted\n", most_confused_classes)
               : "";
  const auto name = [&](std::size_t k) {
    return k < accuracy.class_names.size() ? accuracy.class_names[k] : std::to_string(k);
  };
  std::vector<std::string> header = {"class, taken for"};
  for (std::size_t k = 0; k < accuracy.confusion.size(); ++k) header.push_back(name(k));
  TextTable table(std::move(header));
  for (std::size_t k = 0; k < accuracy.confusion.size(); ++k) {
    std::vector<std::string> row = {name(k)};
    for (const std::uint64_t count : accuracy.confusion[k]) row.push_back(count == 0 ? "." : std::to_string(count));
    table.add(std::move(row));
  }
  return "\n" + table.text();
}

std::string to_report(const Result& result) {
  return heading(result) + "\n" + summary(result) + energy(result) + resources(result) + comparison(result) +
         layers(result) + mappings(result);
}

}  // namespace lutra::result
