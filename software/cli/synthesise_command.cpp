#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/terminal/output.h"
#include "software/common/text/text_table.h"
#include "software/exploration/synthesis/compare_synthesis.h"
#include "software/scenario/scenario.h"

namespace lutra::cli {

namespace {

using exploration::SynthesisedCells;
using Json = nlohmann::ordered_json;

std::string joined(const std::map<std::string, int>& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

Json json_of(const exploration::SynthesisJob& job, const SynthesisedCells& cells) {
  Json json = {{"unit", job.unit.name}, {"parameters", job.parameters}, {"target", job.target}, {"tool", cells.tool}};
  if (cells.on_fpga)
    json.update(
        {{"use_dsp", job.use_dsp}, {"lut", cells.lut}, {"ff", cells.ff}, {"dsp", cells.dsp}, {"bram", cells.bram}});
  else
    json.update({{"cells", cells.cells}, {"um2", cells.um2}});
  return json;
}

std::string list_of_units() {
  std::string text;
  for (const exploration::RtlUnit& unit : exploration::rtl_units())
    text += fmt::format("{} ({}): {}\n", unit.name, unit.folder, fmt::join(unit.parameters, ", "));
  return text;
}

std::string table_of(const exploration::SynthesisJob& job, const SynthesisedCells& cells) {
  const auto count = [](long value) { return with_separators(static_cast<std::uint64_t>(value)); };
  TextTable table(cells.on_fpga ? std::vector<std::string>{"unit", "LUT", "FF", "DSP", "BRAM"}
                                : std::vector<std::string>{"unit", "cells", "um2"});
  if (cells.on_fpga)
    table.add({job.unit.name, count(cells.lut), count(cells.ff), count(cells.dsp), count(cells.bram)});
  else
    table.add({job.unit.name, count(cells.cells), fmt::format("{:.0f}", cells.um2)});
  return fmt::format("{}\n{} on {}{}: {}\n", table.text(), cells.tool, job.target,
                     job.use_dsp && cells.on_fpga ? " with DSP blocks" : "", joined(job.parameters));
}

int synthesise_unit(const exploration::RtlUnit& unit, const CommandLine& options,
                    const exploration::EntryFolder* cache) {
  exploration::SynthesisJob job{unit, {}, options.text("target").value_or("xilinx7"), options.has("dsp")};
  for (const std::string& written : options.texts("NAME=VALUE..."))
    if (const auto parameter = parse_parameter(unit, written); !job.parameters.insert(parameter).second)
      throw Error(fmt::format("{}: {} has a value already; give it once", written, parameter.first));
  const SynthesisedCells cells = [&] {
    ProgressBar bar(true);
    bar.update(fmt::format("synthesis of {}", unit.name), 0, 1);
    return synthesise(job, cache);
  }();
  terminal::print(options.has("json") ? json_of(job, cells).dump(2) + "\n" : plain_lines(table_of(job, cells)));
  return exit_success;
}

// Of a priced figure, with its sign; nothing where there is nothing to compare with.
std::string error_text(long priced, long measured) {
  if (measured == 0) return priced == 0 ? "0.0" : "-";
  return fmt::format("{:+.1f}", 100.0 * static_cast<double>(priced - measured) / static_cast<double>(measured));
}

int compare_scenario(const std::string& subject, const CommandLine& options, const exploration::EntryFolder* cache) {
  if (!options.texts("NAME=VALUE...").empty() || options.has("dsp"))
    throw UsageError("synthesise: a scenario says its own parameters and use_dsp");
  const costs::Tables tables = chosen_tables(options);
  const scenario::Scenario scenario = scenario::load_scenario(subject, tables);
  if (!scenario.engine) throw Error(fmt::format("{}: no engine, so nothing to synthesise", subject));
  if (!options.has("target") && scenario.implementations.fpga.empty())
    throw Error(fmt::format("{}: no FPGA is named; name a target with --target", subject));
  const std::string target =
      options.has("target") ? *options.text("target") : find_device(tables, scenario.implementations.fpga).family;
  TextTable table({"part", "LUT", "priced", "+-%", "error %", "FF", "priced", "error %", "DSP", "priced"});
  Json rows = Json::array();
  const auto units = exploration::engine_units(*scenario.engine, target);
  ProgressBar bar(true);
  for (const exploration::EngineUnit& unit : units) {
    bar.update(fmt::format("synthesis of {}", unit.part), 0, 1);
    const costs::FpgaResources price = priced(unit, tables);
    const SynthesisedCells cells = synthesise(unit.job, cache);
    table.add({fmt::format("{} ({})", unit.part, unit.job.unit.name), std::to_string(cells.lut),
               std::to_string(price.lut), fmt::format("{:.0f}", price.lut_uncertainty_percent),
               error_text(price.lut, cells.lut), std::to_string(cells.ff), std::to_string(price.ff),
               error_text(price.ff, cells.ff), std::to_string(cells.dsp), std::to_string(price.dsp)});
    Json row = json_of(unit.job, cells);
    row.update({{"part", unit.part},
                {"priced",
                 {{"lut", price.lut},
                  {"lut_uncertainty_percent", price.lut_uncertainty_percent},
                  {"ff", price.ff},
                  {"dsp", price.dsp}}}});
    rows.push_back(std::move(row));
  }
  bar.clear();
  terminal::print(options.has("json") ? rows.dump(2) + "\n"
                                      : plain_lines(fmt::format("{}\nerror %: of the price against Yosys on {}\n",
                                                                table.text(), target)));
  return exit_success;
}

}  // namespace

CommandLine synthesise_options() {
  CommandLine options("synthesise <unit | scenario> [NAME=VALUE...] [options]",
                      "Maps RTL to cells with Yosys: a unit with parameters of its own, or the element, the array and "
                      "the\npost-processor of a scenario's engine beside what the report prices them at.",
                      {"scenario", "NAME=VALUE..."});
  options.flag("list", "lists the units and their parameters");
  options.value("target", "TARGET",
                "xilinx7, ecp5, ice40, or a Liberty file (default: xilinx7, or the family of the scenario's device)");
  options.flag("dsp", "a unit may take DSP blocks");
  options.value("cache", "DIR", "keeps what was synthesised there, and does none of it again");
  options.flag("json", "prints JSON instead of a table");
  add_costs_option(options);
  return options;
}

int synthesise_command(const CommandLine& options) {
  if (options.has("list")) {
    terminal::print(list_of_units());
    return exit_success;
  }
  const std::string subject = options.argument(0);
  if (subject.empty()) throw UsageError("synthesise: name a unit (--list) or a scenario");
  std::optional<exploration::EntryFolder> cache;
  if (const auto folder = options.path("cache")) cache.emplace(*folder, warn_of_entries);
  const exploration::EntryFolder* kept = cache ? &*cache : nullptr;
  if (const exploration::RtlUnit* unit = exploration::find_rtl_unit(subject))
    return synthesise_unit(*unit, options, kept);
  return compare_scenario(subject, options, kept);
}

}  // namespace lutra::cli
