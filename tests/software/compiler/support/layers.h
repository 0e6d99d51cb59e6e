#pragma once

#include <optional>

#include "software/network/quantised/quantised_network.h"

namespace lutra::test {

network::ActivationEncoding codes(int bits, bool is_signed = false);
network::ActivationEncoding stream();

// A network that is one convolution with random weights and one scale that spreads its sums over unsigned codes.
struct ConvolutionLayer {
  network::Shape input{16, 8, 8};
  network::ActivationEncoding encoding{};
  network::Window window{};
  int output_channels = 16;
  int groups = 1;
  int weight_bits = 8;
  std::optional<network::WeightEncoding> weights{};  // instead of integers of weight_bits
  int output_bits = 8;
};
network::QuantisedNetwork network_of(const ConvolutionLayer& layer);

// A network that is one pool, written as codes like its input's.
network::QuantisedNetwork network_of_pool(const network::Shape& input, const network::ActivationEncoding& encoding,
                                          const network::Window& window, network::PoolKind kind);

// A network that stacks its input on itself.
network::QuantisedNetwork network_of_concatenation();

}  // namespace lutra::test
