#include "software/compiler/image_writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "software/common/error.h"

namespace lutra::compiler {

std::uint32_t ImageWriter::append(std::span<const std::uint8_t> bytes, std::uint32_t alignment) {
  const std::uint32_t address = reserve(bytes.size(), alignment);
  write(address, bytes);
  return address;
}

std::uint32_t ImageWriter::reserve(std::uint64_t bytes, std::uint32_t alignment) {
  const std::uint64_t begin = (image_.size() + std::uint64_t{alignment} - 1) / alignment * alignment;
  constexpr std::uint64_t address_space = std::uint64_t{1} << 32;
  if (LUTRA_IMAGE_ADDRESS + begin + bytes > address_space)
    throw Error(fmt::format("the program image exceeds the address space: more than {} bytes", begin));
  image_.resize(begin + bytes);
  return static_cast<std::uint32_t>(LUTRA_IMAGE_ADDRESS + begin);
}

void ImageWriter::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  std::copy(bytes.begin(), bytes.end(), image_.begin() + (address - LUTRA_IMAGE_ADDRESS));
}

std::uint32_t image_checksum(std::span<const std::uint8_t> image) {
  constexpr std::size_t field = offsetof(lutra_image, checksum);
  constexpr std::size_t behind = field + sizeof(lutra_image::checksum);
  constexpr std::array<std::uint8_t, sizeof(lutra_image::checksum)> zeros{};
  uLong crc = crc32(0, nullptr, 0);
  crc = crc32_z(crc, image.data(), field);
  crc = crc32_z(crc, zeros.data(), zeros.size());
  crc = crc32_z(crc, image.data() + behind, image.size() - behind);
  return static_cast<std::uint32_t>(crc);
}

}  // namespace lutra::compiler
