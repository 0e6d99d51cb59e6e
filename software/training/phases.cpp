#include "software/training/phases.h"

#include <fmt/format.h>

#include <algorithm>

namespace lutra::training {

namespace {

std::string title_of(const std::optional<TrainedScheme>& scheme) {
  if (!scheme) return "float";
  const quantization::Options& options = scheme->section.options;
  return scheme->float_activations ? fmt::format("W{} float A", options.weight_bits)
                                   : fmt::format("W{} A{}", options.weight_bits, options.activation_bits);
}

}  // namespace

std::vector<Phase> make_phases(const TrainingFile& training, const quantization::Options& options) {
  Phase last{"", "checkpoint.pt", training.scheme, training.recipe};
  if (last.scheme) last.scheme->section.options = options;
  last.title = title_of(last.scheme);
  std::vector<Phase> phases;
  for (const Lowering& lowering : training.lower) {
    Phase phase = last;
    quantization::Options& lowered = phase.scheme->section.options;
    lowered.weight_bits = lowering.weight_bits;
    if (lowering.activation_bits) lowered.activation_bits = *lowering.activation_bits;
    for (auto& [name, widths] : lowered.layers) {
      widths.weight_bits = std::max(widths.weight_bits, lowered.weight_bits);
      if (lowering.activation_bits)
        widths.activation_bits = std::max(widths.activation_bits, *lowering.activation_bits);
    }
    phase.recipe.epochs = lowering.epochs;
    phase.recipe.warm_up = std::min(phase.recipe.warm_up, static_cast<double>(lowering.epochs));
    if (lowering.rate) phase.recipe.rate = *lowering.rate;
    phase.title = title_of(phase.scheme);
    phase.checkpoint = fmt::format("phase{}.pt", phases.size() + 1);
    phases.push_back(phase);
  }
  phases.push_back(last);
  return phases;
}

}  // namespace lutra::training
