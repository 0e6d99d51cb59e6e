#pragma once

#include <vector>

namespace lutra::exploration {

// Which of these points no other point beats: is nowhere larger and somewhere smaller. Smaller is better in every
// column; negate what is to be large. Points that are equal in every column stand or fall together. All points have the
// same number of columns, and no value is NaN.
std::vector<bool> pareto_front(const std::vector<std::vector<double>>& points);

}  // namespace lutra::exploration
