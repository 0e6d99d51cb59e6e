#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "software/common/files.h"
#include "tests/support/scratch.h"

namespace lutra::network::test {

using Bytes = std::vector<std::uint8_t>;

using ScratchFolder = ::lutra::test::Scratch;

inline void write_bytes(const std::filesystem::path& path, const Bytes& bytes) {
  write_file(path, std::string(bytes.begin(), bytes.end()));
}

// `count` images with the labels 0, 1, 2, ... and pixels that all differ from their neighbours.
inline Bytes cifar_records(std::size_t count) {
  Bytes bytes;
  for (std::size_t image = 0; image < count; ++image) {
    bytes.push_back(static_cast<std::uint8_t>(image % 10));
    for (std::size_t pixel = 0; pixel < 3072; ++pixel)
      bytes.push_back(static_cast<std::uint8_t>(pixel * 7 + image * 31));
  }
  return bytes;
}

inline Bytes idx_header(std::uint32_t magic, const std::vector<std::uint32_t>& extents) {
  Bytes bytes;
  const auto append = [&](std::uint32_t word) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  };
  append(magic);
  for (const std::uint32_t extent : extents) append(extent);
  return bytes;
}

inline Bytes idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns) {
  Bytes bytes = idx_header(0x0803, {count, rows, columns});
  for (std::uint32_t i = 0; i < count * rows * columns; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 11));
  return bytes;
}

inline Bytes idx_labels(std::uint32_t count) {
  Bytes bytes = idx_header(0x0801, {count});
  for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 10));
  return bytes;
}

inline Bytes gzip(const Bytes& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib does not start");
  Bytes result(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = result.data();
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

}  // namespace lutra::network::test
