#include "software/quantization/lowering/post_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/quantization/lowering/plan.h"
#include "software/quantization/lowering/power_of_two.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

using network::Requantise;

constexpr double stream_peak = 0x1p14;
// A result need not be finer than this part of what its accumulator and its skip operand can tell.
constexpr double finest_step = 0x1p-8;
// As fine as a multiplier of 16 bits lets a stream be.
constexpr double finest_stream = 0x1p-15;

Requantise make(RequantiseForm form, double multiplier, double offset = 0.0) {
  return form == RequantiseForm::shift ? make_shift(multiplier, offset) : make_requantise(multiplier, offset);
}

// From accumulators to results of `result_scale`, `zero` of which is the real zero.
std::vector<Requantise> per_channel(const PostProcessRequest& request, double result_scale, int zero) {
  std::vector<Requantise> all;
  for (std::size_t channel = 0; channel < request.accumulator_scales.size(); ++channel) {
    all.push_back(make(request.form, request.accumulator_scales[channel] / result_scale,
                       request.bias[channel] / result_scale + zero));
    if (!request.accumulator_offsets.empty())
      all.back().bias += request.accumulator_offsets[channel] * all.back().multiplier;
  }
  if (std::all_of(all.begin(), all.end(), [&](const Requantise& r) { return r == all.front(); })) all.resize(1);
  return all;
}

std::vector<Requantise> slopes(const network::PRelu& prelu, RequantiseForm form) {
  std::vector<Requantise> all;
  for (const float slope : prelu.slope) {
    if (slope < 0)
      throw Error(fmt::format("PReLU slope {} is negative; only slopes of zero or more have an integer form", slope));
    all.push_back(make(form, form == RequantiseForm::shift ? nearest_power_of_two(slope) : slope));
  }
  return all;
}

int clip_code(float limit, const CodeChoice& codes) {
  return static_cast<int>(
      std::clamp(std::floor(static_cast<double>(limit) / codes.step + 0.5) + codes.encoding.pad_code,
                 static_cast<double>(codes.encoding.lowest()), static_cast<double>(codes.encoding.highest())));
}

CodeChoice not_finer_than(double finest, CodeChoice codes) {
  if (codes.step >= finest) return codes;
  codes.unit *= finest / codes.step;
  codes.step = finest;
  return codes;
}

network::CodeOutput code_output(const Layer& layer, const CodeChoice& codes) {
  network::CodeOutput output;
  output.low = layer.clip ? clip_code(layer.clip->low, codes) : codes.encoding.lowest();
  output.high = layer.clip ? std::max(output.low, clip_code(layer.clip->high, codes)) : codes.encoding.highest();
  return output;
}

}  // namespace

network::ActivationEncoding stream_encoding() {
  network::ActivationEncoding encoding;
  encoding.bits = 16;
  encoding.is_signed = true;
  return encoding;
}

Requantise requantise_to(const CodeChoice& choice, double scale, RequantiseForm form) {
  return make(form, scale / choice.step, choice.encoding.pad_code);
}

PostProcessPlan plan_post_process(const PostProcessRequest& request) {
  const Layer& layer = request.layer;
  const double coarsest = std::max(
      *std::max_element(request.accumulator_scales.begin(), request.accumulator_scales.end()), request.skip_scale);
  const double finest = coarsest * (request.fine_stream ? finest_stream : finest_step);
  PostProcessPlan plan;
  plan.codes = request.fixed_codes ? request.codes : not_finer_than(coarsest * finest_step, request.codes);
  const bool direct = !layer.skip && !layer.prelu && !request.wants_stream;
  const double wide = std::max(request.peak / stream_peak, finest);
  plan.stream_scale = direct                                  ? plan.codes.step
                      : request.form == RequantiseForm::shift ? power_of_two_above(wide, coarsest)
                                                              : wide;
  plan.post.scale = per_channel(request, plan.stream_scale, direct ? plan.codes.encoding.pad_code : 0);
  if (layer.skip)
    plan.post.skip =
        network::Skip{request.skip_edge, layer.skip->stride_y, layer.skip->stride_x, layer.skip->channel_offset,
                      make(request.form, request.skip_scale / plan.stream_scale)};
  if (layer.prelu) plan.post.prelu = slopes(*layer.prelu, request.form);
  if (request.wants_stream && is_relu(layer)) plan.post.prelu = {Requantise{0, 0, 0}};
  if (request.wants_codes) {
    plan.post.codes = code_output(layer, plan.codes);
    if (!direct) plan.post.codes->requantise = requantise_to(plan.codes, plan.stream_scale, request.form);
  }
  return plan;
}

}  // namespace lutra::quantization
