#pragma once

#include <map>
#include <string>

#include "tests/validation/report.h"

namespace lutra::validation {

// Price against netlist, on layers of trained networks, by family; and the uncertainty the prices carry.
struct LayerErrors {
  Errors layers;
  double printed = 1e9;  // the least
  int unmeasured = 0;    // netlists on which no layer was run
};
std::map<std::string, LayerErrors> layer_errors();

}  // namespace lutra::validation
