#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lutra::network {

struct CsvField {
  std::string text;
  std::size_t line = 1;
  std::size_t column = 1;  // in bytes
};

struct CsvPair {
  CsvField first;
  CsvField second;
};

// The lines of a CSV file (RFC 4180: quotes, doubled quotes within them, LF or CR LF) of two fields each. Lines without
// anything are passed over, and so is a byte order mark. Throws Error "place:line:column: ..." for anything else,
// blanks around a field that has no quotes included.
class CsvPairs {
 public:
  CsvPairs(std::string_view text, const std::string& place);

  std::optional<CsvPair> next();  // nothing at the end

 private:
  [[noreturn]] void fail(const std::string& what) const;
  bool take(std::string_view wanted);
  bool take_line_end();
  void advance(std::size_t bytes);
  CsvField field();
  void quoted(std::string& text);
  void plain(std::string& text);

  std::string_view rest_;
  const std::string& place_;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

}  // namespace lutra::network
