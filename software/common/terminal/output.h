#pragma once

#include <string_view>

namespace lutra::terminal {

// To standard output, at once. Where its reader has gone (`| head`), the text is dropped, and the command goes on.
// Throws Error where it cannot be written for another reason.
void print(std::string_view text);

// To standard error. What cannot be written is dropped: no message is worth the work of a run.
void say(std::string_view text) noexcept;

}  // namespace lutra::terminal
