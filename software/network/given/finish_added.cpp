#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/network/float/quantise.h"
#include "software/network/given/finish.h"

// Additions: two tensors meet in the 16-bit stream.

namespace lutra::network::given {

namespace {

constexpr ClampRange stream_values{-32768, 32767};

struct Operand {
  double scale = 1;
  double zero = 0;
  std::int64_t low = 0, high = 0;
};

// The first operand, where it is codes as they are.
std::optional<Operand> first_codes(const Sums& sums) {
  if (!std::holds_alternative<ElementwiseOp>(*sums.body) || sums.stages.size() != 1) return std::nullopt;
  const auto* affine = std::get_if<Affine>(&sums.stages.front());
  if (!affine || affine->divisor != 1 || affine->factor.size() != 1 || affine->centre.size() != 1 ||
      affine->offset != std::vector{0.0})
    return std::nullopt;
  return Operand{affine->factor.front(), affine->centre.front(), sums.low.front(), sums.high.front()};
}

struct Ratio {
  int first = 0, second = 0;
};

// Whole numbers with first / second = a / b, exactly.
std::optional<Ratio> whole_ratio(double a, double b) {
  constexpr int most = 256;
  for (int first = 1; first <= most; ++first) {
    const int second = static_cast<int>(std::lround(first * b / a));
    if (second >= 1 && second <= most && first * b == second * a) return Ratio{first, second};
  }
  return std::nullopt;
}

bool is_whole(double value) { return value == std::floor(value) && std::abs(value) <= 65536; }

std::int64_t saturate(std::int64_t value) { return std::clamp(value, stream_values.low, stream_values.high); }

}  // namespace

Codes Finisher::finish_added(const Sums& sums, const Quantise& quantise, const std::string& name,
                             const std::string& place) {
  if (std::ranges::any_of(sums.after, [](const Stage& stage) {
        const auto* affine = std::get_if<Affine>(&stage);
        return affine && (affine->factor.size() > 1 || affine->offset.size() > 1 || affine->factor.front() < 0);
      }))
    refuse(place, "scales the sum of two tensors channel by channel, or negatively; scale each operand");
  if (is_bent(sums.stages) || is_bent(sums.after))
    refuse(place, "has a slope around an addition without a quantiser between; quantise what it reads in the file");
  const Codes& skip = *sums.skip;
  const auto second = [&](int code) { return (code - skip.zero) * skip.scale; };
  const auto of = [](const std::vector<std::int64_t>& values, std::size_t c) {
    return values[values.size() == 1 ? 0 : c];
  };
  ClampRange clamp{quantise.high, quantise.low};
  for (std::size_t c = 0; c < static_cast<std::size_t>(sums.shape.channels); ++c) {
    const auto code = [&](std::int64_t sum, int other) -> std::int64_t {
      return code_of(quantise, apply(sums.after, 0, apply(sums.stages, c, static_cast<double>(sum)) + second(other)));
    };
    clamp.low = std::min(clamp.low, code(of(sums.low, c), skip.low));
    clamp.high = std::max(clamp.high, code(of(sums.high, c), skip.high));
  }
  if (auto post = add_exactly(sums, quantise, clamp))
    return write(sums, std::move(*post), clamp, quantise, name, place);
  return write(sums, add_nearly(sums, quantise, clamp, place), clamp, quantise, name, place);
}

// Both operands are whole multiples of one unit, and so is the stream.
std::optional<PostProcess> Finisher::add_exactly(const Sums& sums, const Quantise& quantise,
                                                 const ClampRange& clamp) const {
  const auto a = first_codes(sums);
  if (!a || !is_whole(a->zero) || !is_whole(sums.skip->zero)) return std::nullopt;
  const Operand b{sums.skip->scale, sums.skip->zero, sums.skip->low, sums.skip->high};
  const auto ratio = whole_ratio(a->scale, b.scale);
  if (!ratio) return std::nullopt;
  const auto zero_a = static_cast<std::int64_t>(a->zero);
  const auto zero_b = static_cast<std::int64_t>(b.zero);
  const std::int64_t low_a = ratio->first * (a->low - zero_a), high_a = ratio->first * (a->high - zero_a);
  const std::int64_t low = low_a + ratio->second * (b.low - zero_b);
  const std::int64_t high = high_a + ratio->second * (b.high - zero_b);
  if (low_a < stream_values.low || high_a > stream_values.high) return std::nullopt;
  const double unit = a->scale / ratio->first;
  const auto code = [&](std::int64_t n) -> std::int64_t {
    return code_of(quantise, apply(sums.after, 0, static_cast<double>(n) * unit));
  };
  if (code(saturate(low)) != code(low) || code(saturate(high)) != code(high)) return std::nullopt;
  PostProcess post;
  post.scale = {{static_cast<std::uint32_t>(ratio->first), -ratio->first * zero_a, 0}};
  post.skip = Skip{sums.skip->edge, 1, 1, 0, {static_cast<std::uint32_t>(ratio->second), -ratio->second * zero_b, 0}};
  const Steps steps = steps_of(code, saturate(low), saturate(high));
  const auto fitted = fit_exactly(steps, clamp);
  if (!fitted) return std::nullopt;
  const bool is_stream = quantise.low == stream_values.low && quantise.high == stream_values.high;
  if (is_stream && *fitted != Requantise{1, 0, 0}) return std::nullopt;
  post.codes = CodeOutput{-1, *fitted, 0, 0};
  if (*fitted == Requantise{1, 0, 0}) post.codes->requantise.reset();
  return post;
}

// The stream as fine as 16 bits let it be.
PostProcess Finisher::add_nearly(const Sums& sums, const Quantise& quantise, const ClampRange& clamp,
                                 const std::string& place) {
  const Codes& skip = *sums.skip;
  const auto of = [](const std::vector<std::int64_t>& values, std::size_t c) {
    return values[values.size() == 1 ? 0 : c];
  };
  const auto channels =
      static_cast<std::size_t>(std::holds_alternative<MatrixOp>(*sums.body) ? sums.shape.channels : 1);
  const auto first = [&](std::size_t c, std::int64_t x) { return apply(sums.stages, c, static_cast<double>(x)); };
  const auto second = [&](std::int64_t y) { return (static_cast<double>(y) - skip.zero) * skip.scale; };
  // What lies beyond the codes' reach may saturate, but not what the other operand brings back.
  const double reach = std::max(std::abs(second(skip.low)), std::abs(second(skip.high)));
  const double codes_reach =
      std::max(std::abs(quantise.low - quantise.value_zero()), std::abs(quantise.high - quantise.value_zero())) *
      quantise.value_scale();
  double peak = 0;
  for (std::size_t c = 0; c < channels; ++c)
    peak = std::max({peak, std::abs(first(c, of(sums.low, c))), std::abs(first(c, of(sums.high, c)))});
  peak = std::min(peak, sums.after.empty() ? codes_reach + reach : peak);
  const double unit = std::max(peak, reach) / 32000;
  PostProcess post;
  for (std::size_t c = 0; c < channels; ++c) {
    const double offset = first(c, 0);
    const double factor = first(c, 1) - offset;
    if (factor < 0) refuse(place, "adds to a sum with a negative factor; quantise the sum before it is added");
    post.scale.push_back(rescale(factor / unit, offset / unit));
  }
  post.skip = Skip{skip.edge, 1, 1, 0, rescale(skip.scale / unit, -skip.zero * skip.scale / unit)};
  const auto code = [&](std::int64_t n) -> std::int64_t {
    return code_of(quantise, apply(sums.after, 0, static_cast<double>(n) * unit));
  };
  const Steps steps = steps_of(code, stream_values.low, stream_values.high);
  const auto exact = fit_exactly(steps, clamp);
  const Requantise to_codes = exact ? *exact : fit_nearest(steps, clamp);
  post.codes = CodeOutput{-1, to_codes, 0, 0};
  // Pairs that can occur, or evenly spaced ones of them.
  Fit fitted;
  constexpr std::int64_t most = 512;
  for (std::size_t c = 0; c < channels; ++c) {
    const std::int64_t step_x = (of(sums.high, c) - of(sums.low, c)) / most + 1;
    const std::int64_t step_y = (std::int64_t{skip.high} - skip.low) / most + 1;
    for (std::int64_t y = skip.low; y <= skip.high; y += step_y)
      for (std::int64_t x = of(sums.low, c); x <= of(sums.high, c); x += step_x) {
        const std::int64_t sum =
            saturate(saturate(network::apply(post.scale[c], x)) + network::apply(post.skip->requantise, y));
        const std::int64_t here = std::clamp(network::apply(to_codes, sum), clamp.low, clamp.high);
        const std::int64_t there = code_of(quantise, apply(sums.after, 0, first(c, x) + second(y)));
        ++fitted.possible;
        if (here != there && fitted.different++ == 0)
          fitted.example = fmt::format("channel {}, sum {} and code {}", c, x, y);
      }
  }
  accept(fitted, quantise, place);
  return post;
}

}  // namespace lutra::network::given
