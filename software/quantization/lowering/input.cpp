#include "software/quantization/lowering/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

double of_channel(const std::vector<double>& values, int channel, int channels, double absent, const char* what) {
  if (values.empty()) return absent;
  if (values.size() != 1 && values.size() != static_cast<std::size_t>(channels))
    throw Error(fmt::format("normalisation: {} values of '{}' for {} channels; give one, or one per channel",
                            values.size(), what, channels));
  const double value = values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
  if (!std::isfinite(value)) throw Error(fmt::format("normalisation: '{}' is {}", what, value));
  return value;
}

struct Affine {
  double per_pixel;
  double offset;
};

}  // namespace

InputEncoding encode_input(const network::Normalisation& normalisation, int channels, int bits) {
  if (!(normalisation.range > 0) || !std::isfinite(normalisation.range))
    throw Error(fmt::format("normalisation: range {} is not a positive number", normalisation.range));
  std::vector<Affine> values;
  double lowest = 0;
  double highest = 0;
  for (int channel = 0; channel < channels; ++channel) {
    const double mean = of_channel(normalisation.mean, channel, channels, 0.0, "mean");
    const double deviation = of_channel(normalisation.deviation, channel, channels, 1.0, "deviation");
    if (!(deviation > 0)) throw Error(fmt::format("normalisation: deviation {} is not positive", deviation));
    values.push_back({normalisation.range / 255.0 / deviation, -mean / deviation});
    lowest = std::min(lowest, values.back().offset);
    highest = std::max(highest, 255.0 * values.back().per_pixel + values.back().offset);
  }
  InputEncoding input;
  input.encoding.bits = bits;
  input.encoding.is_signed = lowest < 0;
  input.scale = std::max(-lowest, highest) / input.encoding.highest();
  for (const Affine& value : values)
    input.channels.push_back(make_requantise(value.per_pixel / input.scale, value.offset / input.scale));
  return input;
}

}  // namespace lutra::quantization
