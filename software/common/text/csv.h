#pragma once

#include <string>
#include <string_view>

namespace lutra {

// A cell of a CSV line (RFC 4180): quoted where it needs to be. A record is one line: control characters are escaped
// (printable.h).
std::string csv_cell(std::string_view text);

}  // namespace lutra
