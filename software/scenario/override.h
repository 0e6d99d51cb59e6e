#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/common/yaml.h"
#include "software/scenario/scenario.h"

namespace lutra::scenario {

// Another value for one key of a scenario, and where it was asked for.
struct Override {
  std::vector<std::string> path;  // {"engine", "rows"}
  YamlValue value;
  std::string file;
  int line = 1;

  std::string key() const;    // "engine.rows"
  std::string label() const;  // "engine.rows=8"; a long value is cut
};

// Values can be large and belong to many points of a sweep.
using Overrides = std::vector<std::shared_ptr<const Override>>;

// "engine.rows" as a path. Throws Error "place: ..." for an empty part and for more than 32 of them.
std::vector<std::string> parse_key_path(std::string_view text, const std::string& place);

// "engine.rows=8"; the value is YAML. `place` names the text in messages.
std::shared_ptr<const Override> parse_override(std::string_view text, const std::string& place);

// Whole numbers, numbers, true and false as such, other words as text.
nlohmann::ordered_json to_json(const YamlValue& value);

// A value in one line: the word itself, or a list or mapping as JSON.
std::string to_line(const YamlValue& value);

// A scenario as text that overrides can be applied to.
struct BaseScenario {
  std::string file;  // where it was read; relative paths in it hold
  YamlDocument document;
};

// What load_scenario loads, with its errors.
BaseScenario load_base(const std::string& path_or_name, const costs::Tables& tables = costs::carried_tables());

struct Variant {
  std::string text;  // YAML with sorted keys: the same for the same scenario
  Scenario scenario;
};

// The base with these overrides, the first of them first. Throws Error "file:line: ..." for what is then no valid
// scenario, where file and line are those the value comes from, base or override.
Variant apply_overrides(const BaseScenario& base, const Overrides& overrides,
                        const costs::Tables& tables = costs::carried_tables());

// The hardware of what find_scenario finds, or the defaults where there is no name, with these overrides. Throws
// Error as parse_hardware, placed as apply_overrides does.
Hardware load_hardware(const std::optional<std::string>& path_or_name, const Overrides& overrides,
                       const costs::Tables& tables = costs::carried_tables());

}  // namespace lutra::scenario
