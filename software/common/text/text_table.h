#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lutra {

// Columns lined up for a terminal: the first to the left, the others to the right; every cell in one line
// (printable.h).
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);

  void add(std::vector<std::string> row);  // as many cells as the header has
  std::string text() const;
  std::string markdown() const;

 private:
  std::size_t columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string with_separators(std::uint64_t value);  // 1,234,567

// "name: description", or the name alone where nothing describes it.
std::string titled(const std::string& name, const std::string& description);

}  // namespace lutra
