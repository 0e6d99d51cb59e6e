#include "software/network/data/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <limits>

#include "software/common/error.h"

namespace lutra::network {

bool is_gzip(std::span<const std::uint8_t> bytes) { return bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B; }

namespace {

class Inflater {
 public:
  Inflater(std::vector<std::uint8_t>& bytes, const std::string& place) : place_(place) {
    if (bytes.size() > std::numeric_limits<uInt>::max())
      throw Error(fmt::format("{}: a gzip file of {} bytes is too large", place, bytes.size()));
    constexpr int gzip_with_largest_window = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_with_largest_window) != Z_OK)
      throw Error(fmt::format("{}: cannot be decompressed: zlib does not start", place));
    stream_.next_in = bytes.data();
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // The next bytes of the content; none at its end.
  std::span<const std::uint8_t> next() {
    while (!ended_) {
      stream_.next_out = block_.data();
      stream_.avail_out = static_cast<uInt>(block_.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END)
        begin_next_member();
      else if (status == Z_BUF_ERROR)
        throw Error(fmt::format("{}: is cut off in the middle of its gzip data", place_));
      else if (status != Z_OK)
        throw Error(
            fmt::format("{}: its gzip data are damaged ({})", place_, stream_.msg ? stream_.msg : zError(status)));
      if (stream_.avail_out != block_.size()) return std::span(block_).first(block_.size() - stream_.avail_out);
    }
    return {};
  }

 private:
  void begin_next_member() {
    ended_ = stream_.avail_in == 0;
    if (ended_) return;
    if (!is_gzip({stream_.next_in, stream_.avail_in}))
      throw Error(fmt::format("{}: has {} bytes after the end of its gzip data", place_, stream_.avail_in));
    inflateReset(&stream_);
  }

  const std::string& place_;
  z_stream stream_{};
  std::array<std::uint8_t, 65536> block_;
  bool ended_ = false;
};

std::size_t count_content(std::vector<std::uint8_t>& bytes, const std::string& place, std::size_t limit_bytes) {
  const std::size_t limit_by_size = least_unpacked_limit + most_unpacked_times * bytes.size();
  Inflater inflater(bytes, place);
  std::size_t count = 0;
  for (auto block = inflater.next(); !block.empty(); block = inflater.next()) {
    count += block.size();
    if (count > limit_bytes)
      throw Error(fmt::format("{}: decompresses to more than the {} bytes that are accepted", place, limit_bytes));
    if (count > limit_by_size)
      throw Error(
          fmt::format("{}: decompresses to more than {} bytes, and has {} itself; if that is meant, unpack it "
                      "(gunzip) and name the unpacked file",
                      place, limit_by_size, bytes.size()));
  }
  return count;
}

}  // namespace

std::vector<std::uint8_t> decompress(std::vector<std::uint8_t> bytes, const std::string& place,
                                     std::size_t limit_bytes) {
  if (!is_gzip(bytes)) return bytes;
  std::vector<std::uint8_t> content;
  content.reserve(count_content(bytes, place, limit_bytes));
  Inflater inflater(bytes, place);
  for (auto block = inflater.next(); !block.empty(); block = inflater.next())
    content.insert(content.end(), block.begin(), block.end());
  return content;
}

}  // namespace lutra::network
