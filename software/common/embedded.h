#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lutra {

// Files compiled into the program, by their path in the source tree ("models/cpu/timing/ibex.yaml") or, for generated
// ones, in the build tree ("firmware/runtime.elf").
std::optional<std::string_view> find_embedded(std::string_view path);

// The paths that start with `prefix`, sorted.
std::vector<std::string> list_embedded(std::string_view prefix);

}  // namespace lutra
