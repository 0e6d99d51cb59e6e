#pragma once

#include <string>

#include "software/training/seeds/seed_runs.h"
#include "software/training/seeds/statistics.h"

namespace lutra::training {

inline constexpr double default_difference = 0.5;  // points, whose number of seeds is told

// Seed by seed, mean, deviation and the mean's interval of 95 % confidence.
std::string seed_report(const SeedRuns& runs);

// Two recipes over the seeds that both finished: both spreads, the paired difference (left less right) with its
// interval and p, what it says, and how many seeds would be needed to see `difference` points. Throws Error where no
// seed is common, or the test sets differ.
std::string seed_comparison(const SeedRuns& left, const SeedRuns& right, double difference);

// The same figures for programs. `right` null: of `left` alone.
std::string seed_json(const SeedRuns& left, const SeedRuns* right, double difference);

}  // namespace lutra::training
