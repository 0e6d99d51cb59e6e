#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/exploration/campaign/run_points.h"
#include "software/exploration/campaign/sweep.h"
#include "software/scenario/settings.h"

namespace lutra::exploration {

namespace {

// Keys that change together: one entry per step, each a value for every key.
using Axis = std::vector<scenario::Overrides>;

class SweepReader {
 public:
  SweepReader(const YamlDocument& document, Sweep& sweep, const costs::Tables& tables)
      : reader_(document), sweep_(sweep), tables_(tables) {}

  void read() {
    const YamlMapping keys = reader_.mapping({"name", "description", "base", "set", "axes", "zip", "points", "pareto",
                                              "constraints", "float_accuracy", "point_seconds"});
    sweep_.name = keys.at("name").text();
    keys.read("description", sweep_.description);
    keys.read("float_accuracy", sweep_.float_accuracy);
    sweep_.point_seconds = read_point_seconds(keys);
    sweep_.objectives = read_objectives(keys);
    sweep_.base = scenario::read_base(keys.at("base"), sweep_.file, tables_);
    const scenario::Overrides common =
        keys.has("set") ? scenario::read_settings(keys.at("set"), sweep_.file) : scenario::Overrides{};
    std::vector<Axis> axes;
    if (keys.has("axes"))
      for (const auto& [key, values] : keys.at("axes").entries()) axes.push_back(read_axis(key, values));
    if (keys.has("zip"))
      for (const YamlReader& group : keys.at("zip").items()) axes.push_back(read_zip(group));
    if (!axes.empty()) add_grid(common, axes);
    if (keys.has("points"))
      for (const YamlReader& point : keys.at("points").items()) {
        scenario::Overrides overrides = common;
        for (auto& override : scenario::read_settings(point, sweep_.file)) overrides.push_back(std::move(override));
        check(overrides);
        add(std::move(overrides));
      }
    if (sweep_.points.empty()) reader_.fail("there are no points; give 'axes', 'zip' or 'points'");
    const std::size_t constant = common.size();
    for (const scenario::Overrides& point : sweep_.points)
      for (std::size_t i = constant; i < point.size(); ++i) add_key(point[i]->key());
  }

 private:
  std::shared_ptr<const scenario::Override> make(const std::string& key, const YamlReader& value) const {
    return std::make_shared<const scenario::Override>(scenario::Override{
        scenario::parse_key_path(key, value.place()), value.value(), sweep_.file, value.value().line});
  }

  Axis read_axis(const std::string& key, const YamlReader& values) const {
    Axis axis;
    for (const YamlReader& value : values.items()) axis.push_back({make(key, value)});
    if (axis.empty()) values.fail("the list is empty; give the values that this key takes");
    return axis;
  }

  Axis read_zip(const YamlReader& group) const {
    Axis axis;
    std::string first;
    for (const auto& [key, values] : group.entries()) {
      const Axis steps = read_axis(key, values);
      if (first.empty()) {
        first = key;
        axis = steps;
        continue;
      }
      if (steps.size() != axis.size())
        values.fail(fmt::format("has {} values and '{}' has {}; keys that are zipped need equally many", steps.size(),
                                first, axis.size()));
      for (std::size_t i = 0; i < axis.size(); ++i) axis[i].push_back(steps[i].front());
    }
    if (axis.empty()) group.fail("is empty; give keys, each with a list of values");
    return axis;
  }

  void add_grid(const scenario::Overrides& common, const std::vector<Axis>& axes) {
    std::size_t count = 1;
    for (const Axis& axis : axes) {
      if (axis.size() > most_points / count)
        reader_.fail(fmt::format("the axes make more than the {} points that are accepted", most_points));
      count *= axis.size();
    }
    for (std::size_t index = 0; index < count; ++index) {
      scenario::Overrides overrides = common;
      std::size_t combinations = count, rest = index;
      for (const Axis& axis : axes) {
        combinations /= axis.size();
        const scenario::Overrides& step = axis[rest / combinations];
        rest %= combinations;
        overrides.insert(overrides.end(), step.begin(), step.end());
      }
      if (index == 0) check(overrides);  // all of the grid set the same keys
      add(std::move(overrides));
    }
  }

  void check(const scenario::Overrides& overrides) const {
    if (overrides.size() > most_keys)
      reader_.fail(fmt::format("a point sets {} keys; at most {} are accepted", overrides.size(), most_keys));
    for (std::size_t later = 0; later < overrides.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier) refuse_undoing(*overrides[earlier], *overrides[later]);
  }

  void add(scenario::Overrides overrides) {
    if (sweep_.points.size() == most_points)
      reader_.fail(fmt::format("there are more than the {} points that are accepted", most_points));
    sweep_.points.push_back(std::move(overrides));
  }

  static void refuse_undoing(const scenario::Override& earlier, const scenario::Override& later) {
    if (later.path.size() > earlier.path.size() ||
        !std::equal(later.path.begin(), later.path.end(), earlier.path.begin()))
      return;
    throw Error(fmt::format("{}:{}: {}: would undo '{}' of line {}; {}", later.file, later.line, later.key(),
                            earlier.key(), earlier.line,
                            earlier.path.size() == later.path.size() ? "give a key once" : "give the outer key first"));
  }

  void add_key(const std::string& key) {
    if (std::find(sweep_.keys.begin(), sweep_.keys.end(), key) != sweep_.keys.end()) return;
    if (sweep_.keys.size() == most_keys)
      reader_.fail(fmt::format("the points set more than the {} keys that are accepted", most_keys));
    sweep_.keys.push_back(key);
  }

  YamlReader reader_;
  Sweep& sweep_;
  const costs::Tables& tables_;
};

}  // namespace

Sweep parse_sweep(std::string_view text, const std::string& file, const costs::Tables& tables) {
  const YamlDocument document = parse_yaml(text, file);
  Sweep sweep;
  sweep.file = file;
  SweepReader(document, sweep, tables).read();
  return sweep;
}

Sweep load_sweep(const std::string& path, const costs::Tables& tables) {
  return parse_sweep(read_text_file(path), path, tables);
}

}  // namespace lutra::exploration
