#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "software/network/shape.h"

namespace lutra::network {

// What Lutra accepts from a file, far above any edge network and far below what overflows an int or exhausts a machine.
inline constexpr int max_dimension = 1 << 20;
inline constexpr std::int64_t max_elements = std::int64_t{1} << 26;
inline constexpr int max_window_side = 1 << 12;                  // window, stride, dilation and padding, each
inline constexpr std::int64_t max_macs = std::int64_t{1} << 50;  // of one image

inline constexpr std::int64_t max_classes = 65536;  // of images of one's own

// The product, or INT64_MAX where it would not fit. The factors are not negative.
std::int64_t saturating_product(std::initializer_list<std::int64_t> factors);

// "16x32x32"
std::string to_string(const Shape& shape);

// Throws Error naming `place` unless every extent is within 1..max_dimension and the elements within max_elements.
void check_shape(const Shape& shape, const std::string& place);

// Throws Error naming `place` unless the window's fields are within 0..max_window_side (padding) or 1..max_window_side
// (all others) and the window fits into an input of that shape at least once.
void check_window(const Window& window, const Shape& input, const std::string& place);

}  // namespace lutra::network
