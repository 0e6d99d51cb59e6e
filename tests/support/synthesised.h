#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "accelerators/engine/structure.h"
#include "accelerators/family/family.h"
#include "software/common/files.h"
#include "software/common/yaml.h"
#include "software/costs/resources.h"
#include "software/costs/tables.h"

// What was synthesised, and what the structural formulas say of it.
namespace lutra::test {

inline constexpr int any_count = 1 << 30;

// A device of the family, with as many DSP blocks as anybody wants.
inline costs::Device roomy_device(const std::string& device_family) {
  for (costs::Device device : costs::carried_tables().devices) {
    if (device.family != device_family) continue;
    device.dsp = device.dsp_usable = any_count;
    return device;
  }
  throw std::runtime_error("no device of " + device_family);
}

// A row of a table of accelerators/array/synth (elements) or accelerators/engine/synth (the post-processor).
struct SynthesisRow {
  std::string place;
  accelerators::EngineConfig config;
  std::string device_family;
  bool tuned = true;
  double lut = 0;  // those of distributed memory included
  double ff = 0;
  long dsp = 0;
};

inline accelerators::EngineConfig engine_of_element(const std::string& family, const YamlMapping& row) {
  constexpr int every_step = 16;  // accelerators/array/rtl/array_pkg.sv: an element that does not say
  accelerators::EngineConfig config;
  config.family = family;
  config.rows = config.columns = 1;
  config.pipeline = every_step;
  config.use_dsp = row.at("use_dsp").boolean();
  for (const auto& [name, value] : row.at("parameters").entries()) {
    const auto number = static_cast<int>(value.integer(0, any_count));
    if (name == "ROWS") config.rows = number;
    if (name == "COLUMNS") config.columns = number;
    if (name == "POST_LANES") config.post_lanes = number;
    if (name == "LANES") config.lanes = number;
    if (name == "ACTIVATION_BITS") config.activation_bits = number;
    if (name == "WEIGHT_BITS") config.weight_bits = number;
    if (name == "ACCUMULATOR_BITS") config.accumulator_bits = number;
    if (name == "PIPELINE") config.pipeline = number;
  }
  for (const auto& [knob, value] : row.at("engine").entries()) {
    if (knob == "variant")
      config.variant = value.text();
    else if (knob.starts_with("options."))
      config.options[knob.substr(8)] = value.text();
    else
      value.fail("a knob of the engine is `variant` or `options.<name>`");
  }
  return config;
}

inline std::vector<SynthesisRow> element_rows(const std::filesystem::path& table, const std::string& family) {
  const YamlDocument document = parse_yaml(read_text_file(table), table.string());
  std::vector<SynthesisRow> rows;
  for (const YamlReader& item : YamlReader(document).mapping({"tool", "rows"}).at("rows").items()) {
    const YamlMapping keys = item.mapping({"top", "engine", "parameters", "flow", "device_family", "use_dsp", "lut",
                                           "ff", "carry", "dsp", "lutram", "ram"});
    const auto count = [&](const char* key) { return keys.at(key).integer(0, any_count); };
    rows.push_back({item.place(), engine_of_element(family, keys), keys.at("device_family").text(),
                    keys.at("flow").text() == "tuned", static_cast<double>(count("lut") + count("lutram")),
                    static_cast<double>(count("ff")), static_cast<long>(count("dsp"))});
  }
  return rows;
}

// accelerators/<family>/costs/<name> of every family that has it, in the order of names.
inline std::vector<std::pair<std::string, std::filesystem::path>> element_tables(const std::string& name) {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const auto& folder : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/accelerators"))
    if (const auto table = folder.path() / "costs" / name; std::filesystem::exists(table))
      found.emplace_back(folder.path().filename().string(), table);
  std::sort(found.begin(), found.end());
  return found;
}

// What formulas and factors of elements were fitted on.
inline std::vector<std::pair<std::string, std::filesystem::path>> fitted_tables() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const char* name : {"synthesis.yaml", "popcount_synthesis.yaml", "low_bit/synthesis.yaml",
                           "factors/synthesis.yaml", "factors/lattice_synthesis.yaml"}) {
    const auto tables = element_tables(name);
    found.insert(found.end(), tables.begin(), tables.end());
  }
  return found;
}

