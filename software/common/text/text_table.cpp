#include "software/common/text/text_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/printable.h"

namespace lutra {

namespace {

constexpr const char* gap = "  ";

}  // namespace

TextTable::TextTable(std::vector<std::string> header) : columns_(header.size()) { add(std::move(header)); }

void TextTable::add(std::vector<std::string> row) {
  row.resize(columns_);
  for (std::string& cell : row) cell = one_line(cell);
  rows_.push_back(std::move(row));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(columns_, 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i)
      line +=
          i == 0 ? fmt::format("{:<{}}", rows_[r][i], widths[i]) : fmt::format("{}{:>{}}", gap, rows_[r][i], widths[i]);
    text += line + "\n";
    if (r == 0) text += std::string(line.size(), '-') + "\n";
  }
  return text;
}

std::string TextTable::markdown() const {
  std::string text;
  for (const auto& row : rows_) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(markdown_cell(cell));
    text += fmt::format("| {} |\n", fmt::join(cells, " | "));
    if (&row == &rows_.front())
      text += fmt::format("|{}\n", fmt::join(std::vector<std::string>(columns_, " --- |"), ""));
  }
  return text;
}

std::string with_separators(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string titled(const std::string& name, const std::string& description) {
  return description.empty() ? one_line(name) : one_line(name) + ": " + description;
}

}  // namespace lutra
