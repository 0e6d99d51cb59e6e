#pragma once

#include <map>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/quantization/calibration/moments.h"
#include "software/reference/integer/stepwise_executor.h"

namespace lutra::quantization {

// The calibration images in the float network and in the quantised one that is being made from it.
class CalibrationRun {
 public:
  // `targets`: the tensors whose values layers should yield. Runs the float network once, keeping of each target a
  // sample of pixels: as many per image as make 16384 in all, and no more than there are. The data set must outlive it.
  CalibrationRun(const network::Graph& graph, const network::Normalisation& normalisation, const network::Dataset& data,
                 std::size_t images, const std::vector<network::TensorId>& targets);

  // A convolution of edge `op.input` (its weights are not looked at) that should yield `target`. `skip`, if any, is
  // what its post-processing adds to it: as the quantised network has it, so that the layer makes up for its error.
  std::vector<GroupMoments> moments(const network::QuantisedNetwork& so_far, const network::MatrixOp& op,
                                    network::TensorId target, const network::Skip* skip);

  // No later layer reads this edge.
  void forget(network::EdgeId edge) { quantised_.forget(edge); }

 private:
  struct Target {
    network::Shape shape;
    int pixels = 0;                           // sampled of each image
    std::vector<std::vector<float>> samples;  // [image][pixel * channels + channel]
  };

  void keep(const std::vector<std::vector<float>>& tensors, std::size_t image);

  std::size_t images_;
  std::map<network::TensorId, Target> targets_;
  reference::StepwiseExecutor quantised_;
};

}  // namespace lutra::quantization
