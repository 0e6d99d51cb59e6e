#pragma once

#include <optional>

#include "software/network/float/graph.h"
#include "software/training/core/model.h"
#include "software/training/phases.h"

namespace lutra::training {

// What of a phase's network is quantised, and how wide its input is.
struct PhasePlan {
  QuantisationPlan plan;
  std::optional<int> input_bits;  // absent: the input is float
};

// The options of a training's last phase: with the bits of every layer where scheme.progressive asks for a choice, and
// with what training adds: quantization::ternary_block_options for the block form of STTN, widen_pooled for all
// others.
quantization::Options complete_options(const TrainingFile& training, const network::Graph& start,
                                       const network::Dataset& calibration);

// Layers at the first and last layers' bits, and those whose bits the scheme does not have, are plain integers (signs,
// of one bit), as they are after training.
PhasePlan plan_phase(const TrainingFile& training, const Phase& phase, const network::Graph& graph);

}  // namespace lutra::training
