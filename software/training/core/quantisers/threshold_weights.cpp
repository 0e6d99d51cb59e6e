#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double threshold_factor = 0.7;  // Li et al. 2016, "Ternary Weight Networks", equation 6

// TWN: -1, 0, 1 with delta = 0.7 mean |W| and the mean of |W| above it as the scale, per filter; BWN: signs with the
// scale mean |W| (Rastegari et al. 2016). Both are computed anew from the float weights at every step, and the gradient
// of the values is that of the weights.
class ThresholdWeights final : public WeightQuantiser {
 public:
  ThresholdWeights(const WeightSpec& spec, const Tensor& initial) : is_binary_(spec.scheme == "bwn") {
    weights_ = register_parameter("weights", initial.clone());
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), weights_);
    const auto [letters, scales] = quantised();
    return weights_ + ((letters * scales.unsqueeze(1)).reshape(weights_.sizes()) - weights_).detach();
  }

  network::Weights codes() override {
    const auto [letters, scales] = quantised();
    network::Weights codes = pack(letters, scales);
    if (is_binary_) {
      network::PlaneWeights planes{{network::PlaneAlphabet::signs}, {}};
      planes.coefficients.assign(codes.scales.size(), 1);
      codes.encoding = planes;
    } else {
      codes.encoding = network::TernaryWeights{};
    }
    return codes;
  }

  Tensor latent() override { return weights_; }

 private:
  struct Quantised {
    Tensor letters, scales;
  };

  Quantised quantised() const {
    const torch::NoGradGuard no_gradient;
    const Tensor weights = by_filter(weights_);
    const Tensor magnitudes = weights.abs();
    if (is_binary_) return {torch::where(weights >= 0, 1.0, -1.0), magnitudes.mean(1)};
    const Tensor threshold = threshold_factor * magnitudes.mean(1, /*keepdim=*/true);
    const Tensor kept = (magnitudes > threshold).to(torch::kFloat32);
    return {weights.sign() * kept, (magnitudes * kept).sum(1) / kept.sum(1).clamp_min(1)};
  }

  bool is_binary_;
  Tensor weights_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_threshold_weights(const WeightSpec& spec, const Tensor& initial) {
  return std::make_shared<ThresholdWeights>(spec, initial);
}

}  // namespace lutra::training
