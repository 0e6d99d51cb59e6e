#include "software/exploration/campaign/compare_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/campaign/point_key.h"
#include "software/exploration/point/price.h"
#include "software/exploration/search/array_search.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t simulated_choices = 3;  // of the arrays a search predicts to be best

// A point of a row: the row as it is, or with an array.
struct Point {
  std::size_t row = 0;
  scenario::Overrides settings;
};

using Count = std::size_t SearchEffort::*;
constexpr std::pair<const char*, Count> counts[] = {{"shapes", &SearchEffort::shapes},
                                                    {"left_out", &SearchEffort::left_out},
                                                    {"pruned", &SearchEffort::pruned},
                                                    {"priced", &SearchEffort::priced},
                                                    {"compiled", &SearchEffort::compiled}};

Design design_of(const result::Result& result) {
  return {*result.engine, result.memory_use, result.soc.interconnect.width_bytes};
}

class ComparisonRun {
 public:
  ComparisonRun(const Comparison& comparison, const Stores& stores, const EntryFolder& arrays, PointsOptions options,
                const CompareProgress& progress)
      : comparison_(comparison), stores_(stores), arrays_(arrays), options_(std::move(options)), progress_(progress) {
    if (!options_.point_seconds) options_.point_seconds = comparison_.point_seconds;
  }

  ComparisonOutcome run() {
    outcome_.interrupted = !run_tables();
    for (const ComparedTable& table : outcome_.tables)
      for (const ComparedPoint& point : table.points) outcome_.failed += point.error.empty() ? 0 : 1;
    return std::move(outcome_);
  }

 private:
  // Of a row that is no scenario another error is said.
  bool has_node(const Budget& budget, const Point& point) const {
    try {
      return !node_of(budget, variant(point).scenario.implementations.asic).empty();
    } catch (const Error&) {
      return true;
    }
  }

  // Energy has no price without a node.
  void require_nodes() const {
    for (const SearchSpace& space : comparison_.searches)
      for (std::size_t row = 0; row < comparison_.rows.size(); ++row) {
        if (!needs_energy(comparison_.rows[row].minimise.value_or(space.minimise))) continue;
        if (!has_node(space.budget, {row, comparison_.rows[row].settings}))
          throw Error(fmt::format("{}: row '{}': to minimise energy takes a node: implementations.asic: 45nm",
                                  comparison_.file, comparison_.rows[row].name));
      }
  }

  // False when an interrupt came; likewise below.
  bool run_tables() {
    require_nodes();
    std::vector<Point> rows;
    for (std::size_t row = 0; row < comparison_.rows.size(); ++row)
      rows.push_back({row, comparison_.rows[row].settings});
    ComparedTable& shape = add_table();
    if (!simulate("simulations", rows, shape.points)) return false;
    mark_standings(shape.points);
    for (const SearchSpace& space : comparison_.searches) {
      ComparedTable& table = add_table();
      table.search = space;
      for (std::size_t row = 0; row < rows.size(); ++row)
        table.points[row].minimise = comparison_.rows[row].minimise.value_or(space.minimise);
      if (!fill(table, space, rows)) return false;
    }
    return true;
  }

  ComparedTable& add_table() {
    ComparedTable& table = outcome_.tables.emplace_back();
    table.points.resize(comparison_.rows.size());
    return table;
  }

  bool fill(ComparedTable& table, const SearchSpace& space, const std::vector<Point>& rows) {
    const std::string where = table.within();
    std::vector<Point> chosen;
    if (!choose_arrays(table, space, rows, chosen)) return false;
    table.simulated = chosen.size();
    if (!simulate("simulations at " + where, chosen, table.points)) return false;
    for (ComparedPoint& point : table.points)
      if (point.result && point.result->engine) point.found = found(design_of(*point.result), space);
    mark_standings(table.points);
    return !table.at_own_clock() || run_at_own_clocks(table);
  }

  scenario::Variant variant(const Point& point) const {
    return scenario::apply_overrides(comparison_.base, point.settings, *options_.tables);
  }

