#include "software/exploration/campaign/compare_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/campaign/point_key.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t simulated_choices = 3;  // of the arrays a search predicts to be fastest

// A point of a row: the row as it is, or with an array.
struct Point {
  std::size_t row = 0;
  scenario::Overrides settings;
};

class ComparisonRun {
 public:
  ComparisonRun(const Comparison& comparison, const Stores& stores, const EntryFolder& arrays, PointsOptions options,
                const CompareProgress& progress)
      : comparison_(comparison), stores_(stores), arrays_(arrays), options_(std::move(options)), progress_(progress) {
    if (!options_.point_seconds) options_.point_seconds = comparison_.point_seconds;
  }

  ComparisonOutcome run() {
    for (std::size_t row = 0; row < comparison_.rows.size(); ++row)
      shape_points_.push_back({row, comparison_.rows[row].settings});
    outcome_.interrupted =
        !(simulate("simulations", shape_points_, outcome_.equal_shape) &&
          (!comparison_.device ||
           (choose_arrays() && simulate("simulations at equal device", device_points_, outcome_.equal_device))));
    return std::move(outcome_);
  }

 private:
  scenario::Variant variant(const Point& point) const {
    return scenario::apply_overrides(comparison_.base, point.settings, *options_.tables);
  }

  // A row's fastest result. False when an interrupt came.
  bool simulate(const std::string& stage, const std::vector<Point>& points, std::vector<ComparedPoint>& table) {
    table.resize(comparison_.rows.size());
    options_.progress = [&](std::size_t done, std::size_t total) {
      if (progress_ && total > 0) progress_(stage, done, total);
    };
    const PointsOutcome ran =
        run_points({points.size(), [&](std::size_t i) { return variant(points[i]); }}, &stores_, options_);
    if (ran.interrupted) return false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      ComparedPoint& target = table[points[i].row];
      try {
        if (!ran.points[i].error.empty()) throw Error(ran.points[i].error);
        result::Result result = stores_.points.load(ran.points[i].key);
        if (target.result && target.result->cycles.mean <= result.cycles.mean) continue;
        target.result = std::move(result);
        target.error.clear();
      } catch (const Error& error) {
        if (!target.result) target.error = error.what();
      }
    }
    mark_standings(table);
    for (const ComparedPoint& point : table) outcome_.failed += point.result ? 0 : 1;
    return true;
  }

  // For every row that can run at all.
  bool choose_arrays() {
    outcome_.equal_device.resize(comparison_.rows.size());
    std::vector<Point> points;
    for (const Point& point : shape_points_) {
      const ComparedPoint& shape = outcome_.equal_shape[point.row];
      if (shape.result)
        points.push_back(point);
      else
        outcome_.equal_device[point.row].error = shape.error;
    }
    std::size_t done = 0;
    const auto report = [&] {
      if (progress_ && !points.empty()) progress_("arrays at equal device", done, points.size());
    };
    report();
    ChildTasks tasks;
    tasks.next = count_up(points.size());
    tasks.work = [&](std::size_t task) { return search(points[task]); };
    tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
      const std::size_t row = points[task].row;
      if (answer.failed)
        outcome_.equal_device[row].error = answer.text;
      else
        add_choices(row, answer.text);
      ++done;
      report();
    };
    tasks.seconds = options_.point_seconds;
    return run_in_children(tasks, options_.jobs);
  }

  void add_choices(std::size_t row, const std::string& choices) {
    for (const auto& choice : Json::parse(choices)) {
      Point point{row, comparison_.rows[row].settings};
      for (const auto& item : choice)
        point.settings.push_back(scenario::parse_override(item.get<std::string>(), "array search"));
      device_points_.push_back(std::move(point));
    }
  }

  // A JSON list of choices, each a list of overrides.
  std::string search(const Point& point) const {
    const SearchSpace& space = *comparison_.device;
    const scenario::Variant row = variant(point);
    const PointKey key =
        make_point_key(row, options_.float_accuracy, options_.program, *options_.tables, *options_.inputs);
    Json asked = {key.point,     space.device, space.cap_percent, space.rows,
                  space.columns, space.lanes,  space.post_lanes,  space.buffer_divisors};
    const std::string name = "arrays_" + sha256(asked.dump()) + ".json.gz";
    if (auto known = arrays_.load(name)) return std::move(*known);
    const auto measured = stores_.networks.load(key.network);
    if (!measured) throw Error("the stored network was damaged or removed while points ran; run again");
    Json choices = Json::array();
    for (const ArrayChoice& choice :
         search_arrays(row.scenario, measured->network, space, simulated_choices, *options_.tables)) {
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
      choices.push_back(settings);
    }
    arrays_.save(name, choices.dump(), key.origin);
    return choices.dump();
  }

  void mark_standings(std::vector<ComparedPoint>& table) const {
    const std::vector<Standing> standings = stand(comparison_.objectives, designs_of(table));
    for (std::size_t i = 0; i < table.size(); ++i) table[i].standing = standings[i];
  }

  const Comparison& comparison_;
  const Stores& stores_;
  const EntryFolder& arrays_;
  PointsOptions options_;
  const CompareProgress& progress_;
  std::vector<Point> shape_points_;
  std::vector<Point> device_points_;
  ComparisonOutcome outcome_;
};

}  // namespace

std::vector<std::vector<nlohmann::ordered_json>> designs_of(const std::vector<ComparedPoint>& table) {
  std::vector<std::vector<nlohmann::ordered_json>> designs;
  for (const ComparedPoint& point : table) {
    auto& design = designs.emplace_back();
    if (point.result)
      for (const result::Figure& figure : result::figures()) design.push_back(figure.of(*point.result));
  }
  return designs;
}

ComparisonOutcome run_comparison(const Comparison& comparison, const Stores& stores, const EntryFolder& arrays,
                                 PointsOptions options, const CompareProgress& progress) {
  return ComparisonRun(comparison, stores, arrays, std::move(options), progress).run();
}

}  // namespace lutra::exploration
