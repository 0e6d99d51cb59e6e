#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "software/costs/devices.h"

namespace lutra::costs {

// The cost tables of a run, read and checked once and handed down as a value.
struct Tables {
  std::vector<Device> devices;
  std::string digest;  // SHA-256 of what the user's folder holds; empty: the program's own tables only
};

// Those the program carries.
Tables carried_tables();

// Those of `folder` laid before the carried ones. The folder holds `devices.yaml` and no other table: a family or
// device of a known name replaces the carried one, others are added, and devices may be of a carried family. Their
// figures name the table "user:devices@" and the first eight digits of its SHA-256. Throws Error naming file and line.
Tables tables_before(const std::filesystem::path& folder);

// Throws Error naming the known devices.
const Device& find_device(const Tables& tables, const std::string& name);

}  // namespace lutra::costs
