#include <cmath>

#include "software/quantization/lowering/encodings.h"
#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using network::PlaneAlphabet;
using torch::Tensor;

enum class Exponents { none, shared, separate };  // scales that are powers of two, per filter

struct Form {
  std::vector<double> coefficients;  // c_k of W = s_f * sum c_k letter_k
  Exponents exponents = Exponents::none;
  bool is_asymmetric = false;  // planes {0, 1} and {0, -1}
  bool must_differ = false;    // exponents
  int largest_difference = 3;
};

Form form_of(const WeightSpec& spec) {
  Form form;
  if (spec.scheme == "aptq") {
    const std::string name = knob(spec, "form", {"equal", "different", "free", "asymmetric"});
    form.coefficients = {1, 1};
    form.exponents = name == "equal" ? Exponents::shared : Exponents::separate;
    form.is_asymmetric = name == "asymmetric";
    form.must_differ = name == "different";
    form.largest_difference = std::stoi(knob(spec, "largest_difference", {"3", "1", "2", "4", "5", "6"}));
    return form;
  }
  if (spec.scheme == "sttn" || (spec.scheme == "stqn" && knob(spec, "form", {"unit", "compact"}) == "unit")) {
    form.coefficients.assign((std::size_t{1} << spec.bits) - 2, 1.0);
    return form;
  }
  const bool zero = spec.scheme == "stqn" || knob(spec, "zero", {"true", "false"}) == "true";
  for (const std::int16_t c : quantization::doubling_coefficients(spec.bits, zero)) form.coefficients.push_back(c);
  if (spec.scheme == "apq") form.exponents = Exponents::shared;
  return form;
}

Tensor sign_of(const Tensor& x) { return torch::where(x >= 0, 1.0, -1.0).to(torch::kFloat32); }

// Latents [plane][filter][weight] and exponents' factors [plane][filter] -> sum over planes of factor * letter. The
// gradient of plane k is that of STTN's published code [code] with the plane's coefficient: c_k g + sign(V_k) *
// mean_j(sign(V_kj) c_k g_j): the second part is that of the scale, mean |V|, which all planes share.
struct SignPlanes : torch::autograd::Function<SignPlanes> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& latents, const Tensor& factors,
                        const Tensor& letters, const Tensor& coefficients) {
    context->save_for_backward({latents, coefficients});
    return (letters * factors.unsqueeze(2)).sum(0);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& upstream) {
    const auto saved = context->get_saved_variables();
    const Tensor signs = sign_of(saved[0]);
    const Tensor g = upstream[0].unsqueeze(0) * saved[1].reshape({-1, 1, 1});
    return {g + signs * (signs * g).mean(2, /*keepdim=*/true), Tensor(), Tensor(), Tensor()};
  }
};

