#pragma once

#include <string>
#include <string_view>

namespace lutra {

// Names and texts of users in what is printed. Control characters, and bytes that are no UTF-8, become "\n", "\t",
// "\x1b": no terminal acts upon them, and a name cannot pass for a line of its own.
std::string one_line(std::string_view text);

// The same of text in lines: line ends stay.
std::string plain_lines(std::string_view text);

// A cell of a Markdown table: one line, and a bar in it is no border.
std::string markdown_cell(std::string_view text);

}  // namespace lutra
