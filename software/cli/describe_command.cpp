#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/exploration/point/describe.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::cli {

namespace {

std::string describe_onnx(const std::string& path) {
  return network::is_quantised(path) ? exploration::describe(network::load_quantised(path))
                                     : exploration::describe(network::import_onnx(path));
}

}  // namespace

CommandLine describe_options() {
  CommandLine options("describe <scenario | network.onnx> [options]",
                      "Says what a scenario is (network, scheme, hardware, resources), or what a network is, float or "
                      "quantised, node by\n"
                      "node.",
                      {"scenario"});
  options.value("data", "DIR", "folder of data sets and models");
  add_costs_option(options);
  return options;
}

int describe_command(const CommandLine& options) {
  const std::string subject = options.argument(0);
  if (subject.empty()) throw UsageError("describe: name a scenario or an ONNX file");
  const costs::Tables tables = chosen_tables(options);
  exploration::Inputs inputs(options.path("data"));
  fmt::print("{}", plain_lines(subject.ends_with(".onnx")
                                   ? describe_onnx(subject)
                                   : exploration::describe(scenario::load_scenario(subject, tables), inputs, tables)));
  return exit_success;
}

}  // namespace lutra::cli
