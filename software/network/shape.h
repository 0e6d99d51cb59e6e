#pragma once

#include <cstdint>

namespace lutra::network {

// One image's tensor; a vector of n is {n, 1, 1}. The batch dimension is always one and never stored.
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  bool operator==(const Shape&) const = default;
};

// A sliding window over height and width.
struct Window {
  int height = 1;
  int width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  int pad_top = 0;
  int pad_left = 0;
  int pad_bottom = 0;
  int pad_right = 0;

  // Output extent along each axis for an input of `in`; zero where the window does not fit.
  int output_height(int in) const {
    return positions(in + pad_top + pad_bottom - dilation_y * (height - 1) - 1, stride_y);
  }
  int output_width(int in) const {
    return positions(in + pad_left + pad_right - dilation_x * (width - 1) - 1, stride_x);
  }
  static int positions(int room, int stride) { return room < 0 ? 0 : room / stride + 1; }
  bool operator==(const Window&) const = default;
};

}  // namespace lutra::network
