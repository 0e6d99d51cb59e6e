#pragma once

#include <vector>

#include "software/network/quantized_network.h"
#include "software/quantization/layers.h"

namespace lutra::quantization {

struct CodeChoice {
  network::ActivationEncoding encoding;
  double scale = 1.0;
};

struct PostProcessRequest {
  const Layer& layer;
  const std::vector<double>& accumulator_scales;  // real value of 1 in the accumulator; per output channel, or one
  const std::vector<double>& bias;                // real; as many
  CodeChoice codes;
  network::EdgeId skip_edge = -1;
  double skip_scale = 0;
  double peak = 0;  // largest magnitude before, between and after the steps of the post-processing
  bool wants_codes = false;
  bool wants_stream = false;
};

struct PostProcessPlan {
  network::PostProcess post;  // its output edges are still to be named
  CodeChoice codes;           // as encoded: never finer than the accumulator can tell
  double stream_scale = 1.0;
};

// The integer form of a layer's addition and activation. Where nothing lies between accumulator and codes, the stream
// is the codes; else it is 16 bits wide with the peak at a quarter of its span, so that neither saturation nor rounding
// in it matters. Throws Error for a negative PReLU slope, which the contract cannot express.
PostProcessPlan plan_post_process(const PostProcessRequest& request);

network::ActivationEncoding stream_encoding();

}  // namespace lutra::quantization
