#include "software/network/data/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <limits>
#include <memory>

#include "software/common/error.h"

namespace lutra::network {

std::vector<std::uint8_t> decompress(std::vector<std::uint8_t> bytes, const std::string& place,
                                     std::size_t limit_bytes) {
  if (bytes.size() < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B) return bytes;
  if (bytes.size() > std::numeric_limits<uInt>::max())
    throw Error(fmt::format("{}: a gzip file of {} bytes is too large", place, bytes.size()));
  z_stream stream{};
  constexpr int gzip_with_largest_window = 16 + MAX_WBITS;
  if (inflateInit2(&stream, gzip_with_largest_window) != Z_OK)
    throw Error(fmt::format("{}: cannot be decompressed: zlib does not start", place));
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> closer(&stream, inflateEnd);
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());

  std::vector<std::uint8_t> content;
  std::array<std::uint8_t, 65536> block;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = block.data();
    stream.avail_out = static_cast<uInt>(block.size());
    status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t written = block.size() - stream.avail_out;
    if (content.size() + written > limit_bytes)
      throw Error(fmt::format("{}: decompresses to more than the {} bytes that are accepted", place, limit_bytes));
    content.insert(content.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(written));
  }
  if (status == Z_BUF_ERROR) throw Error(fmt::format("{}: is cut off in the middle of its gzip data", place));
  if (status != Z_STREAM_END)
    throw Error(fmt::format("{}: its gzip data are damaged ({})", place, stream.msg ? stream.msg : zError(status)));
  if (stream.avail_in != 0)
    throw Error(fmt::format("{}: has {} bytes after the end of its gzip data", place, stream.avail_in));
  return content;
}

}  // namespace lutra::network
