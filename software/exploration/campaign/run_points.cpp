#include "software/exploration/campaign/run_points.h"

#include <algorithm>
#include <map>

#include "software/common/error.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/campaign/point_key.h"
#include "software/exploration/point/flow.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

namespace {

// Points to run that have one network.
struct Group {
  std::string network_key;
  std::string origin;
  std::vector<std::size_t> points;
  std::size_t started = 0;                 // of the points
  std::optional<MeasuredNetwork> network;  // from when it is known until the last point has it
};

class Runner {
 public:
  Runner(const Points& points, const Stores* stores, const PointsOptions& options)
      : points_(points), stores_(stores), options_(options) {}

  PointsOutcome run() {
    outcome_.points.resize(points_.count);
    find_work();
    options_.inputs->seal();
    report();
    ChildTasks tasks;
    tasks.next = [&] { return next(); };
    tasks.work = [&](std::size_t task) { return work(tasks_[task]); };
    tasks.finished = [&](std::size_t task, const ChildAnswer& answer) { finish(tasks_[task], answer); };
    tasks.seconds = options_.point_seconds;
    outcome_.interrupted = !run_in_children(tasks, options_.jobs);
    return std::move(outcome_);
  }

 private:
  struct Task {
    std::size_t group;
    std::optional<std::size_t> point;  // absent: the network
  };

  void find_work() {
    std::map<std::string, std::size_t> group_of;  // by network key
    for (std::size_t i = 0; i < points_.count; ++i) {
      PointOutcome& point = outcome_.points[i];
      try {
        const PointKey key = make_point_key(points_.variant(i), options_.float_accuracy, options_.program,
                                            *options_.tables, *options_.inputs);
        point.key = key.point;
        const auto [same, is_first] = same_.try_emplace(key.point);
        same->second.push_back(i);
        if (!is_first) continue;
        if (stores_ && stores_->points.has(key.point)) {
          ++outcome_.stored;
          continue;
        }
        const auto [group, is_new] = group_of.emplace(key.network, groups_.size());
        if (is_new) groups_.push_back({key.network, key.origin, {}, 0, {}});
        groups_[group->second].points.push_back(i);
        ++to_run_;
      } catch (const Error& error) {
        point.error = error.what();
      }
    }
  }

  // Points of networks that are known come before the next network: few networks are held at a time.
  std::optional<std::size_t> next() {
    for (std::size_t i = first_open_; i < next_group_; ++i) {
      Group& group = groups_[i];
      if (group.started == group.points.size()) {
        group.network.reset();
        if (i == first_open_) ++first_open_;
      } else if (group.network) {
        return add({i, group.points[group.started++]});
      }
    }
    if (next_group_ == groups_.size()) return std::nullopt;
    Group& group = groups_[next_group_++];
    if (stores_) group.network = stores_->networks.load(group.network_key);
    if (group.network) return add({next_group_ - 1, group.points[group.started++]});
    return add({next_group_ - 1, std::nullopt});
  }

  std::size_t add(const Task& task) {
    tasks_.push_back(task);
    return tasks_.size() - 1;
  }

  // In a process of its own.
  std::string work(const Task& task) const {
    const Group& group = groups_[task.group];
    FlowOptions flow;
    flow.tables = options_.tables;
    flow.float_accuracy = options_.float_accuracy;
    const std::size_t at_once = std::min(options_.jobs, task.point ? to_run_ : groups_.size());
    flow.jobs = static_cast<int>(std::max<std::size_t>(options_.threads / std::max<std::size_t>(at_once, 1), 1));
    const scenario::Scenario scenario = points_.variant(task.point.value_or(group.points.front())).scenario;
    if (!task.point) return to_text(measure_network(scenario, *options_.inputs, flow));
    flow.measured = &*group.network;
    return result::to_json(run_scenario(scenario, *options_.inputs, flow).result);
  }

  void finish(const Task& task, const ChildAnswer& answer) {
    Group& group = groups_[task.group];
    if (!task.point) {
      if (answer.failed) {
        group.started = group.points.size();
        for (const std::size_t point : group.points) fail(point, answer.text);
        return;
      }
      group.network = measured_from_text(answer.text, "network of a process");
      if (stores_) stores_->networks.save(group.network_key, *group.network, group.origin);
      return;
    }
    if (answer.failed) {
      fail(*task.point, answer.text);
      return;
    }
    const std::string& key = outcome_.points[*task.point].key;
    if (stores_)
      stores_->points.save(key, answer.text, group.origin);
    else
      for (const std::size_t point : same_.at(key)) outcome_.points[point].json = answer.text;
    count();
  }

  void fail(std::size_t point, const std::string& error) {
    for (const std::size_t same : same_.at(outcome_.points[point].key)) outcome_.points[same].error = error;
    count();
  }

  void count() {
    ++outcome_.ran;
    report();
  }

  void report() const {
    if (options_.progress) options_.progress(outcome_.ran, to_run_);
  }

  const Points& points_;
  const Stores* stores_;
  const PointsOptions& options_;
  PointsOutcome outcome_;
  std::map<std::string, std::vector<std::size_t>> same_;  // points of one key: two may be one scenario
  std::vector<Group> groups_;
  std::size_t first_open_ = 0;  // all points of the groups before it have begun
  std::size_t next_group_ = 0;  // whose network is not asked for yet
  std::size_t to_run_ = 0;
  std::vector<Task> tasks_;
};

}  // namespace

std::optional<int> read_point_seconds(const YamlMapping& keys) {
  if (!keys.has("point_seconds")) return std::nullopt;
  return static_cast<int>(keys.at("point_seconds").integer(1, most_point_seconds));
}

PointsOutcome run_points(const Points& points, const Stores* stores, const PointsOptions& options) {
  return Runner(points, stores, options).run();
}

}  // namespace lutra::exploration
