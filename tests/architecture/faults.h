#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

namespace lutra::test {

using Faults = std::vector<std::string>;

// One fault a line.
inline std::string lines(const Faults& faults) { return fmt::format("{}", fmt::join(faults, "\n")); }

}  // namespace lutra::test
