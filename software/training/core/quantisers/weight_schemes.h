#pragma once

#include <torch/torch.h>

#include <memory>

#include "software/training/core/weight_quantiser.h"

namespace lutra::training {

// One maker per family of schemes; the registry knows which name goes where.
std::shared_ptr<WeightQuantiser> make_level_weights(const WeightSpec& spec,
                                                    const torch::Tensor& initial);  // uniform, apot, power_of_two
std::shared_ptr<WeightQuantiser> make_threshold_weights(const WeightSpec& spec,
                                                        const torch::Tensor& initial);  // twn, bwn
std::shared_ptr<WeightQuantiser> make_sign_plane_weights(const WeightSpec& spec, const torch::Tensor& initial,
                                                         std::uint64_t seed);  // sttn, stqn, aptq, apq
std::shared_ptr<WeightQuantiser> make_residual_plane_weights(const WeightSpec& spec,
                                                             const torch::Tensor& initial);  // apq
std::shared_ptr<WeightQuantiser> make_bwa_weights(const WeightSpec& spec, const torch::Tensor& initial);
std::shared_ptr<WeightQuantiser> make_codebook_weights(const WeightSpec& spec, const torch::Tensor& initial);

// The knob's value, or the first of `known` where it is not given. Throws std::invalid_argument naming all of them.
std::string knob(const WeightSpec& spec, const std::string& name, const std::vector<std::string>& known);

// [filter][weight], the shape in which the schemes compute.
torch::Tensor by_filter(const torch::Tensor& weights);

// Integers [filter][weight] and scales [filter] as a layer's weights; the encoding is still to be set.
network::Weights pack(const torch::Tensor& integers, const torch::Tensor& scales);

// What packed weights stand for, shaped like `like`: the values of a quantiser outside training.
torch::Tensor unpack(const network::Weights& weights, const torch::Tensor& like);

}  // namespace lutra::training
