#pragma once

#include <fmt/format.h>
#include <zip.h>

#include <cstring>
#include <map>
#include <stdexcept>

#include "tests/software/network/data_files.h"

namespace lutra::network::test {

template <typename Number>
Bytes bytes_of_numbers(const std::vector<Number>& numbers) {
  Bytes bytes(numbers.size() * sizeof(Number));
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

// As numpy.save writes it: npy("<f4", "(2, 3)", content).
inline Bytes npy_of(const std::string& header, const Bytes& content, std::uint8_t version = 1) {
  std::string text = header + "\n";
  Bytes bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
  bytes.push_back(static_cast<std::uint8_t>(text.size()));
  bytes.push_back(static_cast<std::uint8_t>(text.size() >> 8));
  if (version > 1) bytes.insert(bytes.end(), {0, 0});
  bytes.insert(bytes.end(), text.begin(), text.end());
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

inline Bytes npy(const std::string& descr, const std::string& shape, const Bytes& content,
                 const std::string& fortran_order = "False") {
  return npy_of(fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", descr, fortran_order, shape),
                content);
}

inline void write_npz(const std::filesystem::path& path, const std::map<std::string, Bytes>& arrays) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (!archive) throw std::runtime_error("libzip does not start");
  for (const auto& [name, content] : arrays) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    zip_file_add(archive, (name + ".npy").c_str(), source, 0);
  }
  zip_close(archive);
}

}  // namespace lutra::network::test
