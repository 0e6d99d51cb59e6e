#include <fmt/format.h>

#include "software/cli/options.h"
#include "software/exploration/describe.h"
#include "software/network/onnx_import.h"

namespace lutra::cli {

int describe_command(const Arguments& arguments) {
  Options options(
      "describe <scenario | network.onnx> [options]",
      "Says what a scenario is (network, scheme, hardware, resources), or what a float network is, node by node.",
      {"subject"});
  options.value("data", "DIR", "folder of data sets and models");
  if (!options.parse(arguments)) return exit_success;
  const std::string subject = options.argument(0);
  if (subject.empty()) throw UsageError("describe: name a scenario or an ONNX file");
  const std::string text = subject.ends_with(".onnx")
                               ? exploration::describe(network::import_onnx(subject))
                               : exploration::describe(exploration::load_scenario(subject), options.path("data"));
  fmt::print("{}", text);
  return exit_success;
}

}  // namespace lutra::cli
