#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "software/common/yaml.h"
#include "software/result/figures.h"

namespace lutra::exploration {

// A figure that a Pareto front is about.
struct Goal {
  const result::Figure* figure;
  bool minimise;
};

// What a figure has to be. A figure that is a number lies between the limits; one that is a truth is `is`.
struct Constraint {
  const result::Figure* figure;
  std::optional<double> at_least;
  std::optional<double> at_most;
  bool is = true;
};

// What designs are compared by, and which of them are compared at all.
struct Objectives {
  std::vector<Goal> goals;  // empty: there is no front
  std::vector<Constraint> constraints;

  std::string text() const;  // "least cycles, most accuracy_percent; with fits, energy_uj at most 30"
};

// Reads the keys `pareto` and `constraints` (scenarios/README.md), those of them that the mapping has. Throws Error
// "file:line: ...".
Objectives read_objectives(const YamlMapping& keys);

// How a design stands among others.
struct Standing {
  std::optional<bool> on_front;  // absent: not compared, for one of its goals' figures is missing or `misses` says why
  std::string misses;            // the constraints it does not meet: "energy_uj 31.2 is above 30"
};

// `designs`: the values of all figures() of each, or none for a design that failed. No other design that is compared is
// better in one goal and as good in all others than one on the front.
std::vector<Standing> stand(const Objectives& objectives,
                            const std::vector<std::vector<nlohmann::ordered_json>>& designs);

// In a CSV cell as JSON writes it; empty where the design is not compared.
const char* front_mark(const Standing& standing);

// In a table for people: "*" on the front, "-" where it is not compared, or what it misses.
std::string front_cell(const Standing& standing);

// Below the table: the objectives, how many were left out of the comparison and why, how many on the front do not fit
// their device. Empty without goals.
std::string left_out_text(const Objectives& objectives, const std::vector<std::vector<nlohmann::ordered_json>>& designs,
                          const std::vector<Standing>& standings);

}  // namespace lutra::exploration
