#pragma once

#include <random>
#include <string>
#include <string_view>

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

}  // namespace lutra::test
