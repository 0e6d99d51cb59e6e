#include "tests/validation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lutra::validation {
namespace {

constexpr double good_percent = 10;
constexpr double fair_percent = 30;

std::string row_text(const std::vector<std::string>& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

}  // namespace

std::string markdown(const std::vector<Section>& sections) {
  std::string text;
  for (const Section& section : sections) {
    if (!text.empty()) text += "\n";
    text += fmt::format("## {}\n\n{}\n\n", section.title, section.text);
    text += row_text(section.columns) + row_text(std::vector<std::string>(section.columns.size(), "---"));
    for (const auto& row : section.rows) text += row_text(row);
  }
  return text;
}

double Errors::mean() const {
  return std::accumulate(percent_.begin(), percent_.end(), 0.0) / static_cast<double>(percent_.size());
}
double Errors::least() const { return *std::min_element(percent_.begin(), percent_.end()); }
double Errors::most() const { return *std::max_element(percent_.begin(), percent_.end()); }
double Errors::worst() const { return std::max(std::abs(least()), std::abs(most())); }

std::string Errors::points_text() const { return points() == 0 ? "-" : std::to_string(points()); }
std::string Errors::mean_text() const { return points() == 0 ? "-" : percent(mean()); }
std::string Errors::range_text() const {
  if (points() < 2) return mean_text();
  return fmt::format("{} .. {}", percent(least()), percent(most()));
}

std::string Errors::grade() const {
  if (points() == 0) return "nothing measured";
  return worst() <= good_percent ? "good" : worst() <= fair_percent ? "fair" : "bad";
}

std::string grouped(long number) {
  std::string text = std::to_string(number);
  for (auto place = static_cast<int>(text.size()) - 3; place > 0; place -= 3)
    text.insert(static_cast<std::size_t>(place), ",");
  return text;
}

std::string percent(double value) {
  const std::string text = fmt::format("{:+.1f} %", value);
  return text == "-0.0 %" ? "+0.0 %" : text;
}

std::vector<Section> all_sections() {
  return {elements(),  arrays(),   post_processor(),  array_energy(),     hart(),
          rtl_twins(), networks(), published_cells(), published_energy(), dram()};
}

}  // namespace lutra::validation
