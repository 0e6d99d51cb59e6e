#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lutra::test {

// One edit at a random place of a text that is not empty: another byte, one of `inserted`, or up to `longest_erased`
// bytes gone. The text may come back empty.
inline void damage_text(std::string& text, std::mt19937& random, std::string_view inserted, unsigned longest_erased) {
  const std::size_t at = random() % text.size();
  switch (random() % 3) {
    case 0:
      text[at] = static_cast<char>(random() % 256);
      break;
    case 1:
      text.insert(at, 1, inserted[random() % inserted.size()]);
      break;
    default:
      text.erase(at, 1 + random() % longest_erased);
  }
}

// One edit of bytes or text, perhaps empty, that readers stumble over: flipped bits, extreme bytes, words and numbers,
// ends cut off, parts gone, repeated, or taken from one of `others`.
inline void damage_bytes(std::string& bytes, std::mt19937& random, const std::vector<std::string>& others) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const auto part_of = [&](const std::string& whole) {
    return whole.substr(below(whole.size() + 1), 1 + below(std::min<std::size_t>(whole.size() + 1, 64)));
  };
  constexpr char extreme[] = {0, 1, 0x7F, static_cast<char>(0x80), static_cast<char>(0xFF)};
  constexpr std::string_view numbers[] = {"0", "-1", "1e308", "-1e-308", "nan", "4294967296", "9223372036854775807",
                                          "1"};
  constexpr std::string_view marks = "[]{}:,-&*!|>'\"%@#\n\t ?.";
  if (bytes.empty()) bytes = others[below(others.size())];
  if (bytes.empty()) bytes = "a";
  const std::size_t at = below(bytes.size());
  switch (below(10)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 1:
      bytes[at] = extreme[below(std::size(extreme))];
      break;
    case 2:
      bytes[at] = static_cast<char>(random());
      break;
    case 3:
      bytes.replace(at, 4, std::string(4, extreme[below(std::size(extreme))]));
      break;
    case 4: {
      const std::size_t digit = bytes.find_first_of("0123456789", at);
      const std::size_t end = bytes.find_first_not_of("0123456789.", digit);
      if (digit != std::string::npos) bytes.replace(digit, end - digit, numbers[below(std::size(numbers))]);
      break;
    }
    case 5:
      bytes.erase(at, 1 + below(8));
      break;
    case 6:
      bytes.insert(at, 1, marks[below(marks.size())]);
      break;
    case 7:
      bytes.insert(at, part_of(bytes));
      break;
    case 8:
      bytes.insert(at, part_of(others[below(others.size())]));
      break;
    default:
      bytes.resize(at);
  }
}

}  // namespace lutra::test
