#include "software/exploration/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/nearest.h"
#include "software/common/yaml.h"
#include "software/embedded/embedded.h"
#include "software/exploration/comparison.h"
#include "software/exploration/devices.h"
#include "software/exploration/scenario_hardware.h"
#include "software/exploration/targets.h"

namespace lutra::exploration {

namespace {

constexpr std::string_view shipped_folder = "scenarios/";
constexpr std::string_view suffix = ".yaml";

std::vector<double> read_channels(const YamlReader& reader, double low, double high) {
  std::vector<double> values;
  for (const YamlReader& item : reader.items()) values.push_back(item.number(low, high));
  if (values.empty()) reader.fail("the list is empty; give one number, or one per channel");
  return values;
}

NetworkSource read_network(const YamlReader& reader) {
  NetworkSource source;
  const YamlMapping keys = reader.mapping({"model", "dataset", "normalisation"});
  keys.read("model", source.model);
  const std::vector<std::string> sets = {"embedded", "cifar10", "mnist", "fashion-mnist"};
  source.dataset = sets[keys.at("dataset").choice(sets)];
  if (keys.has("normalisation")) {
    const YamlMapping normalisation = keys.at("normalisation").mapping({"range", "mean", "deviation"});
    normalisation.read("range", source.normalisation.range, 1e-3, 1e4);
    if (normalisation.has("mean")) source.normalisation.mean = read_channels(normalisation.at("mean"), -1e4, 1e4);
    if (normalisation.has("deviation"))
      source.normalisation.deviation = read_channels(normalisation.at("deviation"), 1e-6, 1e4);
  }
  return source;
}

quantization::LayerWidths read_widths(const YamlReader& reader, quantization::LayerWidths widths) {
  const YamlMapping keys = reader.mapping({"weight_bits", "activation_bits"});
  keys.read("weight_bits", widths.weight_bits, 1, 8);
  keys.read("activation_bits", widths.activation_bits, 2, 8);
  return widths;
}

quantization::Progressive read_progressive(const YamlReader& reader) {
  using Measure = quantization::Progressive::Measure;
  constexpr Measure measures[] = {Measure::memory, Measure::cycles, Measure::energy};
  quantization::Progressive progressive;
  const YamlMapping keys = reader.mapping({"levels", "measure", "budget", "images"});
  if (keys.has("levels")) {
    progressive.levels.clear();
    for (const YamlReader& level : keys.at("levels").items())
      progressive.levels.push_back(static_cast<int>(level.integer(2, 8)));
  }
  if (keys.has("measure")) progressive.measure = measures[keys.at("measure").choice({"memory", "cycles", "energy"})];
  keys.read("budget", progressive.budget, 1e-3, 1e15);
  keys.read("images", progressive.images, 1, 100000);
  return progressive;
}

// How activations are coded and rescaled.
void read_activations(const YamlMapping& keys, quantization::Options& options) {
  using quantization::ActivationCoding;
  constexpr ActivationCoding codings[] = {ActivationCoding::uniform, ActivationCoding::ternary, ActivationCoding::bwa};
  if (keys.has("activations"))
    options.activations = codings[keys.at("activations").choice({"uniform", "ternary", "bwa"})];
  if (options.activations == ActivationCoding::ternary) options.activation_bits = 2;
  keys.read("activation_bits", options.activation_bits, 2, 8);
  if (options.activations == ActivationCoding::ternary && options.activation_bits != 2)
    keys.at("activation_bits").fail("ternary activations have 2 bits");
  if (options.activations == ActivationCoding::bwa && options.activation_bits > 4)
    keys.reader().fail("activations: bwa needs activation_bits of 2 to 4");
  if (keys.has("requantise") && keys.at("requantise").choice({"multiplier", "shift"}) == 1)
    options.requantise = quantization::RequantiseForm::shift;
}

// The scheme, its weights' width and its own parameters.
void read_weights(const YamlMapping& keys, quantization::Options& options) {
  std::vector<std::string> schemes;
  for (const quantization::Scheme* scheme : quantization::schemes()) schemes.push_back(scheme->name());
  options.scheme = schemes[keys.at("name").choice(schemes)];
  const quantization::Scheme& scheme = quantization::find_scheme(options.scheme);
  const quantization::WidthRange widths = scheme.weight_widths();
  if (widths.lowest == widths.highest) options.weight_bits = widths.lowest;
  if (options.weight_bits < widths.lowest || options.weight_bits > widths.highest || keys.has("weight_bits"))
    options.weight_bits = static_cast<int>(keys.at("weight_bits").integer(widths.lowest, widths.highest));
  if (!keys.has("parameters")) return;
  for (const auto& [name, value] : keys.at("parameters").entries()) options.parameters[name] = value.text();
  try {
    quantization::Parameters(scheme.parameters(), options.parameters);
  } catch (const Error& error) {
    keys.at("parameters").fail(error.what());
  }
}

Quantisation read_scheme(const YamlReader& reader) {
  Quantisation quantisation;
  quantization::Options& options = quantisation.options;
  const YamlMapping keys = reader.mapping({"name", "weight_bits", "activation_bits", "first_last_bits", "layers",
                                           "range", "percentile", "calibration_images", "calibration_split",
                                           "wide_skip", "activations", "requantise", "progressive", "parameters"});
  read_weights(keys, options);
  read_activations(keys, options);
  keys.read("first_last_bits", options.first_last_bits, 0, 8);
  if (options.first_last_bits == 1)
    keys.at("first_last_bits").fail("1 is too few; give 2 to 8, or 0 for 'as the others'");
  if (keys.has("layers"))
    for (const auto& [layer, widths] : keys.at("layers").entries())
      options.layers[layer] = read_widths(widths, {options.weight_bits, options.activation_bits});
  if (keys.has("range")) {
    using quantization::RangeMethod;
    constexpr RangeMethod methods[] = {RangeMethod::minimum_maximum, RangeMethod::percentile,
                                       RangeMethod::mean_squared_error};
    options.range = methods[keys.at("range").choice({"minimum_maximum", "percentile", "mean_squared_error"})];
  }
  keys.read("percentile", options.percentile, 50, 100);
  keys.read("calibration_images", options.calibration_images, 1, 100000);
  if (keys.has("calibration_split"))
    quantisation.calibration_split =
        keys.at("calibration_split").choice({"train", "test"}) == 0 ? network::Split::train : network::Split::test;
  keys.read("wide_skip", options.wide_skip);
  if (keys.has("progressive")) {
    options.progressive = read_progressive(keys.at("progressive"));
    if (quantisation.calibration_split == network::Split::test)
      keys.at("progressive")
          .fail(
              "bits are chosen by labels, and those of the test split must not decide; calibrate "
              "on the train split");
  }
  return quantisation;
}

Implementations read_implementations(const YamlReader& reader) {
  Implementations implementations;
  const YamlMapping keys = reader.mapping({"fpga", "dsp_percent", "asic"});
  const auto read = [&](const char* key, std::vector<std::string> names, std::string& target) {
    if (!keys.has(key)) return;
    names.emplace_back("none");
    const std::size_t index = keys.at(key).choice(names);
    target = index + 1 == names.size() ? "" : names[index];
  };
  read("fpga", device_names(), implementations.fpga);
  keys.read("dsp_percent", implementations.dsp_percent, 0, 100);
  read("asic", asic_nodes(), implementations.asic);
  return implementations;
}

Scenario read_scenario(const YamlReader& reader, const std::string& file) {
  const YamlMapping keys = reader.mapping({"name", "description", "network", "scheme", "quantized", "engine",
                                           "fallback", "normalise", "soc", "run", "implementations"});
  Scenario scenario;
  scenario.file = file;
  scenario.name = keys.at("name").text();
  keys.read("description", scenario.description);
  scenario.network = read_network(keys.at("network"));
  if (keys.has("scheme") == keys.has("quantized"))
    reader.fail("give either 'scheme' (how to quantise) or 'quantized' (a file that is already quantised)");
  if (keys.has("scheme")) {
    if (scenario.network.model.empty())
      keys.at("network").fail("key 'model' is missing: the scheme needs a float network");
    scenario.quantisation = read_scheme(keys.at("scheme"));
  }
  keys.read("quantized", scenario.quantisation.file);
  scenario.engine = read_engine(keys.at("engine"));
  if (keys.has("fallback")) scenario.cpu_fallback = keys.at("fallback").choice({"none", "cpu"}) == 1;
  if (keys.has("normalise")) scenario.normalise_on_hart = keys.at("normalise").choice({"host", "hart"}) == 1;
  if (keys.has("soc")) scenario.soc = read_soc(keys.at("soc"));
  if (keys.has("run")) {
    const YamlMapping run = keys.at("run").mapping({"images", "simulate", "cpu_baseline"});
    if (run.has("images")) scenario.images = static_cast<std::size_t>(run.at("images").integer(1, 10000000));
    if (run.has("simulate")) scenario.simulate = static_cast<std::size_t>(run.at("simulate").integer(1, 100000));
    run.read("cpu_baseline", scenario.cpu_baseline);
  }
  if (keys.has("implementations")) scenario.implementations = read_implementations(keys.at("implementations"));
  if (scenario.engine &&
      static_cast<std::uint32_t>(scenario.engine->burst_bytes) > scenario.soc.interconnect.max_burst_bytes)
    keys.at("engine").fail(fmt::format(
        "burst_bytes {} is more than the interconnect carries at once (soc.interconnect.max_burst_bytes {})",
        scenario.engine->burst_bytes, scenario.soc.interconnect.max_burst_bytes));
  return scenario;
}

// "scenarios/embedded.yaml", "embedded.yaml" and "embedded" all name one.
std::string shipped_name(std::string name) {
  if (name.starts_with(shipped_folder)) name.erase(0, shipped_folder.size());
  if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  return name;
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& file) {
  const YamlDocument document = parse_yaml(text, file);
  return read_scenario(YamlReader(document), file);
}

std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> names;
  for (const std::string& path : list_embedded(shipped_folder))
    if (!is_comparison(*find_embedded(path), path)) names.push_back(shipped_name(path));
  return names;
}

Scenario load_scenario(const std::string& path_or_name) {
  std::error_code ignored;
  if (std::filesystem::exists(path_or_name, ignored)) return parse_scenario(read_text_file(path_or_name), path_or_name);
  const std::string path = fmt::format("{}{}{}", shipped_folder, shipped_name(path_or_name), suffix);
  if (const auto text = find_embedded(path)) return parse_scenario(*text, path);
  const auto names = shipped_scenarios();
  const std::string close = nearest(shipped_name(path_or_name), names);
  throw Error(fmt::format("scenario '{}' is neither a file nor one that Lutra carries{}; it carries: {}", path_or_name,
                          close.empty() ? "" : fmt::format("; did you mean '{}'?", close), fmt::join(names, ", ")));
}

std::filesystem::path resolve_path(const Scenario& scenario, const std::string& written,
                                   const std::optional<std::filesystem::path>& data) {
  const std::filesystem::path path(written);
  std::vector<std::filesystem::path> places = {path};
  if (path.is_relative()) {
    places = {std::filesystem::path(scenario.file).parent_path() / path};
    if (data) places.push_back(*data / path);
  }
  std::string tried;
  for (const auto& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place;
    tried += fmt::format("{}{}", tried.empty() ? "" : ", ", place.string());
  }
  throw Error(fmt::format("{}: file '{}' does not exist (looked for: {}){}", scenario.file, written, tried,
                          data || path.is_absolute() ? "" : "; name the folder that holds it with --data"));
}

}  // namespace lutra::exploration
