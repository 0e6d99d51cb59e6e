#include "software/exploration/point/entry_folder.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/gzip.h"

namespace lutra::exploration {

namespace {

constexpr std::size_t largest_entry = std::size_t{1} << 30;
constexpr std::size_t comment_begin = 10;  // behind gzip's fixed header: there is neither an extra field nor a name

std::string seal(const std::string& name, std::string_view content, std::string_view origin) {
  return fmt::format("lutra {} {}\n{}", name, sha256(fmt::format("{}{}{}", origin, '\0', content)), origin);
}

std::string pack(const std::string& name, const std::string& content, const std::string& origin) {
  z_stream stream{};
  constexpr int gzip_with_largest_window = 16 + MAX_WBITS, most_memory = 9;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_with_largest_window, most_memory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(fmt::format("{}: cannot be compressed: zlib does not start", name));
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> closer(&stream, deflateEnd);
  std::string comment = seal(name, content, origin);
  gz_header header{};
  header.comment = reinterpret_cast<Bytef*>(comment.data());
  header.os = 255;  // unknown
  deflateSetHeader(&stream, &header);
  std::string input = content;  // zlib takes no pointer to const
  std::string packed(deflateBound(&stream, input.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw Error(fmt::format("{}: cannot be compressed", name));
  packed.erase(stream.total_out);
  return packed;
}

}  // namespace

EntryFolder::EntryFolder(std::filesystem::path folder, Warn warn) : folder_(std::move(folder)), warn_(std::move(warn)) {
  require_writable(folder_);
}

std::optional<std::string> EntryFolder::load(const std::string& name) const {
  const std::filesystem::path path = folder_ / name;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  try {
    std::vector<std::uint8_t> packed = read_file(path, largest_entry);
    const auto begin = packed.begin() + static_cast<std::ptrdiff_t>(std::min(comment_begin, packed.size()));
    const std::string comment(begin, std::find(begin, packed.end(), 0));
    const auto bytes = network::decompress(std::move(packed), path.string(), largest_entry);
    std::string content(bytes.begin(), bytes.end());
    const std::size_t line = std::min(comment.find('\n'), comment.size());
    if (comment == seal(name, content, std::string_view(comment).substr(std::min(line + 1, comment.size()))))
      return content;
    set_aside(name, "its checksum or its name is not that of its content");
  } catch (const Error& error) {
    set_aside(name, error.what());
  }
  return std::nullopt;
}

void EntryFolder::save(const std::string& name, const std::string& content, const std::string& origin) const {
  write_file_durably(folder_ / name, pack(name, content, origin));
}

void EntryFolder::set_aside(const std::string& name, const std::string& reason) const {
  const std::string path = (folder_ / name).string();
  std::error_code failure;
  std::filesystem::rename(path, path + ".damaged", failure);
  if (failure == std::errc::no_such_file_or_directory) return;  // another program was faster
  if (failure) throw Error(fmt::format("{}: is damaged and cannot be set aside: {}", path, failure.message()));
  if (warn_)
    warn_(fmt::format("{}: cannot be believed ({}); it is set aside as {}.damaged and computed again", path, reason,
                      path));
}

}  // namespace lutra::exploration
