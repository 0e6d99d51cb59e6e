#pragma once

#include <functional>

#include "software/common/terminal/usage.h"

namespace lutra::terminal {

// A program's main(): runs `dispatch` on the arguments and returns its exit code. What it throws becomes one line
// "lutra: error: ..." on standard error and exit_usage (UsageError) or exit_error (all else); so does output that could
// not be written.
int run_main(int argc, char** argv, const std::function<int(const Arguments&)>& dispatch);

}  // namespace lutra::terminal
