#pragma once

#include <string>

namespace lutra::exploration {

// What Yosys maps a unit to: on an FPGA LUTs of any size (those of distributed memory and shift registers included; a
// CCU2C is two), flip-flops, DSP blocks and block RAMs; with a Liberty file cells and their area.
struct SynthesisedCells {
  std::string tool;  // "Yosys 0.23"
  bool on_fpga = true;
  long lut = 0;
  long ff = 0;
  long dsp = 0;
  long bram = 0;
  long cells = 0;
  double um2 = 0;
  bool cached = false;
};

// The cells of what Yosys' `stat -json` says, or, beside a Liberty file, `stat -liberty`, whose JSON has no area.
// Throws Error where it says something else.
SynthesisedCells count_cells(const std::string& statistics, bool on_fpga);

}  // namespace lutra::exploration
