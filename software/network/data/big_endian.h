#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lutra::network {

// The 32-bit number at `offset`, highest byte first.
inline std::uint32_t big_endian(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return std::uint32_t{bytes[offset]} << 24 | std::uint32_t{bytes[offset + 1]} << 16 |
         std::uint32_t{bytes[offset + 2]} << 8 | std::uint32_t{bytes[offset + 3]};
}

}  // namespace lutra::network
