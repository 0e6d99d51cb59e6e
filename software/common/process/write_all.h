#pragma once

#include <string_view>

namespace lutra {

// Writes the whole text, waiting where a descriptor takes nothing just now. Returns the errno of the write that failed;
// 0: all is written.
int write_all(int descriptor, std::string_view text);

}  // namespace lutra
