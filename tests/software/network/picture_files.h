#pragma once

#include <turbojpeg.h>
#include <zlib.h>

#include <stdexcept>
#include <string>

#include "tests/software/network/data_files.h"

namespace lutra::network::test {

inline Bytes big_endian_bytes(std::size_t word) {
  Bytes bytes;
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  return bytes;
}

inline void append_bytes(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

inline Bytes png_chunk(const std::string& type, const Bytes& data) {
  Bytes chunk(type.begin(), type.end());
  append_bytes(chunk, data);
  Bytes bytes = big_endian_bytes(data.size());
  append_bytes(bytes, chunk);
  append_bytes(bytes, big_endian_bytes(crc32(0, chunk.data(), static_cast<uInt>(chunk.size()))));
  return bytes;
}

enum PngColour : std::uint8_t { png_grey = 0, png_rgb = 2, png_palette = 3, png_grey_alpha = 4, png_rgba = 6 };

struct PngForm {
  std::size_t width = 0;
  std::size_t height = 0;
  PngColour colour = png_grey;
  std::uint8_t depth = 8;
};

// A PNG whose samples are `rows`, each row's bytes one after the other; `others` stand before them.
inline Bytes png(const PngForm& form, const Bytes& rows, const Bytes& others = {}) {
  Bytes header = big_endian_bytes(form.width);
  append_bytes(header, big_endian_bytes(form.height));
  append_bytes(header, {form.depth, form.colour, 0, 0, 0});
  Bytes filtered;
  const std::size_t row_bytes = form.height == 0 ? 0 : rows.size() / form.height;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (at % row_bytes == 0) filtered.push_back(0);
    filtered.push_back(rows[at]);
  }
  Bytes packed(compressBound(filtered.size()));
  uLongf size = packed.size();
  compress(packed.data(), &size, filtered.data(), filtered.size());
  packed.resize(size);
  Bytes bytes = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  append_bytes(bytes, png_chunk("IHDR", header));
  append_bytes(bytes, others);
  append_bytes(bytes, png_chunk("IDAT", packed));
  append_bytes(bytes, png_chunk("IEND", {}));
  return bytes;
}

// A JPEG of best quality, its pixels row by row with channels innermost.
inline Bytes jpeg(int width, int height, int channels, const Bytes& pixels, int flags = 0) {
  const tjhandle encoder = tjInitCompress();
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const int format = channels == 1 ? TJPF_GRAY : channels == 3 ? TJPF_RGB : TJPF_CMYK;
  const int sampling = channels == 1 ? TJSAMP_GRAY : TJSAMP_444;
  if (tjCompress2(encoder, pixels.data(), width, 0, height, format, &data, &size, sampling, 100, flags) != 0)
    throw std::runtime_error(tjGetErrorStr2(encoder));
  Bytes bytes(data, data + size);
  tjFree(data);
  tjDestroy(encoder);
  return bytes;
}

}  // namespace lutra::network::test
