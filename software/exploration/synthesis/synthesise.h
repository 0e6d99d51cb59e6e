#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "software/exploration/point/entry_folder.h"
#include "software/exploration/synthesis/cell_counts.h"
#include "software/exploration/synthesis/rtl_units.h"

namespace lutra::exploration {

// Names of the FPGA families that units are mapped to; a device family of the device table is one of them.
std::vector<std::string> synthesis_targets();

// What is synthesised: accelerators/array/synth/README.md.
struct SynthesisJob {
  RtlUnit unit;
  std::map<std::string, int> parameters;  // of the unit; others keep their defaults
  std::string target = "xilinx7";         // of synthesis_targets(), or the path of a Liberty file
  bool use_dsp = false;
};

// Reads `NAME=VALUE` with a name of the unit and a whole number. Throws Error naming the nearest parameter.
std::pair<std::string, int> parse_parameter(const RtlUnit& unit, const std::string& written);

// Runs the carried script. `cache`: where results are kept under the SHA-256 of RTL, script, parameters, target and the
// tool's version; null: nowhere. Throws Error where Yosys is absent or fails, with its own message.
SynthesisedCells synthesise(const SynthesisJob& job, const EntryFolder* cache);

}  // namespace lutra::exploration
