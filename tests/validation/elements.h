#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/validation/report.h"

namespace lutra::validation {

// Formula against synthesis, of the elements of one kind in the fabric of one kind of device.
struct ElementErrors {
  Errors lut, ff;
  double least_printed = 1e9, most_printed = 0;  // the uncertainty a result prints with the LUTs, percent
  int beyond_printed = 0;                        // points further apart than it says
};

// Tables by family.
using Tables = std::vector<std::pair<std::string, std::filesystem::path>>;

// By "family, variant" and what the device is made of.
std::map<std::pair<std::string, std::string>, ElementErrors> element_errors(const Tables& tables);

}  // namespace lutra::validation
