#include "software/common/terminal/run_main.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <initializer_list>
#include <new>

#include "software/common/printable.h"
#include "software/common/terminal/output.h"
#include "software/common/unfinished.h"

namespace lutra::terminal {

namespace {

int fail(const char* message, ExitCode code) {
  say(fmt::format("lutra: error: {}\n", plain_lines(message)));
  return code;
}

// Where a command does not watch for interrupts itself.
extern "C" void end_interrupted(int) {
  constexpr std::string_view message = "lutra: interrupted; files that were being written are removed\n";
  remove_unfinished();
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, message.data(), message.size());
  ::_exit(exit_interrupted);
}

}  // namespace

int run_main(int argc, char** argv, const std::function<int(const Arguments&)>& dispatch) {
  for (const int failed_write : {SIGPIPE, SIGXFSZ}) std::signal(failed_write, SIG_IGN);  // and an error is what is left
  for (const int interrupt : {SIGINT, SIGTERM}) std::signal(interrupt, end_interrupted);
  try {
    return dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const UsageError& error) {
    return fail(error.what(), exit_usage);
  } catch (const std::bad_alloc&) {
    return fail("there is not enough memory", exit_error);
  } catch (const std::exception& error) {
    return fail(error.what(), exit_error);
  }
}

}  // namespace lutra::terminal
