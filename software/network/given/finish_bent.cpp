#include <algorithm>
#include <cmath>

#include "software/network/float/quantise.h"
#include "software/network/given/finish.h"

// Slopes below zero: the stream is bent in front of the codes.

namespace lutra::network::given {

namespace {

constexpr ClampRange bent_stream{-32768, 32767};
constexpr double finest = 32000;  // units of the stream that the largest value takes

std::int64_t limited(std::int64_t value) { return std::clamp(value, bent_stream.low, bent_stream.high); }

std::int64_t channel_of(const std::vector<std::int64_t>& values, std::size_t channel) {
  return values[values.size() == 1 ? 0 : channel];
}

bool is_same_everywhere(const std::vector<Stage>& stages) {
  return std::ranges::all_of(stages, [](const Stage& stage) {
    const auto* affine = std::get_if<Affine>(&stage);
    return std::holds_alternative<Clip>(stage) || (affine && affine->centre.size() == 1 && affine->factor.size() == 1 &&
                                                   affine->offset.size() == 1 && affine->factor.front() > 0);
  });
}

}  // namespace

bool is_bent(const std::vector<Stage>& stages) {
  return std::ranges::any_of(stages, [](const Stage& stage) { return std::holds_alternative<PRelu>(stage); });
}

Codes Finisher::finish_bent(const Sums& sums, const Quantise& quantise, const std::string& name,
                            const std::string& place) {
  const auto bend =
      std::ranges::find_if(sums.stages, [](const Stage& stage) { return std::holds_alternative<PRelu>(stage); });
  const std::vector<Stage> front(sums.stages.begin(), bend);
  const std::vector<Stage> behind(bend + 1, sums.stages.end());
  const PRelu& slopes = std::get<PRelu>(*bend);
  const bool is_straight =
      std::ranges::all_of(front, [](const Stage& stage) { return std::holds_alternative<Affine>(stage); });
  if (!is_straight || !is_same_everywhere(behind))
    refuse(place,
           "bends what is clipped, bent again or scaled channel by channel behind the slope; quantise it between");
  const auto channels = static_cast<std::size_t>(sums.shape.channels);
  const auto slope = [&](std::size_t c) { return static_cast<double>(slopes.slope[slopes.slope.size() == 1 ? 0 : c]); };
  const auto first = [&](std::size_t c, std::int64_t sum) { return apply(front, c, static_cast<double>(sum)); };
  const auto wanted = [&](std::size_t c, std::int64_t sum) -> std::int64_t {
    return code_of(quantise, apply(sums.stages, c, static_cast<double>(sum)));
  };
  double peak = 0;
  ClampRange range{quantise.high, quantise.low};
  for (std::size_t c = 0; c < channels; ++c) {
    const std::int64_t low = channel_of(sums.low, c);
    const std::int64_t high = channel_of(sums.high, c);
    if (first(c, 1) < first(c, 0)) refuse(place, "falls in front of a slope; give the layer a positive factor");
    peak = std::max({peak, std::abs(first(c, low)), std::abs(first(c, high))});
    range.low = std::min(range.low, wanted(c, low));
    range.high = std::max(range.high, wanted(c, high));
  }
  const double unit = std::max(peak / finest, 0x1p-90);
  PostProcess post;
  for (std::size_t c = 0; c < channels; ++c) {
    const double offset = first(c, 0);
    post.scale.push_back(rescale((first(c, 1) - offset) / unit, offset / unit));
    post.prelu.push_back(rescale(slope(c), 0));
  }
  const auto code = [&](std::int64_t n) -> std::int64_t {
    return code_of(quantise, apply(behind, 0, static_cast<double>(n) * unit));
  };
  const Steps steps = steps_of(code, bent_stream.low, bent_stream.high);
  const auto exact = fit_exactly(steps, range);
  const Requantise to_codes = exact ? *exact : fit_nearest(steps, range);
  post.codes = CodeOutput{-1, to_codes, 0, 0};
  Fit fitted;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto here = [&](std::int64_t sum) {
      const std::int64_t stream = limited(network::apply(post.scale[c], sum));
      const std::int64_t bent = stream < 0 ? limited(network::apply(post.prelu[c], stream)) : stream;
      return std::clamp(network::apply(to_codes, bent), range.low, range.high);
    };
    const std::int64_t low = channel_of(sums.low, c);
    const std::int64_t high = channel_of(sums.high, c);
    const std::int64_t different = count_differences(
        steps_of([&](std::int64_t sum) { return wanted(c, sum); }, low, high), steps_of(here, low, high));
    if (different > 0 && fitted.different == 0) fitted.example = fmt::format("channel {}", c);
    fitted.different += different;
    fitted.possible += high - low + 1;
  }
  accept(fitted, quantise, place);
  return write(sums, std::move(post), range, quantise, name, place);
}

}  // namespace lutra::network::given
