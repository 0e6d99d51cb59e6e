#pragma once

#include <cstdint>
#include <string>

#include "software/network/shape.h"

namespace lutra::network {

// What a picture's header says.
struct PictureHead {
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool has_colour = false;
};

// Throws Error naming the place, both sizes and the way out unless a picture of this head is one of that shape: the
// same size, and no colour where there is one channel. Of three channels, a grey picture has three equal ones.
void require_fit(const PictureHead& head, const Shape& shape, const std::string& place);

}  // namespace lutra::network
