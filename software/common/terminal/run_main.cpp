#include "software/common/terminal/run_main.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "software/common/printable.h"

namespace lutra::terminal {

namespace {

int fail(const char* message, ExitCode code) {
  std::fflush(stdout);
  fmt::print(stderr, "lutra: error: {}\n", plain_lines(message));
  return code;
}

}  // namespace

int run_main(int argc, char** argv, const std::function<int(const Arguments&)>& dispatch) {
  try {
    const int code = dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
    // A full disk must not pass for success.
    if (std::fflush(stdout) != 0) return fail("the output could not be written", exit_error);
    return code;
  } catch (const UsageError& error) {
    return fail(error.what(), exit_usage);
  } catch (const std::bad_alloc&) {
    return fail("there is not enough memory", exit_error);
  } catch (const std::exception& error) {
    return fail(error.what(), exit_error);
  }
}

}  // namespace lutra::terminal
