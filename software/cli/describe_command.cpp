#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/exploration/point/describe.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::cli {

namespace {

std::string describe_onnx(const std::string& path) {
  std::string no_float_network;
  try {
    return exploration::describe(network::import_onnx(path));
  } catch (const Error& error) {
    no_float_network = error.what();
  }
  try {
    return exploration::describe(network::load_quantised(path));
  } catch (const Error& error) {
    throw Error(
        fmt::format("not a float network: {}\nnor one that Lutra quantised: {}", no_float_network, error.what()));
  }
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
  fmt::print("{}", subject.ends_with(".onnx")
                       ? describe_onnx(subject)
                       : exploration::describe(scenario::load_scenario(subject, tables), inputs, tables));
  return exit_success;
}

}  // namespace lutra::cli
