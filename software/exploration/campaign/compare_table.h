#pragma once

#include <string>

#include "software/exploration/campaign/compare_run.h"

namespace lutra::exploration {

// software/exploration/README.md documents the columns. CSV and JSON hold every figure of every row, in every table.
std::string to_csv(const Comparison& comparison, const ComparisonOutcome& outcome);
std::string to_json(const Comparison& comparison, const ComparisonOutcome& outcome);

// For a terminal; `markdown`: for a README.
std::string to_report(const Comparison& comparison, const ComparisonOutcome& outcome, bool markdown);

}  // namespace lutra::exploration
