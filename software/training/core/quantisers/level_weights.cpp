#include <cmath>

#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/encodings.h"
#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double least_level_step = 1e-8;

struct Levels {
  network::WeightEncoding encoding;
  std::vector<float> values;      // ascending
  std::vector<float> boundaries;  // between neighbours
};

Levels levels_of(const network::WeightEncoding& encoding, bool logarithmic) {
  Levels levels{encoding, {}, {}};
  for (const int value : network::weight_values(encoding, 0)) levels.values.push_back(static_cast<float>(value));
  for (std::size_t i = 1; i < levels.values.size(); ++i) {
    const float a = levels.values[i - 1];
    const float b = levels.values[i];
    const bool between_powers = logarithmic && a * b > 0;
    levels.boundaries.push_back(between_powers ? std::copysign(std::sqrt(a * b), a) : (a + b) / 2);
  }
  return levels;
}

Levels levels_of(const WeightSpec& spec) {
  if (spec.scheme == "apot") return levels_of(quantization::apot_encoding(spec.bits), false);
  if (spec.scheme == "power_of_two") return levels_of(quantization::power_of_two_encoding(spec.bits), true);
  return levels_of(network::UniformWeights{spec.bits}, false);
}

// The value set of the encoding times a learned step per filter. Straight-through for what is not clamped; the step's
// gradient is that of LSQ, with the values in place of the integers, times 1 / sqrt(N Q), N the filter's weights and Q
// the highest value; times 1 / (sqrt(N) Q) where errors grow with the values, as those of powers of two do [ours].
// `power_of_two` rounds logarithms (DeepShift-Q). `apot` normalises the layer's weights first.
class LevelWeights final : public WeightQuantiser {
 public:
  LevelWeights(const WeightSpec& spec, const Tensor& initial)
      : levels_(levels_of(spec)), normalises_(spec.scheme == "apot") {
    weights_ = register_parameter("weights", initial.clone());
    values_ = register_buffer("levels", torch::tensor(levels_.values));
    boundaries_ = register_buffer("boundaries", torch::tensor(levels_.boundaries));
    step_ = register_parameter("step", best_steps());
    const double count = static_cast<double>(initial.numel() / initial.size(0));
    const double highest = levels_.values.back();
    factor_ = 1 / (spec.scheme == "power_of_two" ? std::sqrt(count) * highest : std::sqrt(count * highest));
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), weights_);
    const Tensor weights = by_filter(normalised());
    const Tensor step = scale_gradient(step_).unsqueeze(1);
    const Tensor scaled = weights / step;
    const Tensor clamped = torch::clamp(scaled, levels_.values.front(), levels_.values.back());
    const Tensor value = clamped + (nearest(scaled) - clamped).detach();
    return (value * step).reshape(weights_.sizes());
  }

  network::Weights codes() override {
    const torch::NoGradGuard no_gradient;
    network::Weights codes = pack(nearest(by_filter(normalised()) / step_.unsqueeze(1)), step_);
    codes.encoding = levels_.encoding;
    return codes;
  }

  Tensor latent() override { return weights_; }

  void constrain() override { step_.clamp_min_(least_level_step); }

 private:
  // Weight normalisation of APoT (Li et al., ICLR 2020).
  Tensor normalised() const {
    if (!normalises_) return weights_;
    return (weights_ - weights_.mean()) / (weights_.std() + 1e-6);
  }

  Tensor nearest(const Tensor& scaled) const {
    const torch::NoGradGuard no_gradient;
    return values_.index({torch::bucketize(scaled.contiguous(), boundaries_, /*out_int32=*/false, /*right=*/true)});
  }

  // The same value, its gradient times the factor.
  Tensor scale_gradient(const Tensor& x) const { return x * factor_ + (x - x * factor_).detach(); }

  // Per filter the step of least squared error among 64 that divide the largest magnitude.
  Tensor best_steps() const {
    const torch::NoGradGuard no_gradient;
    constexpr int candidates = 64;
    const Tensor weights = by_filter(normalised());
    const Tensor widest = (weights.abs().amax(1) / levels_.values.back()).clamp_min(least_level_step);
    Tensor best = widest.clone();
    Tensor least = torch::full_like(widest, INFINITY);
    for (int part = candidates; part >= 1; --part) {
      const Tensor step = widest * part / candidates;
      const Tensor error = (nearest(weights / step.unsqueeze(1)) * step.unsqueeze(1) - weights).square().sum(1);
      best = torch::where(error < least, step, best);
      least = torch::minimum(error, least);
    }
    return best;
  }

  Levels levels_;
  bool normalises_;
  double factor_ = 1;
  Tensor weights_, step_, values_, boundaries_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_level_weights(const WeightSpec& spec, const Tensor& initial) {
  return std::make_shared<LevelWeights>(spec, initial);
}

}  // namespace lutra::training
