#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "software/network/float/graph.h"

namespace lutra::training {

// The networks Lutra trains from nothing, with weights drawn from N(0, 2 / fan-out) (He et al. 2015) and batch
// normalisation of scale 1:
//   resnet20, resnet32, resnet56   CIFAR ResNets (He et al. 2016): 16, 32, 64 channels, option-A shortcuts
//   resnet8                        of MLPerf Tiny: 16, 32, 64 channels, one block a stage, 1x1 shortcut convolutions
//   vgg_small                      6 convolutions of 128, 128, 256, 256, 512, 512 channels, 3 pools, one linear layer
//   embedded_resnet                of the embedded default: 8, 16, 32 channels, two blocks a stage
//   ternary_resnet20 (32, 56), ternary_embedded_resnet
//                                  the block form of STTN: batch normalisation, convolution, batch normalisation,
//                                  addition of a shortcut around every convolution, PReLU
// `input` is the image's shape. Throws std::invalid_argument naming the networks there are.
network::Graph make_network(const std::string& name, const network::Shape& input, int classes, std::uint64_t seed);

std::vector<std::string> network_names();

}  // namespace lutra::training
