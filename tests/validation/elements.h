#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/synthesised.h"
#include "tests/validation/report.h"

namespace lutra::validation {

// Formula against synthesis, of the elements of one kind in the fabric of one device family.
struct ElementErrors {
  Errors lut, ff;
  double least_printed = 1e9, most_printed = 0;  // the uncertainty a result prints with the LUTs, percent
  int beyond_printed = 0;                        // points further apart than it says
};

// "family, variant" of an element or an array.
std::string kind_of(const test::SynthesisRow& row);

// Tables by family.
using Tables = std::vector<std::pair<std::string, std::filesystem::path>>;

// By kind and device family.
std::map<std::pair<std::string, std::string>, ElementErrors> element_errors(const Tables& tables);

}  // namespace lutra::validation
