#include "software/network/data/pictures/jpeg.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <memory>

#include "software/common/error.h"
#include "software/network/data/pictures/picture_head.h"

namespace lutra::network {

bool is_jpeg(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

std::vector<std::uint8_t> read_jpeg(std::span<const std::uint8_t> bytes, const std::string& place, const Shape& shape) {
  const std::unique_ptr<void, decltype(&tjDestroy)> decoder(tjInitDecompress(), tjDestroy);
  const auto require = [&](bool is_well) {
    if (!is_well)
      throw Error(fmt::format("{}: cannot be read as a JPEG picture: {}", place, tjGetErrorStr2(decoder.get())));
  };
  require(decoder != nullptr);
  int width = 0, height = 0, subsampling = 0, colours = 0;
  require(tjDecompressHeader3(decoder.get(), bytes.data(), bytes.size(), &width, &height, &subsampling, &colours) == 0);
  if (width == 0)  // which libjpeg-turbo takes for a file of tables
    throw Error(fmt::format("{}: cannot be read as a JPEG picture: it is cut off", place));
  if (colours == TJCS_CMYK || colours == TJCS_YCCK)
    throw Error(fmt::format("{}: is a CMYK picture; convert it, as `mogrify -colorspace sRGB FILE`", place));
  require_fit({width, height, colours != TJCS_GRAY}, shape, place);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(shape.elements()));
  constexpr int exact_and_strict = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  require(tjDecompress2(decoder.get(), bytes.data(), bytes.size(), pixels.data(), width, 0, height,
                        shape.channels == 1 ? TJPF_GRAY : TJPF_RGB, exact_and_strict) == 0);
  return pixels;
}

}  // namespace lutra::network
