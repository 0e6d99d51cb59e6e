#include "software/exploration/campaign/objectives.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "software/exploration/campaign/pareto.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;

constexpr double infinity = std::numeric_limits<double>::max();
constexpr const char* fit = "fits";

std::size_t index_of(const result::Figure& figure) {
  return static_cast<std::size_t>(&figure - result::figures().data());
}

std::vector<Goal> read_goals(const YamlReader& reader) {
  std::vector<Goal> goals;
  const YamlMapping keys = reader.mapping({"minimise", "maximise"});
  const auto read = [&](const char* direction, bool minimise) {
    if (!keys.has(direction)) return;
    for (const YamlReader& item : keys.at(direction).items()) {
      const auto names = result::orderable_figures();
      const result::Figure& figure = result::find_figure(names[item.choice(names)]);
      for (const Goal& goal : goals)
        if (goal.figure == &figure) item.fail(fmt::format("'{}' is given twice", figure.name));
      goals.push_back({&figure, minimise});
    }
  };
  read("minimise", true);
  read("maximise", false);
  if (goals.empty()) reader.fail("gives no columns; name some under 'minimise' or 'maximise'");
  return goals;
}

Constraint read_constraint(const result::Figure& figure, const YamlReader& reader) {
  Constraint constraint{&figure, {}, {}};
  if (!figure.orderable) {
    constraint.is = reader.boolean();
    return constraint;
  }
  const YamlMapping limits = reader.mapping({"at_least", "at_most"});
  if (limits.has("at_least")) constraint.at_least = limits.at("at_least").number(-infinity, infinity);
  if (limits.has("at_most")) constraint.at_most = limits.at("at_most").number(-infinity, infinity);
  if (!constraint.at_least && !constraint.at_most)
    reader.fail("gives no limit: {at_least: NUMBER} or {at_most: NUMBER}");
  if (constraint.at_least && constraint.at_most && *constraint.at_least > *constraint.at_most)
    reader.fail(fmt::format("no figure is at least {} and at most {}", *constraint.at_least, *constraint.at_most));
  return constraint;
}

std::vector<Constraint> read_constraints(const YamlReader& reader) {
  std::vector<std::string> names = result::orderable_figures();
  names.emplace_back(fit);
  const YamlMapping keys = reader.mapping(names);
  std::vector<Constraint> constraints;
  for (const std::string& name : names)
    if (keys.has(name)) constraints.push_back(read_constraint(result::find_figure(name), keys.at(name)));
  if (constraints.empty()) reader.fail("gives no figures");
  return constraints;
}

std::string text_of(const Constraint& constraint) {
  if (!constraint.figure->orderable)
    return constraint.is ? constraint.figure->name : fmt::format("not {}", constraint.figure->name);
  std::string text = constraint.figure->name;
  if (constraint.at_least) text += fmt::format(" at least {}", *constraint.at_least);
  if (constraint.at_most) text += fmt::format("{} at most {}", constraint.at_least ? " and" : "", *constraint.at_most);
  return text;
}

// Empty where the constraint is met.
std::string miss(const Constraint& constraint, const Json& value) {
  const char* name = constraint.figure->name;
  if (value.is_null()) return fmt::format("{} is not known", name);
  if (value.is_boolean())
    return value.get<bool>() == constraint.is ? "" : fmt::format("{} is {}", name, result::figure_text(value));
  const auto number = value.get<double>();
  if (constraint.at_least && number < *constraint.at_least)
    return fmt::format("{} {} is below {}", name, result::figure_text(value), *constraint.at_least);
  if (constraint.at_most && number > *constraint.at_most)
    return fmt::format("{} {} is above {}", name, result::figure_text(value), *constraint.at_most);
  return "";
}

std::string misses(const std::vector<Constraint>& constraints, const std::vector<Json>& figures) {
  std::vector<std::string> found;
  for (const Constraint& constraint : constraints)
    if (std::string text = miss(constraint, figures[index_of(*constraint.figure)]); !text.empty())
      found.push_back(std::move(text));
  return fmt::format("{}", fmt::join(found, "; "));
}

// Smaller is better; nothing where a figure is missing.
std::optional<std::vector<double>> values_of(const std::vector<Goal>& goals, const std::vector<Json>& figures) {
  std::vector<double> values;
  for (const Goal& goal : goals) {
    const Json& value = figures[index_of(*goal.figure)];
    if (value.is_null()) return std::nullopt;
    values.push_back(goal.minimise ? value.get<double>() : -value.get<double>());
  }
  return values;
}

}  // namespace

std::string Objectives::text() const {
  std::vector<std::string> parts, limits;
  for (const Goal& goal : goals)
    parts.push_back(fmt::format("{} {}", goal.minimise ? "least" : "most", goal.figure->name));
  for (const Constraint& constraint : constraints) limits.push_back(text_of(constraint));
  return fmt::format("{}{}{}", fmt::join(parts, ", "), parts.empty() || limits.empty() ? "" : "; with ",
                     fmt::join(limits, ", "));
}

Objectives read_objectives(const YamlMapping& keys) {
  Objectives objectives;
  if (keys.has("pareto")) objectives.goals = read_goals(keys.at("pareto"));
  if (keys.has("constraints")) objectives.constraints = read_constraints(keys.at("constraints"));
  return objectives;
}

std::vector<Standing> stand(const Objectives& objectives, const std::vector<std::vector<Json>>& designs) {
  std::vector<Standing> standings(designs.size());
  std::vector<std::vector<double>> compared;
  std::vector<std::size_t> owners;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    if (designs[i].empty()) continue;
    standings[i].misses = misses(objectives.constraints, designs[i]);
    if (objectives.goals.empty() || !standings[i].misses.empty()) continue;
    if (auto values = values_of(objectives.goals, designs[i])) {
      compared.push_back(std::move(*values));
      owners.push_back(i);
    }
  }
  const std::vector<bool> front = pareto_front(compared);
  for (std::size_t i = 0; i < owners.size(); ++i) standings[owners[i]].on_front = front[i];
  return standings;
}

const char* front_mark(const Standing& standing) {
  return standing.on_front ? (*standing.on_front ? "true" : "false") : "";
}

std::string front_cell(const Standing& standing) {
  if (!standing.misses.empty()) return standing.misses;
  return standing.on_front ? (*standing.on_front ? "*" : "") : "-";
}

std::string left_out_text(const Objectives& objectives, const std::vector<std::vector<Json>>& designs,
                          const std::vector<Standing>& standings) {
  if (objectives.goals.empty()) return "";
  std::size_t missing = 0, outside = 0, too_large = 0;
  const std::size_t fits = index_of(result::find_figure(fit));
  for (std::size_t i = 0; i < designs.size(); ++i) {
    if (designs[i].empty()) continue;
    outside += standings[i].misses.empty() ? 0 : 1;
    missing += standings[i].misses.empty() && !standings[i].on_front ? 1 : 0;
    too_large += standings[i].on_front.value_or(false) && designs[i][fits] == false ? 1 : 0;
  }
  std::string text;
  if (outside > 0) text += fmt::format("not compared, for they do not meet the constraints: {}\n", outside);
  if (missing > 0) text += fmt::format("not compared, for a goal's figure is not known: {}\n", missing);
  if (too_large > 0)
    text += fmt::format("on the front, but not in the device: {} ('constraints: {{fits: true}}' leaves them out)\n",
                        too_large);
  return text;
}

}  // namespace lutra::exploration
