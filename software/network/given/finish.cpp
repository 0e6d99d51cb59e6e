#include "software/network/given/finish.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/overload.h"
#include "software/network/float/quantise.h"

namespace lutra::network::given {

namespace {

constexpr ClampRange stream_range{-32768, 32767};

std::int64_t of_channel(const std::vector<std::int64_t>& values, std::size_t channel) {
  return values[values.size() == 1 ? 0 : channel];
}

bool is_sign_negative(const std::vector<Stage>& stages, std::size_t channel) {
  bool negative = false;
  for (const Stage& stage : stages)
    if (const auto* affine = std::get_if<Affine>(&stage))
      negative ^= affine->factor[affine->factor.size() == 1 ? 0 : channel] < 0;
  return negative;
}

bool is_per_channel(const std::vector<Stage>& stages) {
  return std::ranges::any_of(stages, [](const Stage& stage) {
    return std::visit(
        Overload{[](const Affine& affine) {
                   return std::max({affine.centre.size(), affine.factor.size(), affine.offset.size()}) > 1;
                 },
                 [](const Clip&) { return false; }, [](const PRelu& prelu) { return prelu.slope.size() > 1; }},
        stage);
  });
}

// Of values at the two ends of each channel.
class Reach {
 public:
  void add(std::int64_t low, std::int64_t high) {
    range_ = is_empty_ ? ClampRange{low, high} : ClampRange{std::min(range_.low, low), std::max(range_.high, high)};
    is_empty_ = false;
  }

  const ClampRange& range() const { return range_; }

 private:
  ClampRange range_;
  bool is_empty_ = true;
};

void expect_codes(const ClampRange& range, const std::string& place) {
  if (range.low < stream_range.low || range.high > stream_range.high)
    refuse(place, "its codes reach {}..{}; up to 8 bits, or 16 signed ones, can be taken", range.low, range.high);
}

bool is_affine(const std::vector<Stage>& stages) {
  return std::ranges::all_of(stages, [](const Stage& stage) { return std::holds_alternative<Affine>(stage); });
}

// Weights that fall become weights that rise.
void negate_channel(Sums& sums, MatrixOp& matrix, std::size_t channel, const std::string& place) {
  const std::size_t per_channel = matrix.weights.values.size() / static_cast<std::size_t>(matrix.output_channels);
  for (std::size_t i = channel * per_channel; i < (channel + 1) * per_channel; ++i) {
    std::int16_t& value = matrix.weights.values[i];
    if (value == -128) refuse(place, "its factor is negative, and -(-128) is no weight of eight bits");
    value = static_cast<std::int16_t>(-value);
  }
  if (auto* uniform = std::get_if<UniformWeights>(&matrix.weights.encoding)) {
    const auto highest = std::ranges::max(matrix.weights.values);
    while (highest >= 1 << (uniform->bits - 1)) ++uniform->bits;
  }
  if (sums.low.size() == 1) {
    sums.low.resize(static_cast<std::size_t>(sums.shape.channels), sums.low.front());
    sums.high.resize(static_cast<std::size_t>(sums.shape.channels), sums.high.front());
  }
  std::swap(sums.low[channel], sums.high[channel]);
  sums.low[channel] *= -1;
  sums.high[channel] *= -1;
}

void negate_falling(Sums& sums, std::size_t channels, const std::string& place) {
  std::shared_ptr<Body> turned;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    if (!is_sign_negative(sums.stages, channel)) continue;
    if (!turned) turned = std::make_shared<Body>(*sums.body);
    auto* matrix = std::get_if<MatrixOp>(turned.get());
    if (!matrix)
      refuse(place, "falls where its input rises, which only a convolution or a matrix product can make up for");
    negate_channel(sums, *matrix, channel, place);
  }
  if (turned) sums.body = std::move(turned);
}

PostProcess& post_of(Body& body) {
  return std::visit([](auto& op) -> PostProcess& { return op.post; }, body);
}

}  // namespace

