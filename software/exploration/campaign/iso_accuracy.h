#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "software/exploration/campaign/compare_run.h"

namespace lutra::exploration {

// Points of accuracy below the float network's that rows may lose to be compared at equal accuracy.
inline constexpr std::array accepted_losses = {0.5, 1.0};

// Points below the float network's accuracy; negative above it. Empty where that is not known.
std::optional<double> loss_points(const result::Result& result);

// The rows of a table that lose at most so much, best first; equals stand in the table's order.
struct WithinLoss {
  double points = 0;
  std::vector<std::size_t> by_cycles;
  std::vector<std::size_t> by_energy;  // those whose energy is known
};

// One for each accepted loss.
std::vector<WithinLoss> within_losses(const ComparedTable& table);

// The row's place, from 1; empty where the row is not in the list.
std::optional<std::size_t> place_in(const std::vector<std::size_t>& rows, std::size_t row);

// Every table's rows within the largest accepted loss with their places, and the best of each loss by name. For a
// terminal; `markdown`: for a README. Empty where no row's loss is known.
std::string iso_accuracy_text(const Comparison& comparison, const ComparisonOutcome& outcome, bool markdown);

}  // namespace lutra::exploration
