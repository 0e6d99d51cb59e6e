#include <string>

#include "software/common/terminal/command_line.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// A line of the input is an argument.
lutra::terminal::Arguments arguments_of(std::string_view input) {
  lutra::terminal::Arguments arguments;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    arguments.emplace_back(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return arguments;
}

void parse(std::string_view input) {
  lutra::terminal::CommandLine line("run [scenario] [options]", "", {"scenario", "more..."});
  line.flag("quiet", "");
  line.value("images", "N", "");
  line.repeated("set", "KEY=VALUE", "");
  line.choice("table", {"markdown", "text"}, "");
  try {
    line.parse(arguments_of(input));
    line.count("images", 1, 1000);
    line.texts("set");
    line.path("table");
    line.argument(0);
  } catch (const lutra::terminal::UsageError& error) {
    throw lutra::Error(error.what());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, parse);
}
