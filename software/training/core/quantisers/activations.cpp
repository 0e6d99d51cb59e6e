#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "software/training/core/activation_quantiser.h"
#include "software/training/core/quantisers/code_quantisation.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double least_step = 1e-6;

double item(const Tensor& x) { return x.item<double>(); }

// Codes at equal distances with a learned step: what all but STTN's own ternary activations share.
class SteppedQuantiser : public ActivationQuantiser {
 public:
  SteppedQuantiser(int low, int high) : low_(low), high_(high) {
    step_ = register_parameter("step", torch::ones({1}));
    initialised_ = register_buffer("initialised", torch::zeros({1}));
    codes_ = register_buffer("codes", torch::arange(low, high + 1, torch::kFloat32));
  }

  Tensor forward(const Tensor& x) override {
    if (is_training() && initialised_.item<float>() == 0) start(x);
    const auto features = static_cast<double>(x.numel() / x.size(0));
    return quantise_to_levels(x, step_, levels(), low_, high_, is_even(), 1 / std::sqrt(features * high_));
  }

  void constrain() override { step_.clamp_min_(least_step); }

 protected:
  virtual Tensor levels() { return codes_; }  // in units of the step
  virtual bool is_even() const { return true; }

  int low_;
  int high_;
  Tensor step_;
  Tensor codes_;

 private:
  // The step of least squared error among 64 that divide the largest magnitude.
  void start(const Tensor& x) {
    const torch::NoGradGuard no_gradient;
    const Tensor sample = x.detach().to(torch::kFloat32).flatten().slice(0, 0, largest_sample).contiguous();
    const double widest = std::max(item(low_ < 0 ? sample.abs().max() : sample.max()) / high_, least_step);
    double least = -1;
    for (int part = candidates; part >= 1; --part) {
      const double step = widest * part / candidates;
      const Tensor coded = torch::floor(torch::clamp(sample / step, low_, high_) + 0.5) * step;
      const double error = item((coded - (low_ < 0 ? sample : sample.clamp_min(0))).square().sum());
      if (least >= 0 && error >= least) continue;
      least = error;
      step_.fill_(step);
    }
    initialised_.fill_(1);
  }

  static constexpr int candidates = 64;
  static constexpr std::int64_t largest_sample = 1 << 18;

  Tensor initialised_;
};

class UniformActivations final : public SteppedQuantiser {
 public:
  UniformActivations(int bits, bool is_signed)
      : SteppedQuantiser(is_signed ? -(1 << (bits - 1)) : 0, (1 << (is_signed ? bits - 1 : bits)) - 1) {
    encoding_.bits = bits;
    encoding_.is_signed = is_signed;
  }
  ActivationCodes codes() override { return {encoding_, item(step_), item(step_)}; }

 private:
  network::ActivationEncoding encoding_;
};

network::ActivationEncoding ternary_encoding(bool is_signed) {
  network::ActivationEncoding encoding;
  encoding.bits = 2;
  encoding.is_signed = true;
  encoding.is_ternary = true;
  encoding.pad_code = is_signed ? 0 : -1;
  return encoding;
}

// Behind a ReLU: 0, one and two steps. [ours]
class UnsignedTernaryActivations final : public SteppedQuantiser {
 public:
  UnsignedTernaryActivations() : SteppedQuantiser(0, 2) {}
  ActivationCodes codes() override { return {ternary_encoding(false), item(step_), item(step_)}; }
};

// +1 where x >= 0.5, -1 where x < -0.5, else 0; straight-through where |x| <= 1. [code]
class TernaryActivations final : public ActivationQuantiser {
 public:
  TernaryActivations() {
    step_ = register_buffer("step", torch::ones({1}));
    levels_ = register_buffer("levels", torch::arange(-1, 2, torch::kFloat32));
  }
  Tensor forward(const Tensor& x) override { return quantise_to_levels(x, step_, levels_, -1, 1, true, 0.0); }
  ActivationCodes codes() override { return {ternary_encoding(true), 1.0, 1.0}; }

 private:
  Tensor step_, levels_;
};

