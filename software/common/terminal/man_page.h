#pragma once

#include <string>

#include "software/common/terminal/program.h"

namespace lutra::terminal {

// The program's page for section 1 of the manual, in roff with the macros of man(7).
std::string man_page(const Program& program);

}  // namespace lutra::terminal
