#include "software/network/data/pictures/csv_pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"

namespace lutra::network {

CsvPairs::CsvPairs(std::string_view text, const std::string& place) : rest_(text), place_(place) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<CsvPair> CsvPairs::next() {
  while (take_line_end()) {
  }
  if (rest_.empty()) return std::nullopt;
  CsvPair pair;
  pair.first = field();
  if (!take(",")) fail("the line has one field; two are wanted, as `cat.png,3`");
  pair.second = field();
  if (!rest_.empty() && !take_line_end()) fail("the line has more than two fields; quote one that has a comma");
  return pair;
}

void CsvPairs::fail(const std::string& what) const {
  throw Error(fmt::format("{}:{}:{}: {}", place_, line_, column_, what));
}

void CsvPairs::advance(std::size_t bytes) {
  rest_.remove_prefix(bytes);
  column_ += bytes;
}

bool CsvPairs::take(std::string_view wanted) {
  if (!rest_.starts_with(wanted)) return false;
  advance(wanted.size());
  return true;
}

bool CsvPairs::take_line_end() {
  if (!take("\r\n") && !take("\n")) return false;
  ++line_;
  column_ = 1;
  return true;
}

CsvField CsvPairs::field() {
  CsvField field{{}, line_, column_};
  if (take("\""))
    quoted(field.text);
  else
    plain(field.text);
  if (field.text.find('\0') != std::string::npos) fail("there is a byte 0 in the field; save the file as UTF-8");
  if (field.text.empty()) fail("the field is empty");
  return field;
}

void CsvPairs::quoted(std::string& text) {
  while (true) {
    if (rest_.empty()) fail("a quotation mark is missing");
    if (take("\"\"")) {
      text += '"';
    } else if (take("\"")) {
      break;
    } else if (!take_line_end()) {
      text += rest_.front();
      advance(1);
    } else {
      text += '\n';
    }
  }
  if (!rest_.empty() && std::string_view(",\r\n").find(rest_.front()) == std::string_view::npos)
    fail("something follows the quotation mark; within quotes, two stand for one");
}

void CsvPairs::plain(std::string& text) {
  const std::size_t length = std::min(rest_.find_first_of(",\"\n"), rest_.size());
  text = rest_.substr(0, length);
  if (rest_.substr(length).starts_with('\n') && text.ends_with('\r')) text.pop_back();
  if (!text.empty() && (std::string_view(" \t\r").find(text.front()) != std::string_view::npos ||
                        std::string_view(" \t\r").find(text.back()) != std::string_view::npos))
    fail("there are blanks around the field; leave them out, or quote it");
  advance(text.size());
  if (rest_.starts_with('"')) fail("a quotation mark stands within a field; quote the field, and write it twice");
}

}  // namespace lutra::network
