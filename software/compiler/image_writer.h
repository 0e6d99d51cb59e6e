#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "software/program/image.h"

namespace lutra::compiler {

// Grows an image block by block; addresses count from LUTRA_IMAGE_ADDRESS.
class ImageWriter {
 public:
  // The address of `bytes`, appended on a multiple of `alignment`. Throws Error when the image leaves the 32-bit
  // address space.
  std::uint32_t append(std::span<const std::uint8_t> bytes, std::uint32_t alignment);

  // Room for `bytes` bytes of zeros, to be filled by `write`.
  std::uint32_t reserve(std::uint64_t bytes, std::uint32_t alignment);

  template <typename T>
  std::uint32_t append_array(const std::vector<T>& values, std::uint32_t alignment) {
    return append({reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)}, alignment);
  }

  void write(std::uint32_t address, std::span<const std::uint8_t> bytes);

  template <typename T>
  void write_value(std::uint32_t address, const T& value) {
    write(address, {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)});
  }

  std::uint32_t bytes() const { return static_cast<std::uint32_t>(image_.size()); }
  std::span<const std::uint8_t> view() const { return image_; }
  std::vector<std::uint8_t> take() { return std::move(image_); }

 private:
  std::vector<std::uint8_t> image_;
};

// CRC-32 of an image whose checksum field counts as zero. Precondition: the image holds a header.
std::uint32_t image_checksum(std::span<const std::uint8_t> image);

}  // namespace lutra::compiler
