#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/memory_use.h"
#include "models/base/soc_config.h"
#include "software/costs/tables.h"
#include "software/network/data/dataset.h"
#include "software/network/data/own_data.h"
#include "software/network/given/inexact.h"
#include "software/quantization/scheme.h"
#include "software/scenario/run.h"

namespace lutra::scenario {

struct NetworkSource {
  std::string model;    // a float ONNX file; "embedded": the network Lutra carries; empty: there is none
  std::string dataset;  // a name load_dataset knows, "random", "none", or the images' file as written
  std::optional<network::OwnData> own;
  std::uint32_t random_seed = 1;
  network::Normalisation normalisation;

  bool is_random() const { return !own && (dataset == "random" || dataset == "none"); }
};

// How the integer network comes about: a scheme applied to the float network, or a file that holds it.
struct Quantisation {
  quantization::Options options;
  network::Split calibration_split = network::Split::train;
  std::string file;  // not empty: a quantised ONNX file, and the options mean nothing
  network::given::Inexact inexact = network::given::Inexact::refuse;  // of a file from elsewhere
};

// What to run and on what. scenarios/README.md documents every key.
struct Scenario {
  std::string file;  // where it was read, for messages and relative paths
  std::string name;
  std::string description;
  NetworkSource network;
  Quantisation quantisation;
  std::optional<accelerators::EngineConfig> engine;  // absent: the hart computes everything
  bool cpu_fallback = false;
  bool normalise_on_hart = false;
  accelerators::MemoryUse memory;
  models::SocConfig soc;
  Run run;
  costs::Implementations implementations;
};

// `file` names the text in messages; `tables` hold the devices and nodes it may name. Throws Error "file:line: ..." for
// anything that is not a complete, valid scenario.
Scenario parse_scenario(std::string_view text, const std::string& file,
                        const costs::Tables& tables = costs::carried_tables());

// What a program of one's own runs on.
struct Hardware {
  std::optional<accelerators::EngineConfig> engine;
  models::SocConfig soc;
};

// The hardware of a scenario, or of a text that holds no other keys than `soc`, `engine`, `name` and `description`.
// Throws Error as parse_scenario, and for an engine that would be chosen for a network (`auto`).
Hardware parse_hardware(std::string_view text, const std::string& file,
                        const costs::Tables& tables = costs::carried_tables());

struct ScenarioText {
  std::string text;
  std::string file;  // for messages and relative paths
};

// What load_scenario parses, with its errors for what does not exist.
ScenarioText find_scenario(const std::string& path_or_name);

// A file, or the name of a scenario Lutra carries ("embedded", with or without "scenarios/" and ".yaml"). Throws Error
// naming what there is.
Scenario load_scenario(const std::string& path_or_name, const costs::Tables& tables = costs::carried_tables());

std::vector<std::string> shipped_scenarios();  // names, sorted

// A path written in a scenario: absolute, or relative to the scenario's folder, or to the data folder; the first that
// exists. Throws Error naming every place tried.
std::filesystem::path resolve_path(const Scenario& scenario, const std::string& written,
                                   const std::optional<std::filesystem::path>& data);

}  // namespace lutra::scenario
