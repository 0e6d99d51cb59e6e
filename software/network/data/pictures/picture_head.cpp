#include "software/network/data/pictures/picture_head.h"

#include <fmt/format.h>

#include "software/common/error.h"

namespace lutra::network {

void require_fit(const PictureHead& head, const Shape& shape, const std::string& place) {
  if (head.width != shape.width || head.height != shape.height)
    throw Error(
        fmt::format("{}: has {} x {} pixels (width, height), and {} x {} are wanted; scale the pictures first, as "
                    "`mogrify -resize {}x{}! FILES`",
                    place, head.width, head.height, shape.width, shape.height, shape.width, shape.height));
  if (head.has_colour && shape.channels == 1)
    throw Error(
        fmt::format("{}: is a colour picture, and one channel is wanted; make the pictures grey first, as "
                    "`mogrify -colorspace Gray FILES`",
                    place));
}

}  // namespace lutra::network
