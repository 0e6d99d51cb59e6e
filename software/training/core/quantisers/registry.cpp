#include <algorithm>
#include <stdexcept>

#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

struct Entry {
  const char* name;
  int lowest, highest;  // bits
  std::vector<const char*> knobs;
  std::shared_ptr<WeightQuantiser> (*make)(const WeightSpec&, const torch::Tensor&, std::uint64_t);
};

template <std::shared_ptr<WeightQuantiser> (*maker)(const WeightSpec&, const torch::Tensor&)>
std::shared_ptr<WeightQuantiser> unseeded(const WeightSpec& spec, const torch::Tensor& initial, std::uint64_t) {
  return maker(spec, initial);
}

std::shared_ptr<WeightQuantiser> make_apq_weights(const WeightSpec& spec, const torch::Tensor& initial,
                                                  std::uint64_t seed) {
  const bool is_residual = knob(spec, "latents", {"separate", "residual"}) == "residual";
  if (is_residual && knob(spec, "start", {"split", "independent"}) != "split")
    throw std::invalid_argument("scheme 'apq', parameter 'start': with 'latents: residual' there is 'split' alone");
  return is_residual ? make_residual_plane_weights(spec, initial) : make_sign_plane_weights(spec, initial, seed);
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {"uniform", 2, 8, {}, unseeded<make_level_weights>},
      {"apot", 3, 5, {}, unseeded<make_level_weights>},
      {"power_of_two", 2, 4, {}, unseeded<make_level_weights>},
      {"twn", 2, 2, {}, unseeded<make_threshold_weights>},
      {"bwn", 1, 1, {}, unseeded<make_threshold_weights>},
      {"sttn", 2, 2, {"start"}, make_sign_plane_weights},
      {"stqn", 2, 4, {"start", "form"}, make_sign_plane_weights},
      {"aptq", 2, 2, {"start", "form", "largest_difference"}, make_sign_plane_weights},
      {"apq", 2, 7, {"start", "zero", "latents"}, make_apq_weights},
      {"bwa", 2, 6, {"letters"}, unseeded<make_bwa_weights>},
      {"codebook", 2, 6, {}, unseeded<make_codebook_weights>},
  };
  return all;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::shared_ptr<WeightQuantiser> make_weight_quantiser(const WeightSpec& spec, const torch::Tensor& initial,
                                                       std::uint64_t seed) {
  const auto entry =
      std::find_if(entries().begin(), entries().end(), [&](const Entry& e) { return e.name == spec.scheme; });
  if (entry == entries().end())
    throw std::invalid_argument("cannot train weights with '" + spec.scheme + "': unknown scheme; the schemes are " +
                                joined(weight_quantiser_names()));
  if (spec.bits < entry->lowest || spec.bits > entry->highest)
    throw std::invalid_argument("scheme '" + spec.scheme + "' trains weights of " + std::to_string(entry->lowest) +
                                " to " + std::to_string(entry->highest) + " bits, not " + std::to_string(spec.bits));
  for (const auto& [name, value] : spec.parameters)
    if (std::find(entry->knobs.begin(), entry->knobs.end(), name) == entry->knobs.end())
      throw std::invalid_argument(
          "scheme '" + spec.scheme + "' has no parameter '" + name + "' in training" +
          (entry->knobs.empty() ? "" : "; it has " + joined({entry->knobs.begin(), entry->knobs.end()})));
  return entry->make(spec, initial, seed);
}

std::vector<std::string> weight_quantiser_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.push_back(entry.name);
  return names;
}

std::string knob(const WeightSpec& spec, const std::string& name, const std::vector<std::string>& known) {
  const auto given = spec.parameters.find(name);
  if (given == spec.parameters.end()) return known.front();
  if (std::find(known.begin(), known.end(), given->second) == known.end())
    throw std::invalid_argument("scheme '" + spec.scheme + "', parameter '" + name + "': unknown value '" +
                                given->second + "'; the values are " + joined(known));
  return given->second;
}

torch::Tensor by_filter(const torch::Tensor& weights) { return weights.flatten(1); }

network::Weights pack(const torch::Tensor& integers, const torch::Tensor& scales) {
  const torch::Tensor values = integers.detach().to(torch::kCPU, torch::kInt16).contiguous();
  const torch::Tensor factors = scales.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  network::Weights weights;
  weights.values.assign(values.data_ptr<std::int16_t>(), values.data_ptr<std::int16_t>() + values.numel());
  weights.scales.assign(factors.data_ptr<double>(), factors.data_ptr<double>() + factors.numel());
  return weights;
}

torch::Tensor unpack(const network::Weights& weights, const torch::Tensor& like) {
  const torch::Tensor values =
      torch::tensor(std::vector<double>(weights.values.begin(), weights.values.end()), torch::kFloat64);
  const torch::Tensor scales = torch::tensor(weights.scales, torch::kFloat64);
  return (values.reshape({like.size(0), -1}) * scales.unsqueeze(1))
      .reshape(like.sizes())
      .to(like.device(), torch::kFloat32);
}

}  // namespace lutra::training
