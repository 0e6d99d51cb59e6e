#pragma once

#include <cstdint>
#include <string>

namespace lutra::network::given {

// What is done where no multiplier, bias and shift do what a file that comes quantised says.
enum class Inexact { refuse, nearest };

// An operation whose codes are not always those of the file.
struct Difference {
  std::string node;
  std::int64_t different = 0;  // of so many sums or pairs of codes that can occur
  std::int64_t possible = 0;
};

}  // namespace lutra::network::given
