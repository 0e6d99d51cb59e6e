#include <fmt/format.h>

#include <set>

#include "software/common/text/csv.h"
#include "software/result/result_fields.h"
#include "software/result/result_json.h"

namespace lutra::result {

namespace {

// Takes the columns of layers.csv from the lists of fields: their names, or the cells of one layer.
class Columns {
 public:
  explicit Columns(std::vector<std::string>& cells, bool names) : cells_(cells), names_(names) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, const Field& field) const {
    if (!field.in_csv) return;
    if constexpr (HasFields<const Value>)
      for_each_field(value, *this);
    else
      cells_.push_back(names_ ? name : cell(value));
  }
  void operator()(const char*, const std::vector<costs::EventCount>&, const Field&) const {}  // no column holds them

 private:
  static std::string cell(const std::string& text) { return csv_cell(text); }
  template <typename Number>
  static std::string cell(const Number& number) {
    return fmt::format("{}", number);
  }
  template <typename Flag>
  static std::string cell(const Choice<Flag>& choice) {
    return choice.flag ? choice.yes : choice.no;
  }

  std::vector<std::string>& cells_;
  bool names_;
};

std::vector<std::string> columns(const LayerFacts& layer, bool names) {
  std::vector<std::string> cells = {names ? "layer" : csv_cell(layer.name)};
  for_each_timing_field(layer, Columns(cells, names));
  for_each_field(layer, Columns(cells, names));
  return cells;
}

}  // namespace

std::string to_csv(const Result& result) {
  std::set<std::string> components;
  std::vector<std::map<std::string, costs::Femtojoules>> energy(result.layers.size());
  if (result.energy)
    for (const costs::EnergyLine& line : result.energy->lines) {
      components.insert(line.component);
      energy[line.layer][line.component] += line.energy;
    }
  std::string csv = fmt::format("{},array_utilisation_percent", fmt::join(columns({}, true), ","));
  if (result.energy) csv += ",energy_uj";
  for (const std::string& component : components) csv += "," + csv_cell(component + "_uj");
  csv += "\n";
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    const LayerFacts& layer = result.layers[i];
    csv += fmt::format("{},{:.3f}", fmt::join(columns(layer, false), ","),
                       array_utilisation_percent(layer, result.engine));
    if (result.energy) {
      costs::Femtojoules sum = 0;
      for (const auto& [component, part] : energy[i]) sum += part;
      csv += fmt::format(",{:.9f}", microjoules(sum));
      for (const std::string& component : components) csv += fmt::format(",{:.9f}", microjoules(energy[i][component]));
    }
    csv += "\n";
  }
  return csv;
}

}  // namespace lutra::result
