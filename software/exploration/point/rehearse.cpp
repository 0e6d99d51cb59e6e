#include "software/exploration/point/rehearse.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/exploration/point/predict.h"
#include "software/simulation/simulation.h"

namespace lutra::exploration {

namespace {

network::Dataset noise(const network::Shape& shape) {
  network::Dataset image;
  image.name = "noise";
  image.shape = shape;
  image.labels = {0};
  std::mt19937 random(1);
  for (std::int64_t i = 0; i < shape.elements(); ++i) image.pixels.push_back(static_cast<std::uint8_t>(random()));
  return image;
}

quantization::Options quick(quantization::Options options, const quantization::Scheme& scheme) {
  options.calibration_images = 1;
  options.progressive.reset();
  const auto parameters = scheme.parameters();
  if (std::any_of(parameters.begin(), parameters.end(), [](const auto& known) { return known.name == "fit"; }))
    options.parameters["fit"] = "weight_error";
  return options;
}

network::QuantisedNetwork quantise_noise(const scenario::Scenario& scenario, const network::Graph& graph) {
  const quantization::Scheme& scheme = quantization::find_scheme(scenario.quantisation.options.scheme);
  try {
    return scheme.quantise(graph, scenario.network.normalisation,
                           noise(graph.tensors.at(static_cast<std::size_t>(graph.input)).shape),
                           quick(scenario.quantisation.options, scheme));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", scenario.file, error.what()));
  }
}

bool chooses_engine(const scenario::Scenario& scenario) {
  return scenario.engine && scenario.engine->family == accelerators::automatic_family;
}

}  // namespace

void require_tcm(const scenario::Scenario& scenario) {
  const std::uint32_t needed = simulation::firmware_bytes();
  if (scenario.soc.tcm_bytes < needed)
    throw Error(fmt::format("{}: soc.tcm_bytes: the inference software needs {} bytes, and {} are given", scenario.file,
                            needed, scenario.soc.tcm_bytes));
}

compiler::Program rehearsed_program(const scenario::Scenario& scenario, const network::Graph& graph) {
  return compile_for(scenario, scenario.engine, quantise_noise(scenario, graph));
}

void rehearse(const scenario::Scenario& scenario, const network::Graph& graph, Rehearsal rehearsal) {
  require_tcm(scenario);
  if (chooses_engine(scenario)) return;
  try {
    rehearsed_program(scenario, graph);
  } catch (const compiler::NoRoom&) {
    throw;
  } catch (const Error&) {
    if (rehearsal == Rehearsal::everything) throw;
  }
}

void rehearse(const scenario::Scenario& scenario, const network::QuantisedNetwork& network) {
  require_tcm(scenario);
  if (!chooses_engine(scenario)) compile_for(scenario, scenario.engine, network);
}

}  // namespace lutra::exploration
