#include "software/exploration/campaign/sweep_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/printable.h"
#include "software/common/text/csv.h"
#include "software/common/text/text_table.h"
#include "software/result/figures.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// The value a point gives a key; empty where it leaves it as in the base.
std::string value_of(const scenario::Overrides& point, const std::string& key) {
  for (const auto& override : point)
    if (override->key() == key) return scenario::to_line(override->value);
  return "";
}

const Json& figure_of(const SweepRow& row, const char* name) {
  return row.figures[static_cast<std::size_t>(&result::find_figure(name) - result::figures().data())];
}

std::string decimals(const Json& figure, int digits) {
  return figure.is_null() ? "-" : fmt::format("{:.{}f}", figure.get<double>(), digits);
}

std::string whole(const Json& figure) { return figure.is_null() ? "-" : with_separators(figure.get<std::uint64_t>()); }

std::string constraints_text(const Sweep& sweep, const SweepOutcome& outcome) {
  if (sweep.objectives.constraints.empty()) return "";
  const auto met = std::count_if(outcome.rows.begin(), outcome.rows.end(),
                                 [](const SweepRow& row) { return row.error.empty() && row.standing.misses.empty(); });
  return fmt::format("constraints ({}): met by {} of {} points\n", sweep.objectives.text(), met, outcome.rows.size());
}

std::string front_text(const Sweep& sweep, const SweepOutcome& outcome) {
  if (sweep.objectives.goals.empty()) return constraints_text(sweep, outcome);
  std::vector<std::size_t> front;
  std::vector<Standing> standings;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    standings.push_back(outcome.rows[i].standing);
    if (standings[i].on_front.value_or(false)) front.push_back(i);
  }
  return fmt::format("Pareto front ({}): {}\n", sweep.objectives.text(),
                     front.empty() ? "no point" : fmt::format("{}", fmt::join(front, ", "))) +
         left_out_text(sweep.objectives, designs_of(outcome.rows), standings);
}

}  // namespace

std::string to_csv(const Sweep& sweep, const SweepOutcome& outcome) {
  std::string csv = "point";
  for (const std::string& key : sweep.keys) csv += "," + csv_cell(key);
  for (const result::Figure& figure : result::figures()) csv += fmt::format(",{}", figure.name);
  csv += ",pareto,misses,error\n";
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    const SweepRow& row = outcome.rows[i];
    csv += std::to_string(i);
    for (const std::string& key : sweep.keys) csv += "," + csv_cell(value_of(sweep.points[i], key));
    for (std::size_t column = 0; column < result::figures().size(); ++column)
      csv += "," + (row.figures.empty() ? "" : csv_cell(result::figure_text(row.figures[column])));
    csv += fmt::format(",{},{},{}\n", front_mark(row.standing), csv_cell(row.standing.misses), csv_cell(row.error));
  }
  return csv;
}

std::string to_json_lines(const Sweep& sweep, const SweepOutcome& outcome) {
  std::string lines;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    const SweepRow& row = outcome.rows[i];
    Json set = Json::object();
    for (const auto& override : sweep.points[i]) set[override->key()] = scenario::to_json(override->value);
    Json line = {{"point", i}, {"set", set}, {"key", row.key}};
    if (row.error.empty()) {
      for (std::size_t column = 0; column < result::figures().size(); ++column)
        line[result::figures()[column].name] = row.figures[column];
      if (!sweep.objectives.goals.empty())
        line["pareto"] = row.standing.on_front ? Json(*row.standing.on_front) : Json();
      if (!sweep.objectives.constraints.empty()) line["misses"] = row.standing.misses;
    } else {
      line["error"] = row.error;
    }
    lines += dump(line) + "\n";
  }
  return lines;
}

std::string to_report(const Sweep& sweep, const SweepOutcome& outcome) {
  std::vector<std::string> header = {"point"};
  header.insert(header.end(), sweep.keys.begin(), sweep.keys.end());
  for (const char* name : {"accuracy %", "cycles", "ms", "uJ", "LUT", "FF", "DSP", "BRAM36", "weight bytes"})
    header.emplace_back(name);
  const bool with_front = !sweep.objectives.goals.empty();
  const bool with_misses = !with_front && !sweep.objectives.constraints.empty();
  if (with_front) header.emplace_back("front");
  if (with_misses) header.emplace_back("misses");
  TextTable table(std::move(header));
  std::string failures;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    const SweepRow& row = outcome.rows[i];
    std::vector<std::string> cells = {std::to_string(i)};
    for (const std::string& key : sweep.keys) cells.push_back(value_of(sweep.points[i], key));
    if (row.error.empty()) {
      cells.insert(cells.end(),
                   {decimals(figure_of(row, "accuracy_percent"), 2), whole(figure_of(row, "cycles")),
                    decimals(figure_of(row, "time_ms"), 3), decimals(figure_of(row, "energy_uj"), 2),
                    whole(figure_of(row, "lut")), whole(figure_of(row, "ff")), whole(figure_of(row, "dsp")),
                    figure_of(row, "bram36").is_null() ? "-" : result::figure_text(figure_of(row, "bram36")),
                    whole(figure_of(row, "weight_bytes"))});
      if (with_front) cells.emplace_back(front_cell(row.standing));
      if (with_misses) cells.emplace_back(row.standing.misses);
    } else {
      cells.emplace_back("failed");
      failures += fmt::format("{}: {}: {}\n", sweep.file, point_label(sweep, i), row.error);
    }
    table.add(std::move(cells));
  }
  return fmt::format("{}: {} points of {}{}{}\n\n", one_line(sweep.name), sweep.points.size(), sweep.base.file,
                     sweep.description.empty() ? "" : ": ", sweep.description) +
         table.text() + front_text(sweep, outcome) + (failures.empty() ? "" : "\nfailed:\n" + failures);
}

}  // namespace lutra::exploration
