#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "software/common/error.h"

namespace lutra::test {

// Whether the last input was refused with an Error.
inline bool refused = false;

// What a harness returns: `read` may take the input or throw Error, and nothing else.
template <typename Read>
int read_or_refuse(const std::uint8_t* data, std::size_t size, const Read& read) {
  refused = false;
  try {
    read(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
    refused = true;
  }
  return 0;
}

inline std::basic_string_view<std::uint8_t> as_bytes(std::string_view input) {
  return {reinterpret_cast<const std::uint8_t*>(input.data()), input.size()};
}

}  // namespace lutra::test
