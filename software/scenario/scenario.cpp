#include "software/scenario/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/nearest.h"
#include "software/common/yaml.h"
#include "software/network/data/dataset_yaml.h"
#include "software/network/data/own_knobs.h"
#include "software/quantization/options_yaml.h"
#include "software/scenario/knob_reader.h"
#include "software/scenario/run_knobs.h"
#include "software/scenario/scenario_hardware.h"

namespace lutra::scenario {

namespace {

constexpr std::string_view shipped_folder = "scenarios/";
constexpr std::string_view suffix = ".yaml";

network::OwnData read_own_data(const YamlReader& reader, bool are_normalised) {
  network::OwnData data;
  read_knobs(reader, data);
  if (data.images.empty()) reader.fail("key 'images' is missing: the file with the test images");
  if (data.train_images.empty() && !data.train_labels.empty())
    reader.fail("'train_labels' needs 'train_images', whose classes they are");
  if (!data.train_images.empty() && data.calibration_percent != 0)
    reader.fail("give 'train_images' or 'calibration_percent': where there are train images, all others are for tests");
  if (data.lowest && data.highest && *data.lowest >= *data.highest) reader.fail("'lowest' is not below 'highest'");
  if (are_normalised && (data.scale || data.zero_point || data.lowest || data.highest))
    reader.fail(
        "network.normalisation says what pixels stand for; give it, or 'scale', 'zero_point', 'lowest' and 'highest' "
        "here");
  data.are_pixels = are_normalised;
  return data;
}

NetworkSource read_network(const YamlReader& reader) {
  NetworkSource source;
  const YamlMapping keys = reader.mapping({"model", "dataset", "random_seed", "normalisation"});
  keys.read("model", source.model);
  const YamlReader dataset = keys.at("dataset");
  if (dataset.value().kind == YamlValue::Kind::mapping) {
    source.own = read_own_data(dataset, keys.has("normalisation"));
    source.dataset = source.own->images;
  } else {
    source.dataset = network::read_dataset_name(dataset, {"random", "none"});
  }
  keys.read("random_seed", source.random_seed, 0, std::numeric_limits<std::uint32_t>::max());
  if (keys.has("normalisation")) source.normalisation = network::read_normalisation(keys.at("normalisation"));
  return source;
}

costs::Implementations read_implementations(const YamlReader& reader, const costs::Tables& tables) {
  costs::Implementations implementations;
  const YamlMapping keys = reader.mapping({"fpga", "dsp_percent", "asic"});
  const auto read = [&](const char* key, std::vector<std::string> names, std::string& target) {
    if (!keys.has(key)) return;
    names.emplace_back("none");
    const std::size_t index = keys.at(key).choice(names);
    target = index + 1 == names.size() ? "" : names[index];
  };
  read("fpga", tables.device_names(), implementations.fpga);
  keys.read("dsp_percent", implementations.dsp_percent, 0, 100);
  read("asic", tables.nodes(), implementations.asic);
  return implementations;
}

void check_bursts(const YamlReader& engine_reader, const std::optional<accelerators::EngineConfig>& engine,
                  const models::SocConfig& soc) {
  if (engine && static_cast<std::uint32_t>(engine->burst_bytes) > soc.interconnect.max_burst_bytes)
    engine_reader.fail(fmt::format(
        "burst_bytes {} is more than the interconnect carries at once (soc.interconnect.max_burst_bytes {})",
        engine->burst_bytes, soc.interconnect.max_burst_bytes));
}

Hardware read_hardware(const YamlMapping& keys) {
  Hardware hardware;
  if (keys.has("soc")) hardware.soc = read_soc(keys.at("soc"));
  if (!keys.has("engine")) return hardware;
  hardware.engine = read_engine(keys.at("engine"));
  check_bursts(keys.at("engine"), hardware.engine, hardware.soc);
  return hardware;
}

// Puts the fastest clock of the engine where the scenario leaves the clock to it.
void choose_clock(const YamlReader& reader, Hardware& hardware, const std::string& node, const costs::Tables& tables) {
  if (hardware.soc.clock_mhz != 0) return;
  const auto refuse = [&](const std::string& why) {
    reader.fail(fmt::format("soc.clock_mhz: no clock follows from 'auto': {}; give it in MHz", why));
  };
  if (!hardware.engine) refuse("there is no engine");
  if (hardware.engine->family == accelerators::automatic_family) refuse("the engine is chosen later");
  if (node.empty()) refuse("implementations.asic is 'none'");
  const costs::AsicTarget& target = costs::find_target(tables, node);
  if (!target.clock) refuse(fmt::format("there is no cost table 'clock/{}'", node));
  const auto closing = costs::closing_clock(*hardware.engine, *target.clock);
  if (!closing) refuse(fmt::format("cost table 'clock/{}' has no path of such an engine", node));
  hardware.soc.clock_mhz = std::floor(closing->mhz);
}

constexpr std::array keys_of_hardware = {"name", "description", "soc", "engine"};

bool holds_hardware_alone(const YamlValue& root) {
  return root.kind == YamlValue::Kind::mapping && std::all_of(root.keys.begin(), root.keys.end(), [](const auto& key) {
           return std::find(keys_of_hardware.begin(), keys_of_hardware.end(), key) != keys_of_hardware.end();
         });
}

Scenario read_scenario(const YamlReader& reader, const std::string& file, const costs::Tables& tables) {
  const YamlMapping keys =
      reader.mapping({"name", "description", "network", "scheme", "quantized", "exactness", "engine", "fallback",
                      "normalise", "memory", "soc", "run", "implementations"});
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
    const quantization::SchemeSection section = quantization::read_scheme(keys.at("scheme"));
    scenario.quantisation.options = section.options;
    scenario.quantisation.calibration_split = section.calibration_split;
  }
  keys.read("quantized", scenario.quantisation.file);
  if (keys.has("exactness")) {
    if (!keys.has("quantized")) keys.at("exactness").fail("is about a network that comes quantised: give 'quantized'");
    if (keys.at("exactness").choice({"refuse", "nearest"}) == 1)
      scenario.quantisation.inexact = network::given::Inexact::nearest;
  }
  keys.at("engine");  // required
  Hardware hardware = read_hardware(keys);
  if (keys.has("fallback")) scenario.cpu_fallback = keys.at("fallback").choice({"none", "cpu"}) == 1;
  if (keys.has("normalise")) scenario.normalise_on_hart = keys.at("normalise").choice({"host", "hart"}) == 1;
  if (keys.has("memory")) read_knobs(keys.at("memory"), scenario.memory);
  if (keys.has("run")) read_knobs(keys.at("run"), scenario.run);
  if (keys.has("implementations")) scenario.implementations = read_implementations(keys.at("implementations"), tables);
  choose_clock(reader, hardware, scenario.implementations.asic, tables);
  scenario.engine = hardware.engine;
  scenario.soc = hardware.soc;
  return scenario;
}

// "scenarios/embedded.yaml", "embedded.yaml" and "embedded" all name one.
std::string shipped_name(std::string name) {
  if (name.starts_with(shipped_folder)) name.erase(0, shipped_folder.size());
  if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  return name;
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& file, const costs::Tables& tables) {
  const YamlDocument document = parse_yaml(text, file);
  return read_scenario(YamlReader(document), file, tables);
}

std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> names;
  for (const std::string& path : list_embedded(shipped_folder))
    if (path.find('/', shipped_folder.size()) == std::string::npos) names.push_back(shipped_name(path));
  return names;
}