double Finisher::real_pixel(int channel, int pixel) const {
  const auto value = [&](const std::vector<double>& values, double absent) {
    return values.empty() ? absent : values[values.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
  };
  return (pixel / 255.0 * normalisation_.range - value(normalisation_.mean, 0)) / value(normalisation_.deviation, 1);
}

Codes Finisher::add_edge(const std::string& name, const Shape& shape, const Quantise& quantise, const ClampRange& range,
                         const std::string& place) {
  Edge edge{name, shape, {}, quantise.value_scale()};
  ActivationEncoding& encoding = edge.encoding;
  const double zero = quantise.value_zero();
  const auto fits = [&](std::int64_t low, std::int64_t high) {
    for (const bool is_signed : {false, true})
      for (int bits = 2; bits <= 8; ++bits) {
        encoding.bits = bits;
        encoding.is_signed = is_signed;
        if (low >= encoding.lowest() && high <= encoding.highest()) return true;
      }
    return false;
  };
  // With the zero, which padding reads, if that fits as well.
  const bool has_zero = zero == std::floor(zero) && std::abs(zero) <= 0x1p20;
  const auto pad = has_zero ? static_cast<std::int64_t>(zero) : range.low;
  if (quantise.low == -1 && quantise.high == 1 && pad >= -1 && pad <= 1) {
    encoding.bits = 2;
    encoding.is_signed = encoding.is_ternary = true;
  } else if (!fits(std::min<std::int64_t>({quantise.low, range.low, pad}),
                   std::max<std::int64_t>({quantise.high, range.high, pad})) &&
             !fits(std::min(range.low, pad), std::max(range.high, pad)) && !fits(range.low, range.high)) {
    expect_codes(range, place);
    if (zero != 0) refuse(place, "has codes of more than 8 bits with the zero point {}; only 0 can be taken", zero);
    encoding.bits = 16;
    encoding.is_signed = true;
  }
  Codes codes;
  codes.scale = edge.scale;
  codes.zero = zero;
  codes.low = static_cast<int>(range.low);
  codes.high = static_cast<int>(range.high);
  if (has_zero && pad >= encoding.lowest() && pad <= encoding.highest()) encoding.pad_code = static_cast<int>(pad);
  network_.edges.push_back(std::move(edge));
  codes.edge = static_cast<EdgeId>(network_.edges.size() - 1);
  return codes;
}

Finisher::Fit Finisher::fit(std::size_t channels, const std::function<Steps(std::size_t)>& steps,
                            const ClampRange& clamp) {
  Fit result;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const Steps wanted = steps(channel);
    result.possible += wanted.high - wanted.low + 1;
    if (const auto exact = fit_exactly(wanted, clamp)) {
      result.requantise.push_back(*exact);
      continue;
    }
    result.requantise.push_back(fit_nearest(wanted, clamp));
    const std::int64_t different =
        count_differences(wanted, steps_of(result.requantise.back(), clamp, wanted.low, wanted.high));
    if (different > 0 && result.different == 0) result.example = fmt::format("channel {}", channel);
    result.different += different;
  }
  return result;
}

void Finisher::accept(const Fit& fit, const Quantise& quantise, const std::string& place) {
  if (fit.different == 0) return;
  const bool half_even = quantise.rounding == Rounding::half_even;
  if (inexact_ == Inexact::refuse)
    refuse(
        place,
        "no multiplier of {} bits, bias and shift round as the file does: {} of {} results that can occur differ, the "
        "first in {}{}; 'exactness: nearest' takes the nearest integers and counts the answers that differ",
        most_multiplier_bits, fit.different, fit.possible, fit.example,
        half_even ? " (halves go up here, to even in the file)" : "");
  differences_.push_back({place, fit.different, fit.possible});
}

Codes Finisher::write(const Sums& sums, PostProcess post, const ClampRange& range, const Quantise& quantise,
                      const std::string& name, const std::string& place) {
  Codes codes = add_edge(name, sums.shape, quantise, range, place);
  codes.flattened = sums.flattened;
  const bool is_stream = network_.edges.back().encoding.bits == 16;
  if (is_stream) {
    post.stream = codes.edge;
    post.codes.reset();
  } else {
    if (!post.codes) post.codes = CodeOutput{};
    post.codes->edge = codes.edge;
    post.codes->low = static_cast<int>(range.low);
    post.codes->high = static_cast<int>(range.high);
  }
  Body body = *sums.body;
  post_of(body) = std::move(post);
  std::visit([&](auto& op) { network_.operations.push_back({sums.name, std::move(op)}); }, body);
  for (const Window& window : sums.pools) codes = pool_maximum(codes, window, name);
  return codes;
}

Codes Finisher::finish(const Sums& sums, const Quantise& quantise, const std::string& name, const std::string& place) {
  if (sums.skip) return finish_added(sums, quantise, name, place);
  return is_bent(sums.stages) ? finish_bent(sums, quantise, name, place) : finish_alone(sums, quantise, name, place);
}

