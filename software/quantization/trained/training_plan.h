#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// What of a float graph (batch normalisation not folded) training must quantise so that it computes what the lowered
// network will.
struct TrainingPlan {
  struct LayerBits {
    int bits = 8;
    bool first_or_last = false;
  };
  struct Codes {
    ActivationCoding coding = ActivationCoding::uniform;
    int bits = 8;
    bool is_signed = false;
    bool operator==(const Codes&) const = default;
  };

  std::map<std::string, LayerBits> weights;               // by convolution or linear node
  std::map<network::TensorId, Codes> tensors;             // the graph's input, whose codes are fixed, is not among them
  std::set<std::pair<std::size_t, std::size_t>> streams;  // {node, input} that reads 16 bits instead of the codes
  int input_bits = 8;
};

// Throws Error for a tensor that two operations would read in two forms that training does not tell apart, and as
// lower() does.
TrainingPlan plan_training(const network::Graph& graph, const network::Normalisation& normalisation,
                           const Options& options);

// The options with Options::first_last_bits for the tensors that only pools read on their way to the last layer: few
// bits in front of an average over all pixels would cost accuracy and save next to nothing. Layers that
// Options::layers names keep their widths. [ours]
Options widen_pooled(Options options, const network::Graph& graph);

// For graphs in the block form of STTN (batch normalisation, convolution, batch normalisation, addition, PReLU): only
// the result of the normalisation in front of a convolution has Options::activation_bits; the stream that the additions
// form has 8 where a normalisation or a pool reads it. Layers that Options::layers names keep their widths. [ours]
Options ternary_block_options(Options options, const network::Graph& graph);

}  // namespace lutra::quantization
