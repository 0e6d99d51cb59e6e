#pragma once

#include <string>
#include <vector>

#include "software/training/core/epoch_figures.h"

namespace lutra::training {

struct LogRow {
  int phase = 1;
  std::string title;  // of the phase
  EpochFigures figures;
};

// Accuracies in percent; empty (null) where not measured.
std::string to_csv(const std::vector<LogRow>& rows);
std::string to_json(const std::vector<LogRow>& rows);

}  // namespace lutra::training
