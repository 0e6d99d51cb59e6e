#include <cmath>

#include "software/quantization/lowering/encodings.h"
#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double tiny = 1e-12;

// APQ with each plane taking the sign of what the larger ones leave, moved by latents of its own: from the largest k
// down, B_k = sign(R + V_k), R becoming R + V_k - 2^a c_k B_k, with R = W and no V at the largest. A weight that
// crosses the boundary of a large plane so turns the smaller ones with it. 2^a is the power of two nearest to a fixed
// multiple of mean |W|. W and every V have the gradient of the values. [ours]
class ResidualPlaneWeights final : public WeightQuantiser {
 public:
  ResidualPlaneWeights(const WeightSpec& spec, const Tensor& initial)
      : coefficients_(quantization::doubling_coefficients(spec.bits, knob(spec, "zero", {"true", "false"}) == "true")) {
    const Tensor unit = best_units(by_filter(initial));
    const Tensor power = nearest_power(unit);
    const Tensor scaled = by_filter(initial) * (power / unit).unsqueeze(1);
    weights_ = register_parameter("weights", scaled.reshape(initial.sizes()).clone());
    offsets_ = register_parameter("offsets", torch::zeros({spec.bits - 1, scaled.size(0), scaled.size(1)}));
    ratio_ = register_buffer("ratio", power / scaled.abs().mean(1).clamp_min(tiny));
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), weights_);
    const Tensor moved = by_filter(weights_) + offsets_.sum(0);
    const Tensor quantised = integers(by_filter(weights_), offsets_, scales()) * scales().unsqueeze(1);
    return (moved + (quantised - moved).detach()).reshape(weights_.sizes());
  }

  network::Weights codes() override {
    network::Weights codes = pack(integers(by_filter(weights_), offsets_, scales()), scales());
    network::PlaneWeights planes;
    planes.planes.assign(coefficients_.size(), network::PlaneAlphabet::signs);
    for (std::size_t filter = 0; filter < codes.scales.size(); ++filter)
      planes.coefficients.insert(planes.coefficients.end(), coefficients_.begin(), coefficients_.end());
    codes.encoding = planes;
    return codes;
  }

  Tensor latent() override { return weights_; }

 private:
  static Tensor nearest_power(const Tensor& x) { return torch::exp2(torch::round(torch::log2(x.clamp_min(tiny)))); }

  Tensor scales() const {
    const torch::NoGradGuard no_gradient;
    return nearest_power(by_filter(weights_).abs().mean(1) * ratio_);
  }

  // Sums of the planes, in units of the scale. `offsets` may be undefined: none.
  Tensor integers(const Tensor& weights, const Tensor& offsets, const Tensor& scales) const {
    const torch::NoGradGuard no_gradient;
    Tensor residual = weights / scales.unsqueeze(1);
    Tensor sum = torch::zeros_like(residual);
    for (std::size_t k = coefficients_.size(); k-- > 0;) {
      if (offsets.defined() && k + 1 < coefficients_.size())
        residual = residual + offsets[static_cast<std::int64_t>(k)] / scales.unsqueeze(1);
      const Tensor plane =
          torch::where(residual >= 0, 1.0, -1.0).to(residual.scalar_type()) * static_cast<double>(coefficients_[k]);
      sum = sum + plane;
      residual = residual - plane;
    }
    return sum;
  }

  // Per filter the scale of least squared error among 64 that divide the largest magnitude.
  Tensor best_units(const Tensor& weights) const {
    const torch::NoGradGuard no_gradient;
    constexpr int candidates = 64;
    double most = 0;
    for (const std::int16_t c : coefficients_) most += c;
    const Tensor widest = weights.abs().amax(1).clamp_min(tiny) / most;
    Tensor best = widest.clone();
    Tensor least = torch::full_like(widest, INFINITY);
    for (int part = candidates; part >= 1; --part) {
      const Tensor unit = widest * part / candidates;
      const Tensor value = integers(weights, Tensor(), unit) * unit.unsqueeze(1);
      const Tensor error = (value - weights).square().sum(1);
      best = torch::where(error < least, unit, best);
      least = torch::minimum(error, least);
    }
    return best;
  }

  std::vector<std::int16_t> coefficients_;
  Tensor weights_, offsets_, ratio_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_residual_plane_weights(const WeightSpec& spec, const Tensor& initial) {
  return std::make_shared<ResidualPlaneWeights>(spec, initial);
}

}  // namespace lutra::training
