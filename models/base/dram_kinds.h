#pragma once

#include <string>
#include <vector>

namespace lutra::models {

// The kinds of DRAM: the stems of `models/dram/timing/*.yaml`, as embedded in the program.
std::vector<std::string> dram_kinds();

}  // namespace lutra::models
