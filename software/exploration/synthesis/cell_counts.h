#pragma once

#include <string>

#include "software/exploration/synthesis/synthesise.h"

namespace lutra::exploration {

// The cells of what Yosys' `stat -json` says. Throws Error where it says something else.
SynthesisedCells count_cells(const std::string& statistics, bool on_fpga);

}  // namespace lutra::exploration