  // A row's best result.
  bool simulate(const std::string& stage, const std::vector<Point>& points, std::vector<ComparedPoint>& table) {
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
        if (target.result && cost_of(*target.result, target.minimise) <= cost_of(result, target.minimise)) continue;
        target.result = std::move(result);
        target.error.clear();
      } catch (const Error& error) {
        if (!target.result) target.error = error.what();
      }
    }
    return true;
  }

  // For every row that can run at all.
  bool choose_arrays(ComparedTable& table, const SearchSpace& space, const std::vector<Point>& rows,
                     std::vector<Point>& chosen) {
    std::vector<Point> points;
    for (const Point& point : rows) {
      const ComparedPoint& shape = outcome_.tables.front().points[point.row];
      if (shape.result)
        points.push_back(point);
      else
        table.points[point.row].error = shape.error;
    }
    std::size_t done = 0;
    const auto report = [&] {
      if (progress_ && !points.empty()) progress_("arrays at " + table.within(), done, points.size());
    };
    report();
    ChildTasks tasks;
    tasks.next = count_up(points.size());
    tasks.work = [&](std::size_t task) {
      SearchSpace of_row = space;
      of_row.minimise = table.points[points[task].row].minimise;
      return search(points[task], of_row);
    };
    tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
      const std::size_t row = points[task].row;
      if (answer.failed)
        table.points[row].error = answer.text;
      else
        add_choices(row, answer.text, table, chosen);
      ++done;
      report();
    };
    tasks.seconds = options_.point_seconds;
    return run_in_children(tasks, options_.jobs);
  }

  void add_choices(std::size_t row, const std::string& answer, ComparedTable& table, std::vector<Point>& chosen) const {
    const Json found = Json::parse(answer);
    for (const auto& [name, count] : counts) table.effort.*count += found.at(name).get<std::size_t>();
    table.points[row].least = found.at("least").get<double>();
    for (const auto& choice : found.at("choices")) chosen.push_back(with(row, choice.get<std::vector<std::string>>()));
  }

  Point with(std::size_t row, const std::vector<std::string>& changes) const {
    Point point{row, comparison_.rows[row].settings};
    for (const std::string& change : changes)
      point.settings.push_back(scenario::parse_override(change, "array search"));
    return point;
  }

  // Rows whose closing clock is known.
  bool run_at_own_clocks(ComparedTable& table) {
    std::vector<Point> points;
    for (std::size_t row = 0; row < table.points.size(); ++row) {
      const auto& result = table.points[row].result;
      if (!result || !result->clock) continue;
      std::vector<std::string> changes = settings(design_of(*result), table.search->budget);
      changes.emplace_back("soc.clock_mhz=auto");
      points.push_back(with(row, changes));
    }
    std::vector<ComparedPoint> found(table.points.size());
    if (!simulate("simulations at own clocks, " + table.within(), points, found)) return false;
    for (std::size_t row = 0; row < found.size(); ++row) {
      table.points[row].at_own_clock = std::move(found[row].result);
      if (!found[row].error.empty()) table.points[row].error = "at its own clock: " + found[row].error;
    }
    return true;
  }

  // As JSON: how many designs were looked at, and the choices, each a list of overrides.
  std::string search(const Point& point, const SearchSpace& space) const {
    const scenario::Variant row = variant(point);
    const PointKey key =
        make_point_key(row, options_.float_accuracy, options_.program, *options_.tables, *options_.inputs);
    const Json asked = {key.point,
                        text(space.budget),
                        space.rows,
                        space.columns,
                        space.lanes,
                        space.post_lanes,
                        space.dataflows,
                        space.bus_bytes,
                        space.free_memories,
                        space.most_compiled,
                        minimise_words.of(space.minimise)};
    const std::string name = "arrays_" + sha256(asked.dump()) + ".json.gz";
    if (auto known = arrays_.load(name)) return std::move(*known);
    const auto measured = stores_.networks.load(key.network);
    if (!measured) throw Error("the stored network was damaged or removed while points ran; run again");
    const Activity activity =
        needs_energy(space.minimise) ? activity_at(point, row.scenario, measured->network, space) : Activity{};
    const ArrayChoices found =
        search_arrays(row.scenario, measured->network, space, simulated_choices, *options_.tables, activity);
    Json choices = Json::array();
    for (const Evaluated& choice : found.best) choices.push_back(settings(choice.design, space.budget));
    Json answer = {{"least", found.least}, {"choices", std::move(choices)}};
    for (const auto& [counted, count] : counts) answer[counted] = found.effort.*count;
    arrays_.save(name, answer.dump(), key.origin);
    return answer.dump();
  }

  // As the row's frame at equal shape shows it.
  Activity activity_at(const Point& point, scenario::Scenario scenario, const network::QuantisedNetwork& network,
                       const SearchSpace& space) const {
    result::Result result = *outcome_.tables.front().points[point.row].result;
    scenario.implementations.asic = node_of(space.budget, scenario.implementations.asic);
    result.implementations = scenario.implementations;
    price(result, *options_.tables);
    return activity_of(result, scenario, network, *options_.tables);
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
  ComparisonOutcome outcome_;
};

}  // namespace

double cost_of(const result::Result& result, Minimise minimise) {
  const double microjoules = result.energy ? result::microjoules(result.energy->total) : 0;
  return FrameCost{result.cycles.mean, microjoules}.of(minimise);
}

std::string ComparedTable::within() const {
  if (!search) return "";
  const std::string budget = text(search->budget);
  return search->minimise == Minimise::cycles ? budget : fmt::format("{}, {}", budget, best_text(search->minimise));
}

std::string ComparedTable::equal() const {
  if (!search) return "equal shape";
  return at_own_clock() ? "equal area" : "equal device";
}

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
