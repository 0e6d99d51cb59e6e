#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace lutra {

// Reads a number that takes the whole text. False where it does not, or does not fit; `value` is then without meaning.
template <typename Number>
bool parse_whole(std::string_view text, Number& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size();
}

}  // namespace lutra
