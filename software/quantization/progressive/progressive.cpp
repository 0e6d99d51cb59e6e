#include "software/quantization/progressive/progressive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/float/fold.h"
#include "software/quantization/lowering/layers.h"
#include "software/quantization/lowering/plan.h"
#include "software/quantization/lowering/widths.h"
#include "software/quantization/progressive/separability.h"

namespace lutra::quantization {

namespace {

// A layer's fall by one level when t passes `threshold`.
struct Fall {
  double threshold;
  std::size_t layer;
};

// In the order in which a falling t meets them.
std::vector<Fall> falls(const std::vector<double>& separability, std::size_t levels) {
  std::vector<Fall> all;
  const auto steps = static_cast<double>(levels - 1);
  for (std::size_t layer = 0; layer < separability.size(); ++layer)
    for (std::size_t step = 1; step < levels; ++step)
      all.push_back({separability[layer] * steps / static_cast<double>(step), layer});
  std::stable_sort(all.begin(), all.end(), [](const Fall& a, const Fall& b) {
    return a.threshold != b.threshold ? a.threshold > b.threshold : a.layer > b.layer;
  });
  return all;
}

void check_levels(const Options& options) {
  const std::vector<int>& levels = options.progressive->levels;
  const std::vector<int>& activations = options.progressive->activation_levels;
  if (levels.empty() || levels.front() > 8 || levels.back() < 1 ||
      std::adjacent_find(levels.begin(), levels.end(), std::less_equal<>()) != levels.end())
    throw Error("progressive.levels must descend within 8 to 1, as [4, 3, 2]");
  if (activations.empty()) return;
  if (options.activations != ActivationCoding::uniform)
    throw Error("progressive.activation_levels go with 'activations: uniform' alone");
  if (activations.size() != levels.size() || activations.front() > 8 || activations.back() < 2 ||
      std::adjacent_find(activations.begin(), activations.end(), std::less<>()) != activations.end())
    throw Error(fmt::format(
        "progressive.activation_levels must be as many as the {} levels and not rise, within 8 to 2", levels.size()));
}

class Search {
 public:
  Search(const network::Graph& graph, const network::Normalisation& normalisation, const network::Dataset& calibration,
         const Options& options, const NetworkCost& cost)
      : graph_(graph),
        normalisation_(normalisation),
        calibration_(calibration),
        options_(options),
        cost_(cost),
        levels_(options.progressive->levels),
        activation_levels_(options.progressive->activation_levels) {
    check_levels(options);
    options_.progressive.reset();
    find_layers(options.progressive->images);
  }

  ProgressiveChoice run(double budget) {
    ProgressiveChoice choice;
    choice.homogeneous_cost = cost_of(options_);
    choice.budget = budget <= 1 ? budget * choice.homogeneous_cost : budget;
    // The least number of steps that keeps the budget; `kept` does, and what is below `low` does not.
    std::size_t kept = separability_.size() * (levels_.size() - 1);
    choice.cost = cost_of(with_bits(kept));
    if (choice.cost > choice.budget)
      throw Error(
          fmt::format("progressive: with {} bits in every layer the network still takes {:.0f}, and the budget is "
                      "{:.0f}; raise it or give lower levels",
                      levels_.back(), choice.cost, choice.budget));
    for (std::size_t low = 0; low < kept;) {
      const std::size_t middle = low + (kept - low) / 2;
      const double found = cost_of(with_bits(middle));
      if (found <= choice.budget) {
        kept = middle;
        choice.cost = found;
      } else {
        low = middle + 1;
      }
    }
    choice.options = with_bits(kept);
    const std::vector<int> bits = progressive_bits(separability_, levels_, kept);
    for (std::size_t i = 0; i < bits.size(); ++i)
      choice.layers.push_back({names_[i], separability_[i], bits[i], activation_bits(i, bits[i])});
    return choice;
  }

 private:
  void find_layers(int images) {
    const network::Graph folded = network::remove_unused(network::fold_batch_normalization(graph_));
    const LayeredGraph layered = make_layers(folded);
    const Widths widths = resolve_widths(layered.layers, options_);
    std::vector<network::TensorId> tensors;
    for (std::size_t i = 0; i < layered.layers.size(); ++i) {
      const Layer& layer = layered.layers[i];
      if (!is_matrix(layer) || std::holds_alternative<network::BatchNormalization>(layer.op) ||
          widths.first_or_last[i] || widths.overridden[i])
        continue;
      names_.push_back(layer.name);
      activation_bits_.push_back(widths.layers[i].activation_bits);
      tensors.push_back(layer.output);
    }
    if (names_.empty()) throw Error("progressive: no layer lies between the first and the last");
    separability_ = normalised_separability(separability(folded, normalisation_, calibration_, images, tensors));
  }

  Options with_bits(std::size_t steps) const {
    Options options = options_;
    const std::vector<int> bits = progressive_bits(separability_, levels_, steps);
    for (std::size_t i = 0; i < bits.size(); ++i) options.layers[names_[i]] = {bits[i], activation_bits(i, bits[i])};
    return options;
  }

  int activation_bits(std::size_t layer, int weight_bits) const {
    if (activation_levels_.empty()) return activation_bits_[layer];
    const auto level = std::find(levels_.begin(), levels_.end(), weight_bits) - levels_.begin();
    return activation_levels_[static_cast<std::size_t>(level)];
  }

  double cost_of(const Options& options) const {
    return cost_(find_scheme(options.scheme).quantise(graph_, normalisation_, calibration_, options));
  }

  const network::Graph& graph_;
  const network::Normalisation& normalisation_;
  const network::Dataset& calibration_;
  Options options_;
  const NetworkCost& cost_;
  std::vector<int> levels_;
  std::vector<int> activation_levels_;
  std::vector<std::string> names_;
  std::vector<int> activation_bits_;
  std::vector<double> separability_;
};

}  // namespace

std::vector<double> normalised_separability(std::vector<double> values) {
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const double low = *lowest;
  const double range = *highest - low;
  double maximum = 0;
  for (double& value : values) value = maximum = std::max(maximum, range > 0 ? (value - low) / range : 0.0);
  return values;
}

std::vector<int> progressive_bits(const std::vector<double>& separability, const std::vector<int>& levels,
                                  std::size_t steps) {
  std::vector<std::size_t> level(separability.size());
  const std::vector<Fall> all = falls(separability, levels.size());
  for (std::size_t i = 0; i < steps; ++i) ++level[all[i].layer];
  std::vector<int> bits;
  for (const std::size_t index : level) bits.push_back(levels[index]);
  return bits;
}

std::string levels_text(const Progressive& progressive) {
  if (progressive.activation_levels.empty()) return fmt::format("{}", fmt::join(progressive.levels, ", "));
  std::vector<std::string> levels;
  for (std::size_t i = 0; i < progressive.levels.size(); ++i)
    levels.push_back(fmt::format("W{} A{}", progressive.levels[i], progressive.activation_levels[i]));
  return fmt::format("{}", fmt::join(levels, ", "));
}

NetworkCost memory_cost() {
  return [](const network::QuantisedNetwork& network) {
    return static_cast<double>((network::weight_bits(network) + 7) / 8);
  };
}

ProgressiveChoice choose_progressive(const network::Graph& graph, const network::Normalisation& normalisation,
                                     const network::Dataset& calibration, const Options& options,
                                     const NetworkCost& cost) {
  network::validate(graph);
  return Search(graph, normalisation, calibration, options, cost).run(options.progressive->budget);
}

}  // namespace lutra::quantization
