#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>

#include "software/network/quantised/quantised_network.h"

namespace lutra::training {

struct WeightSpec {
  std::string scheme = "float";                   // a name of weight_quantiser_names()
  int bits = 8;                                   // that the scheme takes
  std::map<std::string, std::string> parameters;  // the scheme's own knobs
};

// A layer's weights under a scheme: owns the latent parameters from which the values come.
class WeightQuantiser : public torch::nn::Module {
 public:
  // [output channel][input channel / groups][row][column], float, differentiable. Outside training (`eval()`) exactly
  // the product of codes().values and codes().scales.
  virtual torch::Tensor values() = 0;

  // Integers, their encoding, and a non-negative scale per output channel.
  virtual network::Weights codes() = 0;

  // The float weights that training moves, where a later scheme can go on from; those of several latents: values().
  virtual torch::Tensor latent() { return values(); }

  // Puts the parameters back into their domain; called after every optimiser step.
  virtual void constrain() {}
};

// `initial`: the float weights to start from, [output channel][...]. `seed`: of latents that start at random. Throws
// std::invalid_argument naming the scheme, the width or the knob that is not known.
std::shared_ptr<WeightQuantiser> make_weight_quantiser(const WeightSpec& spec, const torch::Tensor& initial,
                                                       std::uint64_t seed);
std::vector<std::string> weight_quantiser_names();

}  // namespace lutra::training
