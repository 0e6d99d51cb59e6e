#include "software/network/limits.h"

#include <fmt/format.h>

#include <limits>

#include "software/common/error.h"

namespace lutra::network {

std::int64_t saturating_product(std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  bool overflow = false;
  for (const std::int64_t factor : factors) {
    if (factor == 0) return 0;
    overflow = overflow || __builtin_mul_overflow(product, factor, &product);
  }
  return overflow ? std::numeric_limits<std::int64_t>::max() : product;
}

std::string to_string(const Shape& shape) { return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width); }

void check_shape(const Shape& shape, const std::string& place) {
  for (const int extent : {shape.channels, shape.height, shape.width})
    if (extent < 1 || extent > max_dimension)
      throw Error(
          fmt::format("{}: a tensor of {} (channels x height x width) is not possible: every extent must be in 1..{}",
                      place, to_string(shape), max_dimension));
  if (saturating_product({shape.channels, shape.height, shape.width}) > max_elements)
    throw Error(fmt::format("{}: a tensor of {} has more than the {} elements that are accepted", place,
                            to_string(shape), max_elements));
}

void check_window(const Window& window, const Shape& input, const std::string& place) {
  for (const int side :
       {window.height, window.width, window.stride_y, window.stride_x, window.dilation_y, window.dilation_x})
    if (side < 1 || side > max_window_side)
      throw Error(
          fmt::format("{}: window, strides and dilations must be in 1..{}, not {}", place, max_window_side, side));
  for (const int pad : {window.pad_top, window.pad_left, window.pad_bottom, window.pad_right})
    if (pad < 0 || pad > max_window_side)
      throw Error(fmt::format("{}: padding must be in 0..{}, not {}", place, max_window_side, pad));
  if (window.output_height(input.height) < 1 || window.output_width(input.width) < 1)
    throw Error(fmt::format("{}: a {}x{} window (dilation {}x{}, padding {},{},{},{}) does not fit into {}", place,
                            window.height, window.width, window.dilation_y, window.dilation_x, window.pad_top,
                            window.pad_left, window.pad_bottom, window.pad_right, to_string(input)));
}

}  // namespace lutra::network