// Sub-filters of signs, each with its own latent weights: STTN, STQN, APTQ, APQ.
class SignPlaneWeights final : public WeightQuantiser {
 public:
  SignPlaneWeights(const WeightSpec& spec, const Tensor& initial, std::uint64_t seed)
      : form_(form_of(spec)), scheme_(spec.scheme), bits_(spec.bits), shape_(initial.sizes().vec()) {
    const std::string start = knob(spec, "start",
                                   scheme_ == "sttn" ? std::vector<std::string>{"independent", "split"}
                                                     : std::vector<std::string>{"split", "independent"});
    latents_ = register_parameter("latents", start == "split" ? split(by_filter(initial)) : independent(initial, seed));
    std::vector<float> signed_coefficients;
    for (std::size_t k = 0; k < form_.coefficients.size(); ++k)
      signed_coefficients.push_back(
          static_cast<float>(form_.coefficients[k] * (form_.is_asymmetric && k == 1 ? -1 : 1)));
    coefficients_ = register_buffer("coefficients", torch::tensor(signed_coefficients));
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), torch::empty(shape_, latents_.options()));
    const Tensor factors = [&] {
      const torch::NoGradGuard no_gradient;
      return scales() * integer_factors();
    }();
    return SignPlanes::apply(latents_, factors, letters(), coefficients_).reshape(shape_);
  }

  network::Weights codes() override {
    const torch::NoGradGuard no_gradient;
    const Tensor integers = integer_factors();  // [plane][filter]
    const Tensor sum = (letters() * integers.unsqueeze(2)).sum(0);
    const Tensor scale = scales();
    const bool is_unit = scheme_ == "sttn" ||
                         (scheme_ == "stqn" && form_.coefficients.size() != static_cast<std::size_t>(bits_)) ||
                         (scheme_ == "stqn" && bits_ == 2 && form_.coefficients == std::vector<double>{1, 1});
    if (is_unit) {
      network::Weights codes = pack(sum / 2, scale * 2);
      codes.encoding = quantization::unit_sign_encoding(bits_);
      return codes;
    }
    network::Weights codes = pack(sum, scale);
    network::PlaneWeights planes;
    planes.planes.assign(form_.coefficients.size(), PlaneAlphabet::signs);
    if (form_.is_asymmetric) planes.planes = {PlaneAlphabet::positive, PlaneAlphabet::negative};
    const Tensor table = integers.abs().t().contiguous().to(torch::kCPU, torch::kInt16).contiguous();
    planes.coefficients.assign(table.data_ptr<std::int16_t>(), table.data_ptr<std::int16_t>() + table.numel());
    codes.encoding = planes;
    return codes;
  }

  void constrain() override { latents_.clamp_(-1, 1); }  // [code] of STTN; for the other schemes [ours]

 private:
  // Of the letters as encoded: -1 and 1, or 0 and 1 and 0 and -1.
  Tensor letters() const {
    const torch::NoGradGuard no_gradient;
    const Tensor signs = sign_of(latents_.detach());
    if (!form_.is_asymmetric) return signs;
    const Tensor bits = (signs + 1) / 2;
    return torch::stack({bits[0], -bits[1]});
  }

  // The common scale per filter.
  Tensor scales() const {
    const Tensor mean = latents_.detach().abs().mean(2);  // [plane][filter]
    if (form_.exponents == Exponents::none) return mean.mean(0);
    if (form_.exponents == Exponents::shared)
      return torch::exp2(torch::round(torch::log2(mean.mean(0).clamp_min(tiny))));
    const Tensor exponents = separate_exponents(mean);
    return torch::exp2(exponents.amin(0));
  }

  // What a plane counts for in units of the scale, [plane][filter].
  Tensor integer_factors() const {
    const Tensor own = coefficients_.abs().unsqueeze(1).expand({latents_.size(0), latents_.size(1)});
    if (form_.exponents != Exponents::separate) return own;
    const Tensor exponents = separate_exponents(latents_.detach().abs().mean(2));
    return torch::exp2(exponents - exponents.amin(0, /*keepdim=*/true));
  }

  Tensor separate_exponents(const Tensor& mean) const {
    Tensor exponents = torch::round(torch::log2(mean.clamp_min(tiny)));
    const Tensor least = exponents.amax(0) - form_.largest_difference;
    exponents = torch::maximum(exponents, least.unsqueeze(0));
    if (!form_.must_differ) return exponents;
    const Tensor equal = (exponents[0] == exponents[1]).to(torch::kFloat32);
    return torch::stack({exponents[0] + equal, exponents[1]});
  }

  // [code]: normal with deviation 1 / n, each plane on its own.
  Tensor independent(const Tensor& initial, std::uint64_t seed) const {
    auto generator = at::detail::createCPUGenerator(seed);
    const std::int64_t n = initial.numel() / initial.size(0);
    const auto planes = static_cast<std::int64_t>(form_.coefficients.size());
    return torch::randn({planes, initial.size(0), n}, generator) / static_cast<double>(n);
  }

  // [ours] From trained float weights. Planes that count alike split the filter's range evenly, so that a weight
  // crosses one boundary at a time; planes that count differently take successive residuals, the largest first. The
  // latents are then scaled so that their mean magnitude is the scale the values were fitted with.
  Tensor split(const Tensor& weights) const {
    const torch::NoGradGuard no_gradient;
    const auto planes = static_cast<std::int64_t>(form_.coefficients.size());
    const bool alike =
        std::all_of(form_.coefficients.begin(), form_.coefficients.end(), [](double c) { return c == 1; }) &&
        !form_.must_differ;
    const Tensor unit = best_units(weights).unsqueeze(1);
    Tensor latents = torch::empty({planes, weights.size(0), weights.size(1)});
    Tensor wanted = torch::empty({planes, weights.size(0)});
    if (alike) {
      for (std::int64_t k = 0; k < planes; ++k) {
        const double boundary = static_cast<double>(2 * k + 1 - planes);
        latents[k] = weights - unit * boundary;
        if (form_.is_asymmetric && k == 1) latents[k] = -latents[k];
        wanted[k] = unit.squeeze(1);
      }
      if (form_.is_asymmetric) {  // its letters are half as far apart
        latents = torch::stack({weights - unit, -weights - unit});
        wanted.mul_(2);
      }
    } else {
      Tensor residual = weights.clone();
      for (std::int64_t k = planes - 1; k >= 0; --k) {
        const double c = form_.must_differ ? (k == 1 ? 2 : 1) : form_.coefficients[static_cast<std::size_t>(k)];
        latents[k] = residual;
        residual = residual - sign_of(residual) * unit * c;
        wanted[k] = unit.squeeze(1) * (form_.must_differ ? c : 1.0);
      }
    }
    const Tensor mean = latents.abs().mean(2);
    if (form_.exponents == Exponents::separate) return latents * (wanted / mean.clamp_min(tiny)).unsqueeze(2);
    return latents * (wanted.mean(0) / mean.mean(0).clamp_min(tiny)).unsqueeze(1);
  }

  // Per filter the unit of least squared error: half the distance between neighbouring values.
  Tensor best_units(const Tensor& weights) const {
    constexpr int candidates = 64;
    double most = 0;
    for (const double c : form_.coefficients) most += c;
    if (form_.must_differ) most = 3;
    const Tensor widest = weights.abs().amax(1).clamp_min(tiny) / most;
    Tensor best = widest.clone();
    Tensor least = torch::full_like(widest, INFINITY);
    for (int part = candidates; part >= 1; --part) {
      const Tensor unit = (widest * part / candidates).unsqueeze(1);
      const bool even = static_cast<int>(most) % 2 == 0;  // values are 0, 2, 4, ... units, else 1, 3, 5, ...
      const Tensor scaled = weights / unit;
      const Tensor value = even ? torch::round(scaled / 2) * 2 : torch::floor(scaled / 2) * 2 + 1;
      const Tensor error = (torch::clamp(value, -most, most) * unit - weights).square().sum(1);
      best = torch::where(error < least, unit.squeeze(1), best);
      least = torch::minimum(error, least);
    }
    return best;
  }

  static constexpr double tiny = 1e-12;

  Form form_;
  std::string scheme_;
  int bits_;
  std::vector<std::int64_t> shape_;
  Tensor latents_, coefficients_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_sign_plane_weights(const WeightSpec& spec, const Tensor& initial,
                                                         std::uint64_t seed) {
  return std::make_shared<SignPlaneWeights>(spec, initial, seed);
}

}  // namespace lutra::training
