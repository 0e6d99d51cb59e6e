#include "software/exploration/campaign/sweep_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "software/common/error.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/campaign/pareto.h"
#include "software/exploration/campaign/point_key.h"
#include "software/exploration/point/flow.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

namespace {

std::string run_point(const Sweep& sweep, const scenario::Overrides& point, const StoredNetwork& stored,
                      const SweepOptions& options, std::size_t at_once) {
  FlowOptions flow;
  flow.tables = options.tables;
  flow.stored = stored;
  flow.data = options.data;
  flow.float_accuracy = sweep.float_accuracy;
  flow.jobs = static_cast<int>(std::max<std::size_t>(options.threads / at_once, 1));
  return to_json(run_scenario(scenario::apply_overrides(sweep.base, point, *options.tables).scenario, flow).result);
}

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

SweepOutcome run_sweep(const Sweep& sweep, const PointStore& store, const SweepOptions& options) {
  SweepOutcome outcome;
  outcome.rows.resize(sweep.points.size());
  PointKeys keys(options.program + options.tables->digest, options.data);
  std::map<std::string, std::vector<std::size_t>> points_of;  // a key's points: two may be one scenario
  std::vector<std::size_t> to_run;
  std::vector<std::string> network_keys(sweep.points.size());
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    SweepRow& row = outcome.rows[i];
    try {
      const scenario::Variant variant = scenario::apply_overrides(sweep.base, sweep.points[i], *options.tables);
      row.key = keys.key(variant, sweep.float_accuracy);
      network_keys[i] = keys.network_key(variant);
    } catch (const Error& error) {
      row.error = error.what();
      continue;
    }
    auto& points = points_of[row.key];
    if (points.empty()) {
      if (store.has(row.key))
        ++outcome.stored;
      else
        to_run.push_back(i);
    }
    points.push_back(i);
  }

  const auto report = [&] {
    if (options.progress) options.progress(outcome.ran, to_run.size());
  };
  report();
  const std::size_t at_once = std::max<std::size_t>(std::min(options.jobs, to_run.size()), 1);
  ChildTasks tasks;
  tasks.count = to_run.size();
  const NetworkStore networks(options.networks, options.warn);
  tasks.work = [&](std::size_t task) {
    const std::size_t point = to_run[task];
    return run_point(sweep, sweep.points[point], {&networks, network_keys[point]}, options, at_once);
  };
  tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
    const std::string& key = outcome.rows[to_run[task]].key;
    if (answer.failed) {
      for (const std::size_t point : points_of[key]) outcome.rows[point].error = answer.text;
    } else {
      store.save(key, answer.text);
    }
    ++outcome.ran;
    report();
  };
  outcome.interrupted = !run_in_children(tasks, at_once);
  if (outcome.interrupted) {
    outcome.rows.clear();
    return outcome;
  }
  for (SweepRow& row : outcome.rows) {
    try {
      if (row.error.empty()) read_figures(store, row);
    } catch (const Error& error) {
      row.error = error.what();
    }
    if (!row.error.empty()) ++outcome.failed;
  }
  mark_front(sweep, outcome.rows);
  return outcome;
}

}  // namespace lutra::exploration