// Whole arrays with their sequencer, in the fabric and with DSP blocks.
inline std::vector<std::pair<std::string, std::filesystem::path>> known_arrays() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const char* name : {"array/synthesis.yaml", "array/dsp_synthesis.yaml"}) {
    const auto tables = element_tables(name);
    found.insert(found.end(), tables.begin(), tables.end());
  }
  return found;
}

// tests/validation/held_out_arrays/<family>.yaml and <family>_dsp.yaml: arrays that nothing was fitted on.
inline std::vector<std::pair<std::string, std::filesystem::path>> held_out_arrays() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const auto& file : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/tests/validation/held_out_arrays"))
    if (file.path().extension() == ".yaml") {
      const std::string name = file.path().stem().string();
      found.emplace_back(name.ends_with("_dsp") ? name.substr(0, name.size() - 4) : name, file.path());
    }
  std::sort(found.begin(), found.end());
  return found;
}

// tests/validation/held_out/**/<family>.yaml: points that nothing was fitted on.
inline std::vector<std::pair<std::string, std::filesystem::path>> held_out_tables() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(LUTRA_SOURCE_DIR "/tests/validation/held_out"))
    if (file.path().extension() == ".yaml") found.emplace_back(file.path().stem().string(), file.path());
  std::sort(found.begin(), found.end());
  return found;
}

// Of the array with its sequencer.
inline costs::FpgaResources array_formula(const SynthesisRow& row) {
  return costs::pack(accelerators::make_family(row.config)->structure(), {}, roomy_device(row.device_family));
}

// Of an element, which has no sequencer.
inline costs::FpgaResources element_formula(const SynthesisRow& row) {
  accelerators::Structure structure = accelerators::make_family(row.config)->structure();
  std::erase_if(structure, [](const auto& part) { return part.component == "engine.sequencer"; });
  return costs::pack(structure, {}, roomy_device(row.device_family));
}

// Whether so many LUTs of an element lie within the uncertainty that a result prints with the formula's.
inline constexpr double control_luts = 2;  // of a lone element: an array has them once
inline bool within_printed(const costs::FpgaResources& formula, double lut) {
  const auto priced = static_cast<double>(formula.lut);
  return std::abs(priced - lut) <= priced * formula.lut_uncertainty_percent / 100 + control_luts;
}

inline std::vector<SynthesisRow> post_rows() {
  const std::string path = LUTRA_SOURCE_DIR "/accelerators/engine/costs/post_synthesis.yaml";
  const YamlDocument document = parse_yaml(read_text_file(path), path);
  std::vector<SynthesisRow> rows;
  for (const YamlReader& item : YamlReader(document).mapping({"tool", "rows"}).at("rows").items()) {
    const YamlMapping keys = item.mapping(
        {"post", "post_lanes", "accumulator_bits", "device_family", "use_dsp", "lut", "ff", "carry", "dsp"});
    const auto count = [&](const char* key) { return static_cast<int>(keys.at(key).integer(0, any_count)); };
    SynthesisRow row;
    row.place = item.place();
    const std::string form = keys.at("post").text();
    if (form == "shift") row.config.post = accelerators::PostForm::shift;
    if (form == "thresholds") row.config.post = accelerators::PostForm::thresholds;
    row.config.post_lanes = count("post_lanes");
    row.config.accumulator_bits = count("accumulator_bits");
    row.config.use_dsp = keys.at("use_dsp").boolean();
    row.device_family = keys.at("device_family").text();
    row.lut = count("lut");
    row.ff = count("ff");
    row.dsp = count("dsp");
    rows.push_back(row);
  }
  return rows;
}

// Of the engine's post-processor alone.
inline costs::FpgaResources post_formula(const SynthesisRow& row) {
  accelerators::Structure post;
  for (const auto& part : engine_structure(row.config, *accelerators::make_family(row.config)))
    if (part.component == "engine.post") post.push_back(part);
  return costs::pack(post, {}, roomy_device(row.device_family));
}

}  // namespace lutra::test
