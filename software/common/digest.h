#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lutra {

// SHA-256 as 64 hexadecimal digits.
std::string sha256(std::span<const std::uint8_t> bytes);
std::string sha256(std::string_view text);

}  // namespace lutra
