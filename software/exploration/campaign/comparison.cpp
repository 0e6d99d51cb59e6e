#include "software/exploration/campaign/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <initializer_list>

#include "accelerators/family/engine_knobs.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/exploration/campaign/run_points.h"
#include "software/scenario/settings.h"

namespace lutra::exploration {

namespace {

constexpr const char* shipped_folder = "scenarios/comparisons/";
constexpr std::size_t most_rows = 1000;
constexpr std::size_t most_choices = 32;  // of one dimension of the arrays to search

std::vector<int> read_list(const YamlReader& reader, int low, int high) {
  std::vector<int> values;
  for (const YamlReader& item : reader.items()) {
    const int value = static_cast<int>(item.integer(low, high));
    if (std::find(values.begin(), values.end(), value) != values.end())
      item.fail(fmt::format("{} is given twice", value));
    values.push_back(value);
    if (values.size() > most_choices) item.fail(fmt::format("there are more than {} values", most_choices));
  }
  if (values.empty()) reader.fail("the list is empty");
  return values;
}

DeviceShare read_device(const YamlMapping& keys, const costs::Tables& tables) {
  DeviceShare share;
  const auto names = tables.device_names();
  if (keys.has("name")) share.device = names[keys.at("name").choice(names)];
  keys.read("cap_percent", share.cap_percent, 1, 100);
  return share;
}

EngineArea read_area(const YamlMapping& keys, const costs::Tables& tables) {
  EngineArea area;
  const auto nodes = tables.nodes();
  if (keys.has("node")) area.node = nodes[keys.at("node").choice(nodes)];
  area.mm2 = keys.at("mm2").number(0.001, 10000);
  return area;
}

accelerators::Dataflow read_dataflow(const YamlReader& reader) {
  const std::initializer_list<const char*> words = accelerators::dataflows.words;
  return static_cast<accelerators::Dataflow>(reader.choice({words.begin(), words.end()}));
}

std::optional<Minimise> read_minimise(const YamlMapping& keys) {
  if (!keys.has("minimise")) return std::nullopt;
  return static_cast<Minimise>(keys.at("minimise").choice({minimise_words.words.begin(), minimise_words.words.end()}));
}

// Of one budget. `own`: the budget's keys; `minimise`: what the comparison says.
template <typename ReadBudget>
SearchSpace read_search(const YamlReader& reader, std::vector<std::string> own, const ReadBudget& read_budget,
                        Minimise minimise, const costs::Tables& tables) {
  for (const char* key :
       {"minimise", "rows", "columns", "lanes", "post_lanes", "dataflow", "bus_bytes", "memories", "compiled"})
    own.emplace_back(key);
  const YamlMapping keys = reader.mapping(own);
  SearchSpace space;
  space.budget = read_budget(keys, tables);
  space.minimise = read_minimise(keys).value_or(minimise);
  const auto read = [&](const char* key, std::vector<int>& values, int high) {
    if (keys.has(key)) values = read_list(keys.at(key), 1, high);
  };
  read("rows", space.rows, 255);
  read("columns", space.columns, 255);
  read("lanes", space.lanes, 255);
  read("post_lanes", space.post_lanes, 255);
  read("bus_bytes", space.bus_bytes, 64);
  for (const int width : space.bus_bytes)
    if (width < 4 || !std::has_single_bit(static_cast<unsigned>(width)))
      keys.at("bus_bytes").fail(fmt::format("a bus of {} bytes does not exist: 4, 8, 16, 32 or 64", width));
  if (keys.has("dataflow")) space.dataflows = {read_dataflow(keys.at("dataflow"))};
  if (keys.has("memories")) space.free_memories = keys.at("memories").choice({"free", "given"}) == 0;
  if (keys.has("compiled")) space.most_compiled = static_cast<std::size_t>(keys.at("compiled").integer(1, 1'000'000));
  return space;
}

// A mapping, or a list of them.
template <typename ReadBudget>
void read_searches(const YamlMapping& keys, const char* key, const std::vector<std::string>& own,
                   const ReadBudget& read_budget, const costs::Tables& tables, std::vector<SearchSpace>& searches) {
  if (!keys.has(key)) return;
  const Minimise minimise = read_minimise(keys).value_or(Minimise::cycles);
  const YamlReader reader = keys.at(key);
  const bool several = reader.value().kind == YamlValue::Kind::sequence;
  const std::vector<YamlReader> items = several ? reader.items() : std::vector{reader};
  if (items.empty()) reader.fail("the list is empty");
  for (const YamlReader& item : items) {
    SearchSpace space = read_search(item, own, read_budget, minimise, tables);
    for (const SearchSpace& other : searches)
      if (text(other.budget) == text(space.budget) && other.minimise == space.minimise)
        item.fail(fmt::format("there is a table of {} already; keep one", text(space.budget)));
    searches.push_back(std::move(space));
    if (searches.size() > most_choices) item.fail(fmt::format("there are more than {} tables", most_choices));
  }
}

std::vector<Goal> usual_goals() {
  return {{&result::find_figure("accuracy_percent"), false},
          {&result::find_figure("cycles"), true},
          {&result::find_figure("energy_uj"), true}};
}

}  // namespace

Comparison parse_comparison(std::string_view text, const std::string& file, const costs::Tables& tables) {
  const YamlDocument document = parse_yaml(text, file);
  const YamlReader reader(document);
  const YamlMapping keys = reader.mapping({"comparison", "description", "base", "set", "minimise", "device", "area",
                                           "rows", "pareto", "constraints", "point_seconds"});
  Comparison comparison;
  comparison.file = file;
  comparison.name = keys.at("comparison").text();
  keys.read("description", comparison.description);
  comparison.base = scenario::read_base(keys.at("base"), file, tables);
  comparison.point_seconds = read_point_seconds(keys);
  comparison.objectives = read_objectives(keys);
  if (comparison.objectives.goals.empty()) comparison.objectives.goals = usual_goals();
  read_searches(keys, "device", {"name", "cap_percent"}, read_device, tables, comparison.searches);
  read_searches(keys, "area", {"node", "mm2"}, read_area, tables, comparison.searches);
  const scenario::Overrides common =
      keys.has("set") ? scenario::read_settings(keys.at("set"), file) : scenario::Overrides{};
  for (const YamlReader& item : keys.at("rows").items()) {
    const YamlMapping row = item.mapping({"name", "note", "minimise", "set"});
    ComparisonRow& added = comparison.rows.emplace_back();
    added.name = row.at("name").text();
    row.read("note", added.note);
    added.minimise = read_minimise(row);
    if (row.has("set")) added.settings = scenario::read_settings(row.at("set"), file);
    added.settings.insert(added.settings.end(), common.begin(), common.end());
    for (const ComparisonRow& other : comparison.rows)
      if (&other != &added && other.name == added.name)
        row.at("name").fail(fmt::format("there is a row '{}' already", added.name));
    if (comparison.rows.size() > most_rows) item.fail(fmt::format("there are more than {} rows", most_rows));
  }
  if (comparison.rows.empty()) reader.fail("there are no rows");
  if (keys.has("minimise") && comparison.searches.empty())
    keys.at("minimise").fail("nothing is searched: name a device or an area");
  return comparison;
}

Comparison load_comparison(const std::string& path_or_name, const costs::Tables& tables) {
  std::error_code ignored;
  if (std::filesystem::exists(path_or_name, ignored))
    return parse_comparison(read_text_file(path_or_name), path_or_name, tables);
  const std::string path =
      fmt::format("{}{}.yaml", shipped_folder, std::filesystem::path(path_or_name).stem().string());
  if (const auto text = find_embedded(path)) return parse_comparison(*text, path, tables);
  std::vector<std::string> names;
  for (const std::string& carried : list_embedded(shipped_folder))
    names.push_back(std::filesystem::path(carried).stem().string());
  throw Error(fmt::format("comparison '{}' is neither a file nor one that Lutra carries; it carries: {}", path_or_name,
                          fmt::join(names, ", ")));
}

Comparison compare_scenarios(const std::vector<std::string>& scenarios, const costs::Tables& tables) {
  Comparison comparison;
  comparison.name = "scenarios";
  comparison.objectives.goals = usual_goals();
  for (const std::string& name : scenarios) {
    const scenario::BaseScenario base = scenario::load_base(name, tables);
    if (comparison.rows.empty()) comparison.base = base;
    ComparisonRow& row = comparison.rows.emplace_back();
    row.name = scenario::apply_overrides(base, {}, tables).scenario.name;
    for (std::size_t i = 0; i < base.document.root.keys.size(); ++i)
      row.settings.push_back(std::make_shared<const scenario::Override>(scenario::Override{
          {base.document.root.keys[i]}, base.document.root.items[i], base.file, base.document.root.key_lines[i]}));
  }
  return comparison;
}

}  // namespace lutra::exploration
