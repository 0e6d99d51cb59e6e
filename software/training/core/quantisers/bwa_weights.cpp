#include <algorithm>
#include <cmath>

#include "software/quantization/lowering/encodings.h"
#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double least_scale_step = 1e-8;

// q = round(clip(W / step)) with bits b_k; value = step * sum of alpha_k * weight_k * letter_k, alpha starting at 1, so
// that training starts uniform; thresholds stay uniform and only the values move. Gradients: alpha exactly, the step as
// LSQ, W straight-through inside the clip. Outside training the coefficients are integers of 8 bits. [paper; letters,
// granularity (per filter) and rounding: ours]
class BwaWeights final : public WeightQuantiser {
 public:
  BwaWeights(const WeightSpec& spec, const Tensor& initial)
      : bits_(spec.bits), signs_(knob(spec, "letters", {"bits", "signs"}) == "signs") {
    planes_ = quantization::integer_planes(bits_, signs_).planes;
    offset_ = signs_ ? 0.5 : 0.0;
    low_ = -(1 << (bits_ - 1));
    high_ = (1 << (bits_ - 1)) - 1;
    factor_ = 1 / std::sqrt(static_cast<double>(initial.numel() / initial.size(0)) * high_);
    weights_ = register_parameter("weights", initial.clone());
    std::vector<float> table;  // [code][bit]: what a set alpha of 1 adds, in steps
    for (int code = low_; code <= high_; ++code)
      for (int bit = 0; bit < bits_; ++bit) table.push_back(static_cast<float>(part(code, bit)));
    table_ = register_buffer("table", torch::tensor(table).reshape({-1, bits_}));
    alpha_ = register_parameter("alpha", torch::ones({initial.size(0), bits_}));
    step_ = register_parameter("step", best_steps());
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), weights_);
    const Tensor step = (step_ * factor_ + (step_ - step_ * factor_).detach()).unsqueeze(1);
    const Tensor scaled = by_filter(weights_) / step;
    const Tensor clamped = torch::clamp(scaled, low_ + offset_, high_ + offset_);
    const Tensor letters = table_.index({indices(scaled)});  // [filter][weight][bit]
    const Tensor level = torch::matmul(letters, alpha_.unsqueeze(2)).squeeze(2);
    const Tensor value = level + clamped - clamped.detach();
    return (value * step).reshape(weights_.sizes());
  }

  network::Weights codes() override {
    const torch::NoGradGuard no_gradient;
    const Tensor index = indices(by_filter(weights_) / step_.unsqueeze(1)).to(torch::kCPU).contiguous();
    const Tensor alpha = alpha_.to(torch::kCPU, torch::kFloat64).contiguous();
    const Tensor step = step_.to(torch::kCPU, torch::kFloat64).contiguous();
    network::Weights codes;
    network::PlaneWeights encoding{planes_, {}};
    for (std::int64_t filter = 0; filter < index.size(0); ++filter) {
      std::vector<double> real;
      for (int bit = 0; bit < bits_; ++bit) real.push_back(alpha[filter][bit].item<double>() * weight(bit));
      const auto [integers, unit] = quantization::round_coefficients(real, planes_);
      encoding.coefficients.insert(encoding.coefficients.end(), integers.begin(), integers.end());
      codes.scales.push_back(step[filter].item<double>() * unit);
      const auto* own = index.data_ptr<std::int64_t>() + filter * index.size(1);
      for (std::int64_t i = 0; i < index.size(1); ++i) {
        const unsigned code = bits_of(static_cast<int>(own[i]) + low_);
        int value = 0;
        for (std::size_t bit = 0; bit < planes_.size(); ++bit)
          value += integers[bit] * quantization::plane_letter(planes_[bit], code, bit);
        codes.values.push_back(static_cast<std::int16_t>(value));
      }
    }
    codes.encoding = encoding;
    return codes;
  }

  Tensor latent() override { return weights_; }

  void constrain() override { step_.clamp_min_(least_scale_step); }

 private:
  // The planes' bits of an integer: two's complement, or offset binary where letters are signs.
  unsigned bits_of(int code) const { return static_cast<unsigned>(signs_ ? code - low_ : code); }
  double weight(int bit) const {
    const double power = std::ldexp(1.0, bit);
    return signs_ ? power / 2 : bit == bits_ - 1 ? -power : power;
  }
  double part(int code, int bit) const {
    return weight(bit) * quantization::plane_letter(planes_[static_cast<std::size_t>(bit)], bits_of(code),
                                                    static_cast<std::size_t>(bit));
  }

  // Rows of the table: code - low.
  Tensor indices(const Tensor& scaled) const {
    const torch::NoGradGuard no_gradient;
    return (torch::floor(torch::clamp(scaled - offset_, low_, high_) + 0.5) - low_).to(torch::kInt64);
  }

  Tensor best_steps() const {
    const torch::NoGradGuard no_gradient;
    constexpr int candidates = 64;
    const Tensor weights = by_filter(weights_);
    const Tensor widest = (weights.abs().amax(1) / (high_ + offset_)).clamp_min(least_scale_step);
    Tensor best = widest.clone();
    Tensor least = torch::full_like(widest, INFINITY);
    for (int part_of = candidates; part_of >= 1; --part_of) {
      const Tensor step = (widest * part_of / candidates).unsqueeze(1);
      const Tensor value = (indices(weights / step) + low_ + offset_) * step;
      const Tensor error = (value - weights).square().sum(1);
      best = torch::where(error < least, step.squeeze(1), best);
      least = torch::minimum(error, least);
    }
    return best;
  }

  int bits_;
  bool signs_;
  int low_ = 0;
  int high_ = 0;
  double offset_ = 0;  // of the levels, in steps
  double factor_ = 1;
  std::vector<network::PlaneAlphabet> planes_;
  Tensor weights_, step_, alpha_, table_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_bwa_weights(const WeightSpec& spec, const Tensor& initial) {
  return std::make_shared<BwaWeights>(spec, initial);
}

}  // namespace lutra::training
