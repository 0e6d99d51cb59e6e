#pragma once

#include <string>

#include "software/exploration/synthesis/synthesise.h"

namespace lutra::exploration {

// The cells of what Yosys' `stat -json` says, or, beside a Liberty file, `stat -liberty`, whose JSON has no area. Throws Error where it says something else.
SynthesisedCells count_cells(const std::string& statistics, bool on_fpga);

}  // namespace lutra::exploration
