#pragma once

#include "software/network/data/own/array.h"
#include "software/network/shape.h"

namespace lutra::network {

// An array as images.
struct Examples {
  Array array;
  Shape shape;
  Layout layout = Layout::nchw;
  double scale = 1;
  double zero_point = 0;

  std::size_t count() const { return array.size() / static_cast<std::size_t>(shape.elements()); }
  // Where the number `planar` (of an image in the order channel, row, column) stands in the array.
  std::size_t index(std::size_t image, std::size_t planar) const;
  // What it stands for, as a float32. Throws Error naming file, image and number where that is not finite.
  float value(std::size_t image, std::size_t planar) const;
};

// Of [N,C,H,W], of [N,H,W,C] with that layout, of [N,H,W] and of [N,F], or of anything with a shape that is given.
// Throws Error naming the file and the way out.
Examples make_examples(Array array, const OwnData& data);

}  // namespace lutra::network
