#include "software/exploration/campaign/sweep_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/exploration/campaign/pareto.h"

namespace lutra::exploration {

namespace {

void read_figures(const PointStore& store, SweepRow& row) {
  const result::Result result = store.load(row.key);
  for (const result::Figure& figure : result::figures()) row.figures.push_back(figure.of(result));
}

std::optional<std::vector<double>> goal_values(const Sweep& sweep, const SweepRow& row) {
  if (row.figures.empty()) return std::nullopt;
  std::vector<double> values;
  for (const Goal& goal : sweep.goals) {
    const auto& figure = row.figures[static_cast<std::size_t>(goal.figure - result::figures().data())];
    if (!figure.is_number()) return std::nullopt;
    values.push_back(goal.minimise ? figure.get<double>() : -figure.get<double>());
  }
  return values;
}

void mark_front(const Sweep& sweep, std::vector<SweepRow>& rows) {
  if (sweep.goals.empty()) return;
  std::vector<std::vector<double>> points;
  std::vector<SweepRow*> owners;
  for (SweepRow& row : rows)
    if (auto values = goal_values(sweep, row)) {
      points.push_back(std::move(*values));
      owners.push_back(&row);
    }
  const std::vector<bool> on_front = pareto_front(points);
  for (std::size_t i = 0; i < owners.size(); ++i) owners[i]->on_front = on_front[i];
}

}  // namespace

std::string point_label(const Sweep& sweep, std::size_t index) {
  std::string text;
  for (const auto& override : sweep.points.at(index))
    if (std::find(sweep.keys.begin(), sweep.keys.end(), override->key()) != sweep.keys.end())
      text += (text.empty() ? "" : " ") + override->label();
  return fmt::format("point {} ({})", index, text);
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
  mark_front(sweep, outcome.rows);
  return outcome;
}

}  // namespace lutra::exploration