Hardware parse_hardware(std::string_view text, const std::string& file, const costs::Tables& tables) {
  const YamlDocument document = parse_yaml(text, file);
  const YamlReader reader(document);
  Hardware hardware;
  if (holds_hardware_alone(document.root)) {
    hardware = read_hardware(reader.mapping({keys_of_hardware.begin(), keys_of_hardware.end()}));
    choose_clock(reader, hardware, costs::Implementations().asic, tables);
  } else {
    const Scenario scenario = read_scenario(reader, file, tables);
    hardware = {scenario.engine, scenario.soc};
  }
  if (hardware.engine && hardware.engine->family == accelerators::automatic_family)
    throw Error(fmt::format("{}: the engine '{}' is chosen for a network, and there is none here: set engine.family",
                            file, accelerators::automatic_family));
  return hardware;
}

Scenario load_scenario(const std::string& path_or_name, const costs::Tables& tables) {
  const ScenarioText found = find_scenario(path_or_name);
  return parse_scenario(found.text, found.file, tables);
}

ScenarioText find_scenario(const std::string& path_or_name) {
  std::error_code ignored;
  if (std::filesystem::exists(path_or_name, ignored)) return {read_text_file(path_or_name), path_or_name};
  const std::string path = fmt::format("{}{}{}", shipped_folder, shipped_name(path_or_name), suffix);
  if (const auto text = find_embedded(path)) return {std::string(*text), path};
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

}  // namespace lutra::scenario
