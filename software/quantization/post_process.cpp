#include "software/quantization/post_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/quantization/plan.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

using network::Requantise;

constexpr double stream_peak = 0x1p14;
// A result need not be finer than this part of what its accumulator and its skip operand can tell.
constexpr double finest_step = 0x1p-8;

std::vector<Requantise> per_channel(const PostProcessRequest& request, double result_scale) {
  std::vector<Requantise> all;
  for (std::size_t channel = 0; channel < request.accumulator_scales.size(); ++channel)
    all.push_back(
        make_requantise(request.accumulator_scales[channel] / result_scale, request.bias[channel] / result_scale));
  if (std::all_of(all.begin(), all.end(), [&](const Requantise& r) { return r == all.front(); })) all.resize(1);
  return all;
}

std::vector<Requantise> slopes(const network::PRelu& prelu) {
  std::vector<Requantise> all;
  for (const float slope : prelu.slope) {
    if (slope < 0)
      throw Error(fmt::format("PReLU slope {} is negative; only slopes of zero or more have an integer form", slope));
    all.push_back(make_requantise(slope));
  }
  return all;
}

int clip_code(float limit, const CodeChoice& codes) {
  return static_cast<int>(std::clamp(std::floor(static_cast<double>(limit) / codes.scale + 0.5),
                                     static_cast<double>(codes.encoding.lowest()),
                                     static_cast<double>(codes.encoding.highest())));
}

}  // namespace

network::ActivationEncoding stream_encoding() {
  network::ActivationEncoding encoding;
  encoding.bits = 16;
  encoding.is_signed = true;
  return encoding;
}

PostProcessPlan plan_post_process(const PostProcessRequest& request) {
  const Layer& layer = request.layer;
  const double coarsest = std::max(
      *std::max_element(request.accumulator_scales.begin(), request.accumulator_scales.end()), request.skip_scale);
  const double finest = coarsest * finest_step;
  PostProcessPlan plan;
  plan.codes = request.codes;
  plan.codes.scale = std::max(plan.codes.scale, finest);
  const bool direct = !layer.skip && !layer.prelu && !request.wants_stream;
  plan.stream_scale = direct ? plan.codes.scale : std::max(request.peak / stream_peak, finest);
  plan.post.scale = per_channel(request, plan.stream_scale);
  if (layer.skip)
    plan.post.skip = network::Skip{request.skip_edge, layer.skip->stride_y, layer.skip->stride_x,
                                   layer.skip->channel_offset, make_requantise(request.skip_scale / plan.stream_scale)};
  if (layer.prelu) plan.post.prelu = slopes(*layer.prelu);
  if (request.wants_stream && is_relu(layer)) plan.post.prelu = {Requantise{0, 0, 0}};
  if (request.wants_codes) {
    network::CodeOutput codes;
    if (!direct) codes.requantise = make_requantise(plan.stream_scale / plan.codes.scale);
    codes.low = layer.clip ? clip_code(layer.clip->low, plan.codes) : plan.codes.encoding.lowest();
    codes.high =
        layer.clip ? std::max(codes.low, clip_code(layer.clip->high, plan.codes)) : plan.codes.encoding.highest();
    plan.post.codes = codes;
  }
  return plan;
}

}  // namespace lutra::quantization