Codes Finisher::finish_alone(Sums sums, const Quantise& quantise, const std::string& name, const std::string& place) {
  const bool is_single = !std::holds_alternative<MatrixOp>(*sums.body) && !is_per_channel(sums.stages);
  const auto channels = static_cast<std::size_t>(is_single ? 1 : sums.shape.channels);
  negate_falling(sums, channels, place);
  const auto code_at = [&](std::size_t channel, std::int64_t sum) -> std::int64_t {
    const bool falls = is_sign_negative(sums.stages, channel);
    return code_of(quantise, apply(sums.stages, channel, static_cast<double>(falls ? -sum : sum)));
  };
  Reach reach;
  for (std::size_t channel = 0; channel < channels; ++channel)
    reach.add(code_at(channel, of_channel(sums.low, channel)), code_at(channel, of_channel(sums.high, channel)));
  expect_codes(reach.range(), place);
  const Fit fitted = fit(
      channels,
      [&](std::size_t channel) {
        return steps_of([&](std::int64_t sum) { return code_at(channel, sum); }, of_channel(sums.low, channel),
                        of_channel(sums.high, channel));
      },
      reach.range());
  accept(fitted, quantise, place);
  PostProcess post;
  post.scale = fitted.requantise;
  return write(sums, std::move(post), reach.range(), quantise, name, place);
}

Codes Finisher::finish_logits(const Sums& sums, const std::string& name, const std::string& place) {
  // One unit for all channels keeps their order: that of the sums, where they have one.
  double peak = 0;
  double unit = 0;
  bool is_whole = !sums.skip;
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(sums.shape.channels); ++channel) {
    const auto at = [&](std::int64_t sum) { return apply(sums.stages, channel, static_cast<double>(sum)); };
    const std::int64_t low = of_channel(sums.low, channel);
    const std::int64_t high = of_channel(sums.high, channel);
    double reach = std::max(std::abs(at(low)), std::abs(at(high)));
    if (sums.skip)
      reach += std::max(std::abs(sums.skip->low - sums.skip->zero), std::abs(sums.skip->high - sums.skip->zero)) *
               sums.skip->scale;
    peak = std::max(peak, reach);
    const double step = high > low ? std::abs(at(low + 1) - at(low)) : 0;
    if (unit == 0) unit = step;
    is_whole = is_whole && step == unit && unit > 0 && std::fmod(at(low), unit) == 0;
  }
  Quantise logits;
  logits.low = static_cast<int>(stream_range.low);
  logits.high = static_cast<int>(stream_range.high);
  const bool fits = is_whole && peak / unit <= static_cast<double>(stream_range.high);
  logits.scale = fits ? unit : std::max(peak / static_cast<double>(stream_range.high), 0x1p-90);
  if (fits) return finish(sums, logits, name, place);
  differences_.push_back({place + ": real logits in 16 bits", 0, 0});
  if (sums.skip || !is_affine(sums.stages) || !sums.pools.empty())
    refuse(place, "is a sum of tensors, clipped or a maximum of real numbers; quantise it in the file");
  Sums rising = sums;
  negate_falling(rising, static_cast<std::size_t>(sums.shape.channels), place);
  PostProcess post;
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(sums.shape.channels); ++channel) {
    const double offset = apply(sums.stages, channel, 0);
    const double factor = std::abs(apply(sums.stages, channel, 1) - offset);
    post.scale.push_back(rescale(factor / logits.scale, offset / logits.scale));
  }
  return write(rising, std::move(post), stream_range, logits, name, place);
}

Codes Finisher::finish(const Pixels& pixels, const Shape& shape, const Quantise& quantise, const std::string& name,
                       const std::string& place) {
  if (network_.input.edge >= 0)
    refuse(place, "quantises the network's input a second time, otherwise; once is possible");
  constexpr int last_pixel = 255;
  const auto code_at = [&](std::size_t channel, std::int64_t pixel) -> std::int64_t {
    const double real = real_pixel(static_cast<int>(channel), static_cast<int>(pixel));
    return code_of(quantise, apply(pixels.stages, channel, real));
  };
  Reach reach;
  const auto channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    if (is_sign_negative(pixels.stages, channel)) refuse(place, "falls where a pixel rises; an input can only rise");
    reach.add(code_at(channel, 0), code_at(channel, last_pixel));
  }
  const Codes codes = add_edge(name, shape, quantise, reach.range(), place);
  const ActivationEncoding& encoding = network_.edges.back().encoding;
  if (encoding.bits == 16) refuse(place, "the network's input has codes of more than 8 bits");
  const Fit fitted = fit(channels,
                         [&](std::size_t channel) {
                           return steps_of([&](std::int64_t pixel) { return code_at(channel, pixel); }, 0, last_pixel);
                         },
                         {encoding.lowest(), encoding.highest()});
  accept(fitted, quantise, place);
  network_.input = {codes.edge, fitted.requantise};
  return codes;
}

