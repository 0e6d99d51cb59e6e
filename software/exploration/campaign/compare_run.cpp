#include "software/exploration/campaign/compare_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/campaign/pareto.h"
#include "software/exploration/campaign/point_key.h"
#include "software/exploration/point/flow.h"
#include "software/exploration/point/network_store.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t simulated_choices = 3;  // of the arrays a search predicts to be fastest

struct Point {
  std::size_t row = 0;
  scenario::Variant variant;
  std::string network_key;
  std::string key;
};

class ComparisonRun {
 public:
  ComparisonRun(const Comparison& comparison, const PointStore& store, const CompareOptions& options)
      : comparison_(comparison),
        store_(store),
        options_(options),
        networks_(options.networks, options.warn),
        arrays_(options.networks, options.warn),
        keys_(options.program + options.tables->digest, options.data) {}

  ComparisonOutcome run() {
    const std::size_t rows = comparison_.rows.size();
    outcome_.equal_shape.resize(rows);
    if (comparison_.device) outcome_.equal_device.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) add_row(row);
    if (quantise() && choose_arrays() && simulate()) {
      collect(shape_points_, outcome_.equal_shape);
      if (comparison_.device) collect(device_points_, outcome_.equal_device);
    } else {
      outcome_.interrupted = true;
    }
    return std::move(outcome_);
  }

 private:
  void add_row(std::size_t row) {
    try {
      shape_points_.push_back(make_point(row, comparison_.rows[row].settings));
    } catch (const Error& error) {
      fail(row, error.what());
    }
  }

  Point make_point(std::size_t row, const scenario::Overrides& settings) {
    Point point;
    point.row = row;
    point.variant = scenario::apply_overrides(comparison_.base, settings, *options_.tables);
    point.network_key = keys_.network_key(point.variant);
    point.key = keys_.key(point.variant, true);
    return point;
  }

  void fail(std::size_t row, const std::string& message) {
    outcome_.equal_shape[row].error = message;
    if (comparison_.device) outcome_.equal_device[row].error = message;
  }

  FlowOptions flow_options(const Point& point, std::size_t at_once) const {
    FlowOptions flow;
    flow.tables = options_.tables;
    flow.data = options_.data;
    flow.jobs = static_cast<int>(std::max<std::size_t>(options_.threads / at_once, 1));
    flow.stored = StoredNetwork{&networks_, point.network_key};
    return flow;
  }

  bool in_children(const std::string& stage, std::size_t count, const std::function<std::string(std::size_t)>& work,
                   const std::function<void(std::size_t, const ChildAnswer&)>& finished) const {
    std::size_t done = 0;
    const auto report = [&] {
      if (options_.progress && count > 0) options_.progress(stage, done, count);
    };
    report();
    ChildTasks tasks;
    tasks.count = count;
    tasks.work = work;
    tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
      finished(task, answer);
      ++done;
      report();
    };
    return run_in_children(tasks, processes(count));
  }

  std::size_t processes(std::size_t count) const { return std::max<std::size_t>(std::min(options_.jobs, count), 1); }

  // Each network once; rows that share one wait for it here.
  bool quantise() {
    std::vector<const Point*> first_of_network;
    std::set<std::string> seen;
    for (const Point& point : shape_points_)
      if (seen.insert(point.network_key).second) first_of_network.push_back(&point);
    std::map<std::string, std::string> failures;
    const std::size_t at_once = processes(first_of_network.size());
    const bool done = in_children(
        "networks", first_of_network.size(),
        [&](std::size_t task) {
          const Point& point = *first_of_network[task];
          store_network(point.variant.scenario, flow_options(point, at_once));
          return std::string();
        },
        [&](std::size_t task, const ChildAnswer& answer) {
          if (answer.failed) failures[first_of_network[task]->network_key] = answer.text;
        });
    for (const Point& point : shape_points_)
      if (const auto failure = failures.find(point.network_key); failure != failures.end())
        fail(point.row, failure->second);
    std::erase_if(shape_points_, [&](const Point& point) { return failures.contains(point.network_key); });
    return done;
  }

  bool choose_arrays() {
    if (!comparison_.device) return true;
    std::vector<std::vector<std::string>> choices(shape_points_.size());
    const bool done = in_children(
        "arrays at equal device", shape_points_.size(), [&](std::size_t task) { return search(shape_points_[task]); },
        [&](std::size_t task, const ChildAnswer& answer) {
          if (answer.failed)
            outcome_.equal_device[shape_points_[task].row].error = answer.text;
          else
            choices[task] = Json::parse(answer.text).get<std::vector<std::string>>();
        });
    if (!done) return false;
    for (std::size_t i = 0; i < choices.size(); ++i)
      for (const std::string& choice : choices[i]) {
        scenario::Overrides settings = comparison_.rows[shape_points_[i].row].settings;
        for (const auto& item : Json::parse(choice))
          settings.push_back(scenario::parse_override(item.get<std::string>(), "array search"));
        device_points_.push_back(make_point(shape_points_[i].row, settings));
      }
    return true;
  }

  // A JSON list of choices, each a JSON list of overrides; kept beside the networks.
  std::string search(const Point& point) const {
    const SearchSpace& space = *comparison_.device;
    Json asked = {point.key,     space.device, space.cap_percent, space.rows,
                  space.columns, space.lanes,  space.post_lanes,  space.buffer_divisors};
    const std::string name = "arrays_" + sha256(asked.dump()) + ".json.gz";
    if (auto known = arrays_.load(name)) return std::move(*known);
    const auto network = networks_.network(point.network_key);
    if (!network) throw Error(fmt::format("{}: its quantised network is gone", options_.networks.string()));
    Json choices = Json::array();
    for (const ArrayChoice& choice :
         search_arrays(point.variant.scenario, *network, space, simulated_choices, *options_.tables)) {
      const auto& e = choice.engine;
      const Json settings = {fmt::format("engine.rows={}", e.rows),
                             fmt::format("engine.columns={}", e.columns),
                             fmt::format("engine.lanes={}", e.lanes),
                             fmt::format("engine.post_lanes={}", e.post_lanes),
                             fmt::format("engine.activation_buffer_bytes={}", e.activation_buffer_bytes),
                             fmt::format("engine.weight_buffer_bytes={}", e.weight_buffer_bytes),
                             fmt::format("engine.skip_buffer_bytes={}", e.skip_buffer_bytes),
                             fmt::format("engine.output_buffer_bytes={}", e.output_buffer_bytes),
                             fmt::format("engine.accumulator_buffer_bytes={}", e.accumulator_buffer_bytes),
                             fmt::format("implementations.fpga={}", space.device),
                             fmt::format("implementations.dsp_percent={}", static_cast<int>(space.cap_percent))};
      choices.push_back(settings.dump());
    }
    arrays_.save(name, choices.dump());
    return choices.dump();
  }

  bool simulate() {
    std::map<std::string, const Point*> wanted;
    std::vector<const Point*> to_run;
    for (const auto* points : {&shape_points_, &device_points_})
      for (const Point& point : *points)
        if (wanted.emplace(point.key, &point).second && !store_.has(point.key)) to_run.push_back(&point);
    const std::size_t at_once = processes(to_run.size());
    return in_children(
        "simulations", to_run.size(),
        [&](std::size_t task) {
          return to_json(run_scenario(to_run[task]->variant.scenario, flow_options(*to_run[task], at_once)).result);
        },
        [&](std::size_t task, const ChildAnswer& answer) {
          if (answer.failed)
            failures_[to_run[task]->key] = answer.text;
          else
            store_.save(to_run[task]->key, answer.text);
        });
  }

  // A row's fastest result.
  void collect(const std::vector<Point>& points, std::vector<ComparedPoint>& table) {
    for (const Point& point : points) {
      ComparedPoint& target = table[point.row];
      if (const auto failure = failures_.find(point.key); failure != failures_.end()) {
        if (!target.result) target.error = failure->second;
        continue;
      }
      result::Result result = store_.load(point.key);
      if (target.result && target.result->cycles.total <= result.cycles.total) continue;
      target.result = std::move(result);
      target.error.clear();
    }
    mark_front(table);
    for (const ComparedPoint& point : table) outcome_.failed += point.result ? 0 : 1;
  }

  static void mark_front(std::vector<ComparedPoint>& table) {
    std::vector<std::vector<double>> values;
    std::vector<ComparedPoint*> owners;
    for (ComparedPoint& point : table) {
      if (!point.result) continue;
      const result::Result& r = *point.result;
      values.push_back({-r.accuracy.top1_percent(), static_cast<double>(r.cycles.total),
                        r.energy ? static_cast<double>(r.energy->total) : 0.0});
      owners.push_back(&point);
    }
    const std::vector<bool> front = pareto_front(values);
    for (std::size_t i = 0; i < owners.size(); ++i) owners[i]->on_front = front[i];
  }

  const Comparison& comparison_;
  const PointStore& store_;
  const CompareOptions& options_;
  NetworkStore networks_;
  EntryFolder arrays_;
  PointKeys keys_;
  std::vector<Point> shape_points_;
  std::vector<Point> device_points_;
  std::map<std::string, std::string> failures_;
  ComparisonOutcome outcome_;
};

}  // namespace

ComparisonOutcome run_comparison(const Comparison& comparison, const PointStore& store, const CompareOptions& options) {
  return ComparisonRun(comparison, store, options).run();
}

}  // namespace lutra::exploration
