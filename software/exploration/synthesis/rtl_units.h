#pragma once

#include <string>
#include <vector>

namespace lutra::exploration {

// A module of accelerators/FOLDER/rtl that can be synthesised alone, with the names of its parameters as declared.
struct RtlUnit {
  std::string name;
  std::string folder;
  std::vector<std::string> parameters;

  bool has(const std::string& parameter) const;
};

// Those that the program carries, by name: elements, whole arrays, their sequencer and the post-processor.
const std::vector<RtlUnit>& rtl_units();

// Null where there is none.
const RtlUnit* find_rtl_unit(const std::string& name);

}  // namespace lutra::exploration
