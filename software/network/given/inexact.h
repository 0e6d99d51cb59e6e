#pragma once

namespace lutra::network::given {

// What is done where no multiplier, bias and shift do what a file that comes quantised says.
enum class Inexact { refuse, nearest };

}  // namespace lutra::network::given
