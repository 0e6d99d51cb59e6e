#include "software/quantization/lowering/widths.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "software/common/error.h"
#include "software/common/nearest.h"
#include "software/quantization/lowering/activations.h"

namespace lutra::quantization {

namespace {

void check_bits(int bits, const std::string& what, int lowest = 2) {
  if (bits < lowest || bits > 8)
    throw Error(fmt::format("{}: {} bits are not possible; give {} to 8", what, bits, lowest));
}

void check_coding(const Options& options) {
  if (options.activations == ActivationCoding::uniform || is_coded(options.activations, options.activation_bits))
    return;
  const bool ternary = options.activations == ActivationCoding::ternary;
  throw Error(fmt::format("activation_bits is {}; activations: {} has {}", options.activation_bits,
                          ternary ? "ternary" : "bwa", ternary ? "2 bits" : "2 to 4 bits"));
}

bool multiplies(const Layer& layer) {
  return std::holds_alternative<network::Convolution>(layer.op) || std::holds_alternative<network::Linear>(layer.op);
}

void widen_first_and_last(const std::vector<Layer>& layers, int bits, Widths& widths) {
  const auto first = std::find_if(layers.begin(), layers.end(), multiplies);
  if (first == layers.end()) return;
  const auto last = std::prev(std::find_if(layers.rbegin(), layers.rend(), multiplies).base());
  for (const auto& layer : {first, last}) {
    const auto index = static_cast<std::size_t>(layer - layers.begin());
    widths.layers[index].weight_bits = bits;
    widths.first_or_last[index] = true;
  }
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].output == last->inputs[0]) widths.layers[i].activation_bits = bits;
}

[[noreturn]] void refuse_unknown(const std::string& name, const std::vector<Layer>& layers) {
  std::vector<std::string> names;
  for (const Layer& layer : layers) {
    if (std::find(layer.nodes.begin(), layer.nodes.end(), name) != layer.nodes.end())
      throw Error(
          fmt::format("layer '{}' is computed within layer '{}'; give the widths under that name", name, layer.name));
    names.push_back(layer.name);
  }
  const std::string nearest_name = nearest(name, names);
  throw Error(fmt::format("layer '{}' does not exist, so it cannot be given widths{}", name,
                          nearest_name.empty() ? "" : fmt::format("; did you mean '{}'?", nearest_name)));
}

}  // namespace

Widths resolve_widths(const std::vector<Layer>& layers, const Options& options) {
  check_bits(options.weight_bits, "weight_bits", 1);
  check_bits(options.activation_bits, "activation_bits");
  check_coding(options);
  if (options.first_last_bits != 0) check_bits(options.first_last_bits, "first_last_bits");
  Widths widths;
  widths.input_bits = options.first_last_bits != 0 ? options.first_last_bits : options.activation_bits;
  widths.layers.assign(layers.size(), {options.weight_bits, options.activation_bits});
  widths.overridden.assign(layers.size(), false);
  widths.first_or_last.assign(layers.size(), false);
  if (options.first_last_bits != 0) widen_first_and_last(layers, options.first_last_bits, widths);
  for (const auto& [name, given] : options.layers) {
    check_bits(given.weight_bits, fmt::format("layer '{}', weight_bits", name), 1);
    check_bits(given.activation_bits, fmt::format("layer '{}', activation_bits", name));
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [&wanted = name](const Layer& layer) { return layer.name == wanted; });
    if (found == layers.end()) refuse_unknown(name, layers);
    const auto index = static_cast<std::size_t>(found - layers.begin());
    widths.layers[index] = given;
    widths.overridden[index] = true;
    widths.first_or_last[index] = false;
  }
  return widths;
}

}  // namespace lutra::quantization
