#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/exploration/point/describe.h"
#include "software/exploration/point/rehearse.h"
#include "software/network/onnx/onnx_format.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::cli {

namespace {

std::string describe_onnx(const std::string& path) {
  return network::is_quantised(path)
             ? exploration::describe(network::load_quantised(path))
             : exploration::describe(network::import_any_onnx(read_file(path, network::largest_onnx_bytes), path,
                                                              std::filesystem::path(path).stem()));
}

// Throws Error where a run would, as far as that can be known without its images. A network that is not there was
// named.
void require_runnable(const scenario::Scenario& scenario, exploration::Inputs& inputs) {
  exploration::require_tcm(scenario);
  std::optional<network::Graph> graph;
  std::optional<network::QuantisedNetwork> network;
  try {
    if (scenario.quantisation.file.empty())
      graph = inputs.model(scenario);
    else
      network = inputs.quantised(scenario);
  } catch (const Error&) {
    return;
  }
  if (graph) exploration::rehearse(scenario, *graph, exploration::Rehearsal::everything);
  if (network) exploration::rehearse(scenario, *network);
}

}  // namespace

CommandLine describe_options() {
  CommandLine options("describe <scenario | network.onnx> [options]",
                      "Says what a scenario is (network, scheme, hardware, resources), or what a network is, float or "
                      "quantised, node by\n"
                      "node. A scenario that 'lutra run' would refuse ends with the reason.",
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
  if (subject.ends_with(".onnx")) {
    terminal::print(plain_lines(describe_onnx(subject)));
    return exit_success;
  }
  const scenario::Scenario scenario = scenario::load_scenario(subject, tables);
  terminal::print(plain_lines(exploration::describe(scenario, inputs, tables)));
  require_runnable(scenario, inputs);
  return exit_success;
}

}  // namespace lutra::cli