// Every bit of a code has a learned value that starts as that of a plain integer; thresholds stay even. Values are
// evaluated as integers of 8 bits times a unit. [paper; granularity and rounding: ours]
class BwaActivations final : public SteppedQuantiser {
 public:
  BwaActivations(int bits, bool is_signed)
      : SteppedQuantiser(is_signed ? -(1 << (bits - 1)) : 0, (1 << (is_signed ? bits - 1 : bits)) - 1), bits_(bits) {
    encoding_.bits = bits;
    encoding_.is_signed = is_signed;
    factors_ = register_parameter("factors", torch::ones({bits}));
    std::vector<float> weights;
    for (int code = low_; code <= high_; ++code)
      for (int bit = 0; bit < bits; ++bit) weights.push_back(static_cast<float>(weight(code, bit)));
    weights_ = register_buffer("weights", torch::tensor(weights).reshape({-1, bits}));
  }

  ActivationCodes codes() override {
    const auto [integers, unit] = rounded();
    ActivationCodes codes{encoding_, item(step_), item(step_) * unit};
    for (unsigned code = 0; code < 1u << bits_; ++code) {
      int level = 0;
      for (int bit = 0; bit < bits_; ++bit)
        if ((code >> bit & 1u) != 0) level += integers[static_cast<std::size_t>(bit)];
      codes.encoding.levels.push_back(level);
    }
    return codes;
  }

 protected:
  Tensor levels() override {
    if (is_training()) return weights_.matmul(factors_);
    const auto [integers, unit] = rounded();
    std::vector<float> values;
    for (int code = low_; code <= high_; ++code) {
      int level = 0;
      for (int bit = 0; bit < bits_; ++bit)
        if ((static_cast<unsigned>(code) >> bit & 1u) != 0) level += integers[static_cast<std::size_t>(bit)];
      values.push_back(static_cast<float>(level * unit));
    }
    return torch::tensor(values).to(step_.device());
  }
  bool is_even() const override { return false; }

 private:
  struct Rounded {
    std::vector<int> integers;  // by bit
    double unit;
  };

  // What the bit adds to a code in two's complement.
  double weight(int code, int bit) const {
    const double value = (static_cast<unsigned>(code) >> bit & 1u) != 0 ? 1 << bit : 0;
    return low_ < 0 && bit == bits_ - 1 ? -value : value;
  }

  // Integers that keep every level within -128..127, the largest that do.
  Rounded rounded() {
    constexpr double largest = 127;
    const Tensor factors = factors_.detach().to(torch::kCPU, torch::kFloat64);
    std::vector<double> real;
    double positive = 0;
    double negative = 0;
    for (int bit = 0; bit < bits_; ++bit) {
      const double sign = low_ < 0 && bit == bits_ - 1 ? -1 : 1;
      real.push_back(sign * factors[bit].item<double>() * (1 << bit));
      (real.back() > 0 ? positive : negative) += std::abs(real.back());
    }
    Rounded result{{}, std::max({positive, negative, 1e-30}) / (largest - 0.5 * bits_)};
    for (const double value : real) result.integers.push_back(static_cast<int>(std::floor(value / result.unit + 0.5)));
    return result;
  }

  int bits_;
  network::ActivationEncoding encoding_;
  Tensor factors_, weights_;
};

void check_bits(const ActivationSpec& spec, int lowest, int highest) {
  if (spec.bits < lowest || spec.bits > highest)
    throw std::invalid_argument("activations of coding '" + spec.coding + "' have " + std::to_string(lowest) + " to " +
                                std::to_string(highest) + " bits, not " + std::to_string(spec.bits));
}

}  // namespace

std::shared_ptr<ActivationQuantiser> make_activation_quantiser(const ActivationSpec& spec) {
  if (spec.coding == "uniform") {
    check_bits(spec, 2, 8);
    return std::make_shared<UniformActivations>(spec.bits, spec.is_signed);
  }
  if (spec.coding == "ternary") {
    check_bits(spec, 2, 2);
    if (spec.is_signed) return std::make_shared<TernaryActivations>();
    return std::make_shared<UnsignedTernaryActivations>();
  }
  if (spec.coding == "bwa") {
    check_bits(spec, 2, 4);
    return std::make_shared<BwaActivations>(spec.bits, spec.is_signed);
  }
  throw std::invalid_argument("unknown activation coding '" + spec.coding +
                              "'; the codings are uniform, ternary and bwa");
}

std::vector<std::string> activation_quantiser_names() { return {"uniform", "ternary", "bwa"}; }

}  // namespace lutra::training
