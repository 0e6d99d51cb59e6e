#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "software/network/float/graph.h"

namespace lutra::training {

// Grows a float graph node by node; every call yields the new node's output.
class GraphBuilder {
 public:
  GraphBuilder(std::string name, const network::Shape& input, std::uint64_t seed);

  network::TensorId input() const { return graph_.input; }
  const network::Shape& shape(network::TensorId tensor) const {
    return graph_.tensors[static_cast<std::size_t>(tensor)].shape;
  }

  // Square window, padded to keep height and width at stride 1.
  network::TensorId convolution(const std::string& name, network::TensorId x, int channels, int window, int stride);
  network::TensorId normalisation(const std::string& name, network::TensorId x);
  network::TensorId relu(const std::string& name, network::TensorId x);
  network::TensorId prelu(const std::string& name, network::TensorId x);
  network::TensorId add(const std::string& name, network::TensorId x, network::TensorId skip);
  network::TensorId subsample(const std::string& name, network::TensorId x,
                              int stride);  // every stride-th row and column
  network::TensorId pad_channels(const std::string& name, network::TensorId x, int before, int after);
  network::TensorId max_pool(const std::string& name, network::TensorId x, int size);
  network::TensorId global_pool(const std::string& name, network::TensorId x);
  network::TensorId flatten(const std::string& name, network::TensorId x);
  network::TensorId linear(const std::string& name, network::TensorId x, int outputs);

  network::Graph finish(network::TensorId output);  // valid

 private:
  network::TensorId append(const std::string& name, network::Operator op, std::vector<network::TensorId> inputs);
  std::vector<float> normal(std::size_t count, double deviation);

  network::Graph graph_;
  std::mt19937_64 generator_;
};

}  // namespace lutra::training
