#include "software/network/data/pictures/png.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "software/common/error.h"
#include "software/network/data/big_endian.h"
#include "software/network/data/pictures/picture_head.h"

namespace lutra::network {

namespace {

// PNG (ISO/IEC 15948): eight bytes, then chunks of length, type, data and CRC; the first is IHDR, the last IEND.
constexpr std::array<std::uint8_t, 8> png_signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t chunk_frame_bytes = 12;
constexpr std::size_t png_header_bytes = 13;

using PngImage = std::unique_ptr<png_image, decltype(&png_image_free)>;

[[noreturn]] void fail_damaged(const std::string& place, const std::string& why) {
  throw Error(fmt::format("{}: cannot be read as a PNG picture: {}", place, why));
}

// The chunks that pixels come from. Others may hold a gamma, a profile or packed texts, and none of that is wanted.
std::vector<std::uint8_t> pixel_chunks(std::span<const std::uint8_t> bytes, const std::string& place) {
  std::vector<std::uint8_t> result(png_signature.begin(), png_signature.end());
  for (std::size_t at = png_signature.size();;) {
    if (bytes.size() - at < chunk_frame_bytes) fail_damaged(place, "it is cut off");
    const std::size_t length = big_endian(bytes, at);
    if (length > bytes.size() - at - chunk_frame_bytes) fail_damaged(place, "it is cut off");
    const std::span<const std::uint8_t> chunk = bytes.subspan(at, chunk_frame_bytes + length);
    const std::string_view type(reinterpret_cast<const char*>(chunk.data()) + 4, 4);
    const bool is_critical = type[0] >= 'A' && type[0] <= 'Z';
    if (is_critical || type == "tRNS") result.insert(result.end(), chunk.begin(), chunk.end());
    if (type == "IEND") return result;
    at += chunk.size();
  }
}

PictureHead read_head(std::span<const std::uint8_t> chunks, const std::string& place) {
  constexpr std::size_t data = png_signature.size() + 8;
  constexpr std::uint8_t colour_bit = 2;
  if (chunks.size() < data + png_header_bytes || big_endian(chunks, data - 8) != png_header_bytes ||
      !std::ranges::equal(chunks.subspan(data - 4, 4), std::string_view("IHDR")))
    fail_damaged(place, "it does not begin with a header");
  if (chunks[data + 8] == 16)
    throw Error(fmt::format(
        "{}: has samples of 16 bits, and at most 8 are read; convert it, as `mogrify -depth 8 FILE`", place));
  return {big_endian(chunks, data), big_endian(chunks, data + 4), (chunks[data + 9] & colour_bit) != 0};
}

// Without the last of the channels, which must be opaque everywhere.
std::vector<std::uint8_t> without_alpha(const std::vector<std::uint8_t>& pixels, std::size_t channels,
                                        const std::string& place) {
  std::vector<std::uint8_t> result;
  result.reserve(pixels.size() / (channels + 1) * channels);
  for (auto pixel = pixels.begin(); pixel != pixels.end(); pixel += static_cast<std::ptrdiff_t>(channels + 1)) {
    const auto alpha = pixel + static_cast<std::ptrdiff_t>(channels);
    if (*alpha != 0xFF)
      throw Error(
          fmt::format("{}: has pixels that are not opaque; put it on a background first, as `mogrify -background black "
                      "-alpha remove -alpha off FILE`",
                      place));
    result.insert(result.end(), pixel, alpha);
  }
  return result;
}

}  // namespace

bool is_png(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= png_signature.size() && std::ranges::equal(bytes.first(png_signature.size()), png_signature);
}

std::vector<std::uint8_t> read_png(std::span<const std::uint8_t> bytes, const std::string& place, const Shape& shape) {
  if (!is_png(bytes)) fail_damaged(place, "it does not begin as one");
  const std::vector<std::uint8_t> chunks = pixel_chunks(bytes, place);
  require_fit(read_head(chunks, place), shape, place);
  png_image state{};
  state.version = PNG_IMAGE_VERSION;
  const PngImage image(&state, png_image_free);
  if (png_image_begin_read_from_memory(&state, chunks.data(), chunks.size()) == 0) fail_damaged(place, state.message);
  const bool has_alpha = (state.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  state.format = (shape.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB) | (has_alpha ? PNG_FORMAT_FLAG_ALPHA : 0U);
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(state));
  if (png_image_finish_read(&state, nullptr, pixels.data(), 0, nullptr) == 0) fail_damaged(place, state.message);
  return has_alpha ? without_alpha(pixels, static_cast<std::size_t>(shape.channels), place) : pixels;
}

}  // namespace lutra::network
