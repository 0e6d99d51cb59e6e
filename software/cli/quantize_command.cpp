#include <fmt/format.h>

#include "software/cli/options.h"
#include "software/exploration/prepare.h"
#include "software/network/quantized_onnx.h"

namespace lutra::cli {

int quantize_command(const Arguments& arguments) {
  Options options(
      "quantize <scenario> --output FILE [options]",
      "Quantises the scenario's network and saves the integer network as ONNX; a scenario names such a file with\n"
      "the key 'quantized'.",
      "scenario");
  options.value("data", "DIR", "folder of data sets and models");
  options.value("output", "FILE", "the ONNX file to write");
  if (!options.parse(arguments)) return exit_success;
  const auto output = options.path("output");
  if (options.positional().empty()) throw UsageError("quantize: name a scenario");
  if (!output) throw UsageError("quantize: name the file to write with --output");

  const exploration::Scenario scenario = exploration::load_scenario(options.positional());
  const exploration::Prepared prepared = exploration::prepare(scenario, options.path("data"));
  network::save_quantized(prepared.network, *output);
  fmt::print("{}: {}, {} operations, {} bytes of weights\n", output->string(), prepared.network.scheme,
             prepared.network.operations.size(), (prepared.scheme.weight_bits_total + 7) / 8);
  return exit_success;
}

}  // namespace lutra::cli
