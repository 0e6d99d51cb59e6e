#include "software/costs/lut_factors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"

namespace lutra::costs {

namespace {

constexpr int largest_coordinate = 1 << 20;
constexpr double least_factor = 0.05, most_factor = 20;

// The place of `value` among ascending `points`: that many of them lie behind, and so much of the next step.
std::pair<std::size_t, double> place(const std::vector<int>& points, int value) {
  if (value <= points.front()) return {0, 0};
  if (value >= points.back()) return {points.size() - 1, 0};
  const auto next = std::upper_bound(points.begin(), points.end(), value);
  const double before = std::log2(*(next - 1));
  return {static_cast<std::size_t>(next - points.begin()) - 1,
          (std::log2(value) - before) / (std::log2(*next) - before)};
}

LutFactorGrid read_grid(const YamlMapping& keys) {
  LutFactorGrid grid;
  std::size_t points = 1;
  for (const auto& [name, values] : keys.at("over").entries()) {
    std::vector<int> coordinates;
    for (const YamlReader& value : values.items()) {
      coordinates.push_back(static_cast<int>(value.integer(1, largest_coordinate)));
      if (coordinates.size() > 1 && coordinates.back() <= *(coordinates.end() - 2)) value.fail("must ascend");
    }
    if (coordinates.empty()) values.fail("a coordinate needs a value");
    points *= coordinates.size();
    grid.over.emplace_back(name, std::move(coordinates));
  }
  for (const YamlReader& factor : keys.at("factors").items())
    grid.factors.push_back(factor.number(least_factor, most_factor));
  if (grid.factors.size() != points)
    keys.at("factors").fail(fmt::format("{} factors for a grid of {} points", grid.factors.size(), points));
  return grid;
}

}  // namespace

double LutFactorGrid::at(const std::vector<std::pair<std::string, int>>& at) const {
  std::vector<double> left = factors;
  std::size_t step = factors.size();
  for (const auto& [name, points] : over) {  // one coordinate after the other is settled
    const auto value =
        std::find_if(at.begin(), at.end(), [&wanted = name](const auto& entry) { return entry.first == wanted; });
    if (value == at.end()) throw Error(fmt::format("a table of LUT factors runs over {}, which no part has", name));
    const auto [before, share] = place(points, value->second);
    step /= points.size();
    std::vector<double> settled;
    for (std::size_t i = 0; i < step; ++i) {
      const double low = left[before * step + i];
      settled.push_back(share == 0 ? low : low + share * (left[(before + 1) * step + i] - low));
    }
    left = std::move(settled);
  }
  return left.front();
}

std::map<std::string, LutFactors> read_lut_factors(const std::vector<const TableText*>& tables) {
  std::map<std::string, LutFactors> found;
  for (const TableText* table : tables) {
    const YamlDocument document = parse_yaml(table->text, table->file);
    for (const YamlReader& item : YamlReader(document).mapping({"tool", "factors"}).at("factors").items()) {
      const YamlMapping keys =
          item.mapping({"name", "device_family", "over", "factors", "source", "kind", "uncertainty_percent"});
      LutFactor& factor = found[keys.at("device_family").text()][keys.at("name").text()];
      factor.grids.push_back(read_grid(keys));
      const Provenance provenance = read_provenance(keys, table->name);
      if (factor.grids.size() == 1 || provenance.uncertainty_percent > factor.provenance.uncertainty_percent)
        factor.provenance = provenance;
    }
  }
  return found;
}

}  // namespace lutra::costs
