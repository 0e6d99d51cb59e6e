#include <fmt/format.h>

#include "software/cli/command.h"
#include "software/common/terminal/output.h"
#include "software/exploration/point/hardware_cost.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::cli {

CommandLine quantise_options() {
  CommandLine options(
      "quantize <scenario> <network.onnx> [options]",
      "Quantises the scenario's network and saves the integer network as ONNX; a scenario names such a file with\n"
      "the key 'quantized'.",
      {"scenario", "file"});
  options.value("data", "DIR", "folder of data sets and models");
  return options;
}

int quantise_command(const CommandLine& options) {
  const std::string file = options.argument(1);
  if (options.argument(0).empty()) throw UsageError("quantize: name a scenario");
  if (file.empty()) throw UsageError("quantize: name the ONNX file to write");

  const scenario::Scenario scenario = scenario::load_scenario(options.argument(0));
  exploration::Inputs inputs(options.path("data"));
  const exploration::Prepared prepared = exploration::prepare(scenario, inputs, exploration::hardware_cost(scenario));
  network::save_quantised(prepared.network, file);
  terminal::print(fmt::format("{}: {}, {} operations, {} bytes of weights\n", file, prepared.network.scheme,
                              prepared.network.operations.size(), (prepared.scheme.weight_bits_total + 7) / 8));
  return exit_success;
}

}  // namespace lutra::cli
