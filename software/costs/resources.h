#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/structure.h"
#include "software/costs/devices.h"
#include "software/costs/soc_structure.h"

namespace lutra::costs {

struct ComponentCells {
  std::string component;
  Estimate lut, ff, dsp;
  Estimate block_kbits;
};

// What a design takes of an FPGA. Totals are rounded up to whole cells; RAM is counted in half blocks of 36 kbit, and
// in the device's own blocks.
struct FpgaResources {
  std::string device;
  std::vector<ComponentCells> components;
  long lut = 0;
  long ff = 0;
  long dsp = 0;
  long blocks = 0;
  double bram36 = 0;
  double lut_uncertainty_percent = 0;
  double ff_uncertainty_percent = 0;
  long multipliers_in_fabric = 0;  // that may take a DSP block and found none left
  double lut_used_percent = 0;     // of the device
  double ff_used_percent = 0;
  double dsp_used_percent = 0;
  double bram_used_percent = 0;
  bool fits = false;
  std::vector<Provenance> sources;
};

// Multipliers take DSP blocks as long as the device has some, widest products first; the rest lie in the fabric. An
// adder and a register of the same component follow their multipliers into the block.
FpgaResources pack(const accelerators::Structure& structure, const std::vector<SocBlock>& blocks, const Device& device);

}  // namespace lutra::costs
