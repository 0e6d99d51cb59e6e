#pragma once

#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/quantization/lowering/activations.h"
#include "software/quantization/lowering/layers.h"

namespace lutra::quantization {

struct PostProcessRequest {
  const Layer& layer;
  const std::vector<double>& accumulator_scales;  // real value of 1 in the accumulator; per output channel, or one
  const std::vector<double>& bias;                // real; as many
  CodeChoice codes;
  RequantiseForm form = RequantiseForm::multiplier;
  std::vector<std::int64_t> accumulator_offsets = {};  // to be added to every accumulator; per output channel, or none
  network::EdgeId skip_edge = -1;
  double skip_scale = 0;
  double peak = 0;  // largest magnitude before, between and after the steps of the post-processing
  bool wants_codes = false;
  bool wants_stream = false;
  bool fixed_codes = false;  // their step stays, however fine
  bool fine_stream = false;  // as fine as its peak lets it be, also where accumulator and skip operand are coarse
};

struct PostProcessPlan {
  network::PostProcess post;  // its output edges are still to be named
  CodeChoice codes;           // as encoded: no step finer than the accumulator can tell, unless they are fixed
  double stream_scale = 1.0;
};

// The integer form of a layer's addition and activation. Where nothing lies between accumulator and codes, the stream
// is the codes; else it is 16 bits wide with the peak at a quarter of its span, so that neither saturation nor rounding
// in it matters. With RequantiseForm::shift a PReLU slope becomes the nearest power of two. Throws Error for a negative
// PReLU slope, which the contract cannot express, and for scales that are not a power of two apart where shifts are
// wanted.
PostProcessPlan plan_post_process(const PostProcessRequest& request);

network::ActivationEncoding stream_encoding();

// Codes of `choice` from values of `scale`.
network::Requantise requantise_to(const CodeChoice& choice, double scale, RequantiseForm form);

}  // namespace lutra::quantization
