#include "software/exploration/campaign/sweep_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"

namespace lutra::exploration {

namespace {

void read_figures(const PointStore& store, SweepRow& row) {
  const result::Result result = store.load(row.key);
  for (const result::Figure& figure : result::figures()) row.figures.push_back(figure.of(result));
}

void mark_standings(const Objectives& objectives, std::vector<SweepRow>& rows) {
  const std::vector<Standing> standings = stand(objectives, designs_of(rows));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].standing = standings[i];
}

}  // namespace

std::string point_label(const Sweep& sweep, std::size_t index) {
  std::string text;
  for (const auto& override : sweep.points.at(index))
    if (std::find(sweep.keys.begin(), sweep.keys.end(), override->key()) != sweep.keys.end())
      text += (text.empty() ? "" : " ") + override->label();
  return fmt::format("point {} ({})", index, text);
}

std::vector<std::vector<nlohmann::ordered_json>> designs_of(const std::vector<SweepRow>& rows) {
  std::vector<std::vector<nlohmann::ordered_json>> designs;
  for (const SweepRow& row : rows) designs.push_back(row.figures);
  return designs;
}

SweepOutcome run_sweep(const Sweep& sweep, const Stores& stores, PointsOptions options) {
  options.float_accuracy = sweep.float_accuracy;
  if (!options.point_seconds) options.point_seconds = sweep.point_seconds;
  const PointsOutcome points = run_points(
      {sweep.points.size(),
       [&](std::size_t i) { return scenario::apply_overrides(sweep.base, sweep.points[i], *options.tables); }},
      &stores, options);
  SweepOutcome outcome;
  outcome.interrupted = points.interrupted;
  outcome.ran = points.ran;
  outcome.stored = points.stored;
  if (outcome.interrupted) return outcome;
  for (const PointOutcome& point : points.points) outcome.rows.push_back({point.key, point.error, {}, {}});
  for (SweepRow& row : outcome.rows) {
    try {
      if (row.error.empty()) read_figures(stores.points, row);
    } catch (const Error& error) {
      row.error = error.what();
    }
    if (!row.error.empty()) ++outcome.failed;
  }
  mark_standings(sweep.objectives, outcome.rows);
  return outcome;
}

}  // namespace lutra::exploration
