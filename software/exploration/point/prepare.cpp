#include "software/exploration/point/prepare.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/network/data/classes.h"
#include "software/network/float/fit_input.h"
#include "software/network/limits.h"
#include "software/quantization/progressive/progressive.h"

namespace lutra::exploration {

namespace {

const char* range_name(quantization::RangeMethod method) {
  switch (method) {
    case quantization::RangeMethod::minimum_maximum:
      return "minimum_maximum";
    case quantization::RangeMethod::percentile:
      return "percentile";
    case quantization::RangeMethod::mean_squared_error:
      return "mean_squared_error";
  }
  return "";
}

const char* coding_name(quantization::ActivationCoding coding) {
  switch (coding) {
    case quantization::ActivationCoding::uniform:
      return "uniform";
    case quantization::ActivationCoding::ternary:
      return "ternary";
    case quantization::ActivationCoding::bwa:
      return "bwa";
  }
  return "";
}

const network::Dataset& load_calibration(const scenario::Scenario& scenario, Inputs& inputs) {
  const quantization::Options& options = scenario.quantisation.options;
  const bool train = scenario.quantisation.calibration_split == network::Split::train;
  const network::Dataset& images = [&]() -> const network::Dataset& {
    try {
      return inputs.images(scenario, scenario.quantisation.calibration_split);
    } catch (const Error& error) {
      if (!train) throw;
      throw Error(
          fmt::format("{}\nThe scheme calibrates on the train split. Put that split into the data folder, or set "
                      "scheme.calibration_split: test in {} (ranges only, no labels; the result says so).",
                      error.what(), scenario.file));
    }
  }();
  if (images.size() < static_cast<std::size_t>(options.calibration_images))
    throw Error(fmt::format("{}: scheme.calibration_images asks for {} images; the {} split of '{}' has {}",
                            scenario.file, options.calibration_images, train ? "train" : "test",
                            scenario.network.dataset, images.size()));
  return images;
}

void require_shape(const scenario::Scenario& scenario, const network::Graph& graph, const network::Dataset& data) {
  const network::Shape& input = graph.tensors.at(static_cast<std::size_t>(graph.input)).shape;
  if (!scenario.network.own || data.shape == input) return;
  const network::Shape turned{data.shape.width, data.shape.channels, data.shape.height};
  const std::string way_out = input == turned ? "they lie channels last: set 'layout: nhwc'"
                              : input.elements() == data.shape.elements()
                                  ? fmt::format("if they are the same numbers in that order, set 'shape: [{}, {}, {}]'",
                                                input.channels, input.height, input.width)
                                  : "give the images as the network takes them";
  throw Error(fmt::format(
      "{}: network.dataset: the images of '{}' are {} (channels, rows, columns), network '{}' takes "
      "{}; {}",
      scenario.file, data.name, network::to_string(data.shape), graph.name, network::to_string(input), way_out));
}

result::SchemeFacts describe(const scenario::Quantisation& quantisation, const network::QuantisedNetwork& network) {
  result::SchemeFacts facts;
  facts.name = network.scheme;
  facts.weight_bits_total = network::weight_bits(network);
  facts.file = quantisation.file;
  if (!quantisation.file.empty()) return facts;
  const quantization::Options& options = quantisation.options;
  facts.weight_bits = options.weight_bits;
  facts.activation_bits = options.activation_bits;
  facts.first_last_bits = options.first_last_bits;
  facts.wide_skip = options.wide_skip;
  facts.activations = coding_name(options.activations);
  facts.requantise = options.requantise == quantization::RequantiseForm::shift ? "shift" : "multiplier";
  if (options.progressive) {
    const quantization::Progressive& progressive = *options.progressive;
    const char* measures[] = {"memory", "cycles", "energy"};
    facts.progressive = fmt::format("{} within {:g} ({})", quantization::levels_text(progressive), progressive.budget,
                                    measures[static_cast<int>(progressive.measure)]);
  }
  facts.parameters =
      quantization::Parameters(quantization::find_scheme(options.scheme).parameters(), options.parameters).all();
  facts.range = range_name(options.range);
  facts.percentile = options.range == quantization::RangeMethod::percentile ? options.percentile : 0;
  facts.calibration_images = options.calibration_images;
  facts.calibration_split = quantisation.calibration_split == network::Split::train ? "train" : "test";
  return facts;
}

// The options that the scheme is to take: with the bits of every layer where these are to be chosen.
quantization::Options choose_options(const scenario::Scenario& scenario, const network::Graph& graph,
                                     const network::Normalisation& normalisation, const network::Dataset& calibration,
                                     const MeasuredCost& measured) {
  using Measure = quantization::Progressive::Measure;
  const quantization::Options& options = scenario.quantisation.options;
  if (!options.progressive) return options;
  const Measure measure = options.progressive->measure;
  const quantization::NetworkCost cost =
      measure == Measure::memory ? quantization::memory_cost() : measured(calibration, measure);
  return quantization::choose_progressive(graph, normalisation, calibration, options, cost).options;
}

}  // namespace

Prepared prepare(const scenario::Scenario& scenario, Inputs& inputs, const MeasuredCost& cost) {
  Prepared prepared;
  if (!scenario.network.model.empty()) prepared.graph = inputs.model(scenario);
  const scenario::Quantisation& quantisation = scenario.quantisation;
  if (!quantisation.file.empty()) {
    prepared.given = inputs.given(scenario);
    prepared.network = prepared.given ? prepared.given->taken.network : inputs.quantised(scenario);
  } else {
    const quantization::Scheme& scheme = quantization::find_scheme(quantisation.options.scheme);
    const network::Dataset& calibration = load_calibration(scenario, inputs);
    network::require_classes(prepared.graph->name, network::output_shape(*prepared.graph), calibration);
    prepared.graph = network::fit_input(std::move(*prepared.graph), calibration.shape);
    require_shape(scenario, *prepared.graph, calibration);
    try {
      const network::Normalisation normalisation = inputs.normalisation(scenario);
      prepared.network = scheme.quantise(*prepared.graph, normalisation, calibration,
                                         choose_options(scenario, *prepared.graph, normalisation, calibration, cost));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: {}", scenario.file, error.what()));
    }
  }
  network::validate(prepared.network);
  prepared.scheme = describe(quantisation, prepared.network);
  return prepared;
}

Prepared prepare_stored(const scenario::Scenario& scenario, network::QuantisedNetwork network) {
  network::validate(network);
  Prepared prepared;
  prepared.scheme = describe(scenario.quantisation, network);
  prepared.network = std::move(network);
  return prepared;
}

}  // namespace lutra::exploration
