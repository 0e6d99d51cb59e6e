#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::training {

struct ActivationSpec {
  std::string coding = "uniform";  // a name of activation_quantiser_names()
  int bits = 8;
  bool is_signed = false;  // whether the tensor can be negative
  bool operator==(const ActivationSpec&) const = default;
};

// What the codes of a tensor stand for: value = levels[code] (or the code) * unit, thresholds `step` apart.
struct ActivationCodes {
  network::ActivationEncoding encoding;
  double step = 1.0;
  double unit = 1.0;
};

class ActivationQuantiser : public torch::nn::Module {
 public:
  // As many values as `x` has, in its type, each one of those the codes can express. The first call in training sets
  // the step from what it is given.
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  virtual ActivationCodes codes() = 0;
  virtual void constrain() {}
};

// Throws std::invalid_argument naming the coding or the width that is not known.
std::shared_ptr<ActivationQuantiser> make_activation_quantiser(const ActivationSpec& spec);
std::vector<std::string> activation_quantiser_names();

}  // namespace lutra::training
