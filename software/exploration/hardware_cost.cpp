#include "software/exploration/hardware_cost.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/exploration/assemble.h"
#include "software/exploration/child_process.h"
#include "software/exploration/predict.h"
#include "software/exploration/frames.h"
#include "software/exploration/simulation.h"
#include "software/reference/executor.h"

namespace lutra::exploration {

namespace {

Result simulate_image(const Scenario& scenario, const network::QuantizedNetwork& network,
                      std::span<const std::uint8_t> pixels) {
  const compiler::Program program = compile_for(scenario, scenario.engine, network);
  const auto frame = make_frame(reference::IntegerExecutor(network), network, pixels, scenario.normalise_on_hart);
  const network::Edge& output = network.edges.at(static_cast<std::size_t>(network.output));
  Prepared prepared;
  prepared.network = network;
  return assemble(scenario, prepared, {}, program,
                  simulate(scenario.soc, scenario.engine, program, output, {frame, frame}));
}

}  // namespace

quantization::NetworkCost hardware_cost(const Scenario& scenario, const network::Dataset& images,
                                        quantization::Progressive::Measure measure) {
  const bool energy = measure == quantization::Progressive::Measure::energy;
  if (energy && scenario.implementations.asic.empty())
    throw Error(fmt::format("{}: progressive.measure: energy needs implementations.asic", scenario.file));
  return [&scenario, &images, energy](const network::QuantizedNetwork& network) {
    return std::stod(run_in_child([&] {
      const Result result = simulate_image(scenario, network, images.image(0));
      return fmt::format("{}", energy ? microjoules(result.energy->total) : static_cast<double>(result.cycles.total));
    }));
  };
}

}  // namespace lutra::exploration
