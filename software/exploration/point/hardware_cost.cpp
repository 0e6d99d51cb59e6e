#include "software/exploration/point/hardware_cost.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/process/child_process.h"
#include "software/exploration/point/assemble.h"
#include "software/exploration/point/predict.h"
#include "software/reference/executor.h"
#include "software/simulation/frames.h"
#include "software/simulation/simulation.h"

namespace lutra::exploration {

namespace {

result::Result simulate_image(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                              std::span<const std::uint8_t> pixels, const costs::Tables& tables) {
  const compiler::Program program = compile_for(scenario, scenario.engine, network);
  const auto frame =
      simulation::make_frame(reference::IntegerExecutor(network), network, pixels, scenario.normalise_on_hart);
  const network::Edge& output = network.edges.at(static_cast<std::size_t>(network.output));
  Prepared prepared;
  prepared.network = network;
  return assemble(
      scenario, prepared, {}, program,
      simulation::simulate(scenario.soc, scenario.engine, program, output, {frame}, scenario.run.steady_cycles), 1,
      tables);
}

}  // namespace

MeasuredCost hardware_cost(const scenario::Scenario& scenario, const costs::Tables& tables) {
  return [&scenario, &tables](const network::Dataset& images, quantization::Progressive::Measure measure) {
    const bool energy = measure == quantization::Progressive::Measure::energy;
    if (energy && scenario.implementations.asic.empty())
      throw Error(fmt::format("{}: progressive.measure: energy needs implementations.asic", scenario.file));
    return quantization::NetworkCost([&scenario, &tables, &images, energy](const network::QuantisedNetwork& network) {
      return std::stod(run_in_child([&] {
        const result::Result result = simulate_image(scenario, network, images.image(0), tables);
        return fmt::format("{}", energy ? result::microjoules(result.energy->total) : result.cycles.mean);
      }));
    });
  };
}

}  // namespace lutra::exploration