Codes Finisher::take_pixels(const Pixels& pixels, const Shape& shape, const std::string& name,
                            const std::string& place) {
  const double unit = apply(pixels.stages, 0, real_pixel(0, 1)) - apply(pixels.stages, 0, real_pixel(0, 0));
  const double scale = apply(pixels.stages, 0, real_pixel(0, 255)) - apply(pixels.stages, 0, real_pixel(0, 0));
  Quantise quantise;
  quantise.low = 0;
  quantise.high = 255;
  quantise.scale = scale / 255;
  quantise.zero = -std::round(apply(pixels.stages, 0, real_pixel(0, 0)) / quantise.scale);
  quantise.rounding = Rounding::half_away;
  bool is_grid = unit > 0;
  for (int channel = 0; is_grid && channel < shape.channels; ++channel)
    for (int pixel = 0; pixel < 256; ++pixel) {
      const double value = apply(pixels.stages, static_cast<std::size_t>(channel), real_pixel(channel, pixel));
      is_grid = is_grid && std::abs(value / quantise.scale + quantise.zero - pixel) < 1e-6;
    }
  if (!is_grid)
    refuse(
        place,
        "reads the network's input as real numbers, which the file does not quantise and which are no multiples of one "
        "unit: quantise the input in the file, or give a normalisation without mean and deviation per channel");
  return finish(pixels, shape, quantise, name, place);
}

Codes Finisher::pool_maximum(const Codes& codes, const Window& window, const std::string& name) {
  const Edge from = network_.edges[static_cast<std::size_t>(codes.edge)];
  PoolOp pool{codes.edge, window, PoolKind::maximum, {}};
  pool.post.scale = {{1, 0, 0}};
  Edge to = from;
  to.name = name;
  to.shape = {from.shape.channels, window.output_height(from.shape.height), window.output_width(from.shape.width)};
  network_.edges.push_back(std::move(to));
  Codes result = codes;
  result.edge = static_cast<EdgeId>(network_.edges.size() - 1);
  if (from.encoding.bits == 16)
    pool.post.stream = result.edge;
  else
    pool.post.codes = CodeOutput{result.edge, std::nullopt, codes.low, codes.high};
  network_.operations.push_back({name, std::move(pool)});
  return result;
}

Codes Finisher::resample(const Codes& codes, const Shape& shape, const std::array<int, 3>& start,
                         const std::array<int, 3>& step, const std::string& name, const std::string&) {
  Edge to = network_.edges[static_cast<std::size_t>(codes.edge)];
  to.name = name;
  to.shape = shape;
  network_.edges.push_back(std::move(to));
  Codes result = codes;
  result.edge = static_cast<EdgeId>(network_.edges.size() - 1);
  network_.operations.push_back({name, ResampleOp{codes.edge, result.edge, start, step}});
  return result;
}

Codes Finisher::finish(const Parts& parts, const Quantise& quantise, const std::string& name,
                       const std::string& place) {
  const auto code_at = [&](const Codes& part, std::int64_t code) -> std::int64_t {
    return code_of(quantise, (static_cast<double>(code) - part.zero) * part.scale);
  };
  Shape whole = shape(parts.inputs.front());
  whole.channels = 0;
  Reach reach;
  for (const Codes& part : parts.inputs) {
    whole.channels += shape(part).channels;
    reach.add(code_at(part, part.low), code_at(part, part.high));
  }
  const Codes codes = add_edge(name, whole, quantise, reach.range(), place);
  const ActivationEncoding& encoding = network_.edges.back().encoding;
  const Fit fitted = fit(parts.inputs.size(),
                         [&](std::size_t i) {
                           const Codes& part = parts.inputs[i];
                           return steps_of([&](std::int64_t code) { return code_at(part, code); }, part.low, part.high);
                         },
                         {encoding.lowest(), encoding.highest()});
  accept(fitted, quantise, place);
  ConcatOp concat;
  for (const Codes& part : parts.inputs) concat.inputs.push_back(part.edge);
  concat.requantise = fitted.requantise;
  concat.output = codes.edge;
  network_.operations.push_back({parts.name, std::move(concat)});
  return codes;
}

}  // namespace lutra::network::given
