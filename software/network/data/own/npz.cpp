#include "software/network/data/own/npz.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zip.h>

#include <algorithm>
#include <memory>

#include "software/common/error.h"
#include "software/network/data/gzip.h"
#include "software/network/data/own/npy.h"

namespace lutra::network {

namespace {

constexpr std::size_t most_names_told = 16;
constexpr std::size_t longest_name_told = 60;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Member = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

Archive open_archive(const std::vector<std::uint8_t>& bytes, const std::string& place) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (!archive) {
    if (source) zip_source_free(source);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw Error(fmt::format("{}: cannot be read as an .npz archive: {}", place, why));
  }
  zip_error_fini(&error);
  return {archive, zip_discard};
}

// Of the arrays, without the suffix that numpy.savez gives them.
std::vector<std::string> array_names(zip_t* archive) {
  std::vector<std::string> names;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    names.emplace_back(name ? name : "");
    if (names.back().ends_with(".npy")) names.back().resize(names.back().size() - 4);
  }
  return names;
}

std::size_t find_array(const std::vector<std::string>& names, const std::string& wanted, const std::string& place) {
  if (wanted.empty() && names.size() == 1) return 0;
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (!wanted.empty() && found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> told(names.begin(),
                                names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_names_told)));
  for (std::string& name : told) name = name.substr(0, longest_name_told);
  throw Error(fmt::format("{}: {}; it holds {}. Name one as {}:{}", place,
                          wanted.empty() ? fmt::format("holds {} arrays", names.size())
                                         : fmt::format("has no array '{}'", wanted.substr(0, longest_name_told)),
                          told.empty() ? "none" : fmt::format("{}", fmt::join(told, ", ")), place,
                          told.empty() ? "ARRAY" : told.front()));
}

std::vector<std::uint8_t> unpack(zip_t* archive, std::size_t index, std::size_t archive_bytes,
                                 const std::string& place) {
  const std::size_t limit = std::min(largest_array_bytes, least_unpacked_limit + most_unpacked_times * archive_bytes);
  const Member member(zip_fopen_index(archive, index, 0), zip_fclose);
  if (!member) throw Error(fmt::format("{}: cannot be unpacked: {}", place, zip_strerror(archive)));
  std::vector<std::uint8_t> content;
  for (std::vector<std::uint8_t> block(65536);;) {
    const zip_int64_t count = zip_fread(member.get(), block.data(), block.size());
    if (count < 0) throw Error(fmt::format("{}: is damaged: {}", place, zip_file_strerror(member.get())));
    if (count == 0) return content;
    content.insert(content.end(), block.begin(), block.begin() + count);
    if (content.size() > limit)
      throw Error(
          fmt::format("{}: unpacks to more than {} bytes; if that is meant, save it as .npy of at most {} bytes", place,
                      limit, largest_array_bytes));
  }
}

}  // namespace

bool is_npz(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] < 8 && bytes[3] < 9;
}

Array read_npz(const std::vector<std::uint8_t>& bytes, const std::string& array, const std::string& place) {
  const Archive archive = open_archive(bytes, place);
  const std::vector<std::string> names = array_names(archive.get());
  const std::size_t index = find_array(names, array, place);
  const std::string inner = fmt::format("{}:{}", place, names[index].substr(0, longest_name_told));
  return read_npy(unpack(archive.get(), index, bytes.size(), inner), inner);
}

}  // namespace lutra::network
