#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "software/costs/devices.h"
#include "software/costs/published_software.h"
#include "software/costs/soc_structure.h"
#include "software/costs/targets.h"

namespace lutra::costs {

// Every cost table, read and checked once and handed down.
struct Tables {
  std::vector<Device> devices;
  std::vector<AsicTarget> targets;
  std::vector<SocBlock> soc_blocks;  // all there are; blocks_of() chooses
  PublishedSoftware published_software;
  std::string digest;  // SHA-256 of what the user's folder holds; empty: the program's own tables only

  std::vector<std::string> device_names() const;
  std::vector<std::string> nodes() const;
};

// Those the program carries.
const Tables& carried_tables();

// Those of `folder` laid before the carried ones, each a file `<id>.yaml`. Families, devices and nodes of a known name
// replace the carried ones, others are added; any other table replaces the carried one of its id. Throws Error naming
// file and line, and a file that nothing reads.
Tables tables_before(const std::filesystem::path& folder);

// What a design is priced on.
struct Implementations {
  std::string fpga = "zynq-7020";  // a device of the device table; empty: none
  int dsp_percent = 100;           // of the device's DSP blocks that arithmetic may take; the rest lies in the fabric
  std::string asic = "45nm";       // a node of the target list; empty: none

  bool operator==(const Implementations&) const = default;
};

// These throw Error naming the known ones.
const Device& find_device(const Tables& tables, const std::string& name);
const AsicTarget& find_target(const Tables& tables, const std::string& node);

// A device with at most this part of its DSP blocks for arithmetic.
Device usable_device(const Tables& tables, const std::string& name, int dsp_percent);

}  // namespace lutra::costs
