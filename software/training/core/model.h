#pragma once

#include <torch/torch.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "software/network/float/graph.h"
#include "software/quantization/trained/rescaling.h"
#include "software/training/core/activation_quantiser.h"
#include "software/training/core/weight_quantiser.h"

namespace lutra::training {

// What of a graph is quantised. Nodes and tensors not named stay float.
struct QuantisationPlan {
  std::map<std::string, WeightSpec> weights;              // by the name of a convolution or linear node
  std::map<network::TensorId, ActivationSpec> tensors;    // codes that every reader gets, but for
  std::set<std::pair<std::size_t, std::size_t>> streams;  // {node, input}: readers of the value before it is quantised
};

// A float graph as a module: one submodule per node that has parameters, called by the node's position, and one per
// quantised tensor. Computes in the type of its input, except for the last linear layers, which are float.
class ModelImpl : public torch::nn::Module {
 public:
  // The graph is valid; its weights are where training starts. Filters that a negative batch-normalisation scale turns
  // around are turned themselves, so that every such scale starts, and stays, positive: integer rescaling has no sign.
  // So stay those in front of ternary codes that start so: the filters behind them take the sign.
  // Throws std::invalid_argument for a node of the plan that does not exist and for a negative PReLU slope.
  ModelImpl(network::Graph graph, const QuantisationPlan& plan, std::uint64_t seed);

  torch::Tensor forward(const torch::Tensor& images);  // [image][channel][row][column] -> [image][class]

  void constrain();  // after every optimiser step

  // Evaluation from here on rescales and rounds as an integer network does on its way to these tensors.
  void rescale_as(const std::map<network::TensorId, quantization::Rescaling>& rescalings);

  // The graph with the parameters as trained: weights as the forward pass uses them.
  network::Graph trained_graph();
  // The same with the latent weights, where a later scheme can go on from.
  network::Graph latent_graph();
  std::map<std::string, network::Weights> weight_codes();  // by node name
  std::map<network::TensorId, ActivationCodes> activation_codes();

 private:
  // A ReLU or PReLU that is computed together with the batch normalisation before it and the addition between them.
  struct FusedActivation {
    std::size_t norm = 0;
    std::optional<std::pair<std::size_t, std::size_t>> skip;  // {node, input} of the addition's other operand
  };

  // What a node does in evaluation where it is rescaled: the part of its operation's way that is its own.
  struct NodeRescaling {
    double grid = 0;                  // of its result, or of both operands of an addition; 0: none
    std::vector<double> input_gains;  // of what it reads, where its operation begins with it
    std::vector<double> gains;        // of the accumulators that it computes
    std::size_t anchor = 0;           // of an addition: the operand that is not the skip
    double skip_gain = 1;
    std::vector<double> slopes;
  };

  std::optional<std::size_t> maker_of(network::TensorId tensor) const;  // through Flatten
  void rescale_operation(network::TensorId tensor, const quantization::Rescaling& rescaling,
                         const std::map<network::TensorId, quantization::Rescaling>& rescalings);
  torch::Tensor norm_factors(std::size_t norm);
  torch::Tensor rescaled(std::size_t node, std::vector<torch::Tensor> inputs);
  network::Graph graph_with(torch::Tensor (WeightQuantiser::*weights_of)());
  torch::Tensor compute(std::size_t node, const std::vector<torch::Tensor>& inputs);
  torch::Tensor normalise(std::size_t norm, const torch::Tensor& x, const torch::Tensor& skip,
                          const torch::Tensor& slope);
  torch::Tensor slope_of(std::size_t activation);
  void flip_negative_scales();
  void fuse();

  network::Graph graph_;
  QuantisationPlan plan_;
  std::vector<std::map<std::string, torch::Tensor>> parameters_;         // by node: registered parameters and buffers
  std::vector<std::shared_ptr<WeightQuantiser>> weight_quantisers_;      // by node, or none
  std::vector<std::shared_ptr<ActivationQuantiser>> tensor_quantisers_;  // by tensor, or none
  std::vector<std::size_t> last_reader_;                                 // by tensor: the node that reads it last
  std::vector<bool> scale_stays_positive_;                               // by node, of batch normalisation
  std::map<std::size_t, FusedActivation> fused_;                         // by node of the activation
  std::vector<bool> absorbed_;                                           // by node: computed by such an activation
  std::map<std::size_t, NodeRescaling> node_rescalings_;
  std::vector<double> code_gains_;  // by tensor; empty: nothing is rescaled
};

TORCH_MODULE(Model);

}  // namespace lutra::training
