#include "software/quantization/options_yaml.h"

#include "software/common/error.h"
#include "software/quantization/parameters.h"

namespace lutra::quantization {

namespace {

LayerWidths read_widths(const YamlReader& reader, LayerWidths widths) {
  const YamlMapping keys = reader.mapping({"weight_bits", "activation_bits"});
  keys.read("weight_bits", widths.weight_bits, 1, 8);
  keys.read("activation_bits", widths.activation_bits, 2, 8);
  return widths;
}

Progressive read_progressive(const YamlReader& reader) {
  using Measure = Progressive::Measure;
  constexpr Measure measures[] = {Measure::memory, Measure::cycles, Measure::energy};
  Progressive progressive;
  const YamlMapping keys = reader.mapping({"levels", "activation_levels", "measure", "budget", "images"});
  if (keys.has("levels")) {
    progressive.levels.clear();
    for (const YamlReader& level : keys.at("levels").items())
      progressive.levels.push_back(static_cast<int>(level.integer(1, 8)));
  }
  if (keys.has("activation_levels"))
    for (const YamlReader& level : keys.at("activation_levels").items())
      progressive.activation_levels.push_back(static_cast<int>(level.integer(2, 8)));
  if (keys.has("measure")) progressive.measure = measures[keys.at("measure").choice({"memory", "cycles", "energy"})];
  keys.read("budget", progressive.budget, 1e-3, 1e15);
  keys.read("images", progressive.images, 1, 100000);
  return progressive;
}

// How activations are coded and rescaled.
void read_activations(const YamlMapping& keys, Options& options) {
  constexpr ActivationCoding codings[] = {ActivationCoding::uniform, ActivationCoding::ternary, ActivationCoding::bwa};
  if (keys.has("activations"))
    options.activations = codings[keys.at("activations").choice({"uniform", "ternary", "bwa"})];
  if (options.activations == ActivationCoding::ternary) options.activation_bits = 2;
  keys.read("activation_bits", options.activation_bits, 2, 8);
  if (options.activations == ActivationCoding::ternary && options.activation_bits != 2)
    keys.at("activation_bits").fail("ternary activations have 2 bits");
  if (options.activations == ActivationCoding::bwa && options.activation_bits > 4)
    keys.reader().fail("activations: bwa needs activation_bits of 2 to 4");
  if (keys.has("requantise") && keys.at("requantise").choice({"multiplier", "shift"}) == 1)
    options.requantise = RequantiseForm::shift;
}

// The scheme, its weights' width and its own parameters.
void read_weights(const YamlMapping& keys, Options& options) {
  std::vector<std::string> names;
  for (const Scheme* known : schemes()) names.push_back(known->name());
  options.scheme = names[keys.at("name").choice(names)];
  const Scheme& scheme = find_scheme(options.scheme);
  const WidthRange widths = scheme.weight_widths();
  if (widths.lowest == widths.highest) options.weight_bits = widths.lowest;
  if (options.weight_bits < widths.lowest || options.weight_bits > widths.highest || keys.has("weight_bits"))
    options.weight_bits = static_cast<int>(keys.at("weight_bits").integer(widths.lowest, widths.highest));
  if (!keys.has("parameters")) return;
  for (const auto& [name, value] : keys.at("parameters").entries()) options.parameters[name] = value.text();
  try {
    Parameters(scheme.parameters(), options.parameters);
  } catch (const Error& error) {
    keys.at("parameters").fail(error.what());
  }
}

}  // namespace

SchemeSection read_scheme(const YamlReader& reader) {
  SchemeSection section;
  Options& options = section.options;
  const YamlMapping keys = reader.mapping({"name", "weight_bits", "activation_bits", "first_last_bits", "layers",
                                           "range", "percentile", "calibration_images", "calibration_split",
                                           "wide_skip", "activations", "requantise", "progressive", "parameters"});
  read_weights(keys, options);
  read_activations(keys, options);
  keys.read("first_last_bits", options.first_last_bits, 0, 8);
  if (options.first_last_bits == 1)
    keys.at("first_last_bits").fail("1 is too few; give 2 to 8, or 0 for 'as the others'");
  if (keys.has("layers"))
    for (const auto& [layer, widths] : keys.at("layers").entries())
      options.layers[layer] = read_widths(widths, {options.weight_bits, options.activation_bits});
  if (keys.has("range")) {
    constexpr RangeMethod methods[] = {RangeMethod::minimum_maximum, RangeMethod::percentile,
                                       RangeMethod::mean_squared_error};
    options.range = methods[keys.at("range").choice({"minimum_maximum", "percentile", "mean_squared_error"})];
  }
  keys.read("percentile", options.percentile, 50, 100);
  keys.read("calibration_images", options.calibration_images, 1, 100000);
  if (keys.has("calibration_split"))
    section.calibration_split =
        keys.at("calibration_split").choice({"train", "test"}) == 0 ? network::Split::train : network::Split::test;
  keys.read("wide_skip", options.wide_skip);
  if (keys.has("progressive")) {
    options.progressive = read_progressive(keys.at("progressive"));
    if (section.calibration_split == network::Split::test)
      keys.at("progressive")
          .fail(
              "bits are chosen by labels, and those of the test split must not decide; calibrate "
              "on the train split");
  }
  return section;
}

}  // namespace lutra::quantization
