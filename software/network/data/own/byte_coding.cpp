#include "software/network/data/own/byte_coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"

namespace lutra::network {

namespace {

constexpr double steps = 254;  // one byte is left for what rounding the zero takes
constexpr double int8_zero = 128;

Normalisation meaning_of(double step, double zero) {
  return {.range = 255 * step, .mean = {zero * step}, .deviation = {}};
}

template <typename Visit>
void for_each_number(const Examples& examples, const std::vector<std::size_t>& chosen, const Visit& visit) {
  const auto numbers = static_cast<std::size_t>(examples.shape.elements());
  for (const std::size_t image : chosen)
    for (std::size_t i = 0; i < numbers; ++i) visit(image, i);
}

ByteCoding spread(const Examples& examples, const std::vector<std::size_t>& chosen, const OwnData& data) {
  double lowest = 0;
  double highest = 0;
  if (!data.lowest || !data.highest)
    for_each_number(examples, chosen, [&](std::size_t image, std::size_t i) {
      const double value = examples.value(image, i);
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    });
  lowest = std::min(0.0, data.lowest.value_or(lowest));
  highest = std::max(0.0, data.highest.value_or(highest));
  ByteCoding coding;
  coding.is_exact = false;
  coding.step = highest > lowest ? (highest - lowest) / steps : 1;
  coding.zero = std::round(-lowest / coding.step);
  coding.meaning = meaning_of(coding.step, coding.zero);
  return coding;
}

}  // namespace

ByteCoding choose_coding(const Examples& examples, const std::vector<std::size_t>& chosen, const OwnData& data) {
  const NumberType type = examples.array.type;
  const bool limited = data.lowest || data.highest;
  if (data.are_pixels && type != NumberType::uint8)
    throw Error(
        fmt::format("{}: holds {}, and network.normalisation is about pixels, uint8; leave it out and save "
                    "the images as the network takes them, or give 'scale' and 'zero_point'",
                    examples.array.place, name_of(type)));
  if (limited || (type != NumberType::uint8 && type != NumberType::int8)) return spread(examples, chosen, data);
  if (type == NumberType::uint8 && !data.scale && !data.zero_point) return {};
  ByteCoding coding;
  coding.meaning = meaning_of(examples.scale, examples.zero_point + (type == NumberType::int8 ? int8_zero : 0));
  return coding;
}

void encode(const ByteCoding& coding, const Examples& examples, const std::vector<std::size_t>& chosen, Dataset& data) {
  const std::size_t numbers = chosen.size() * static_cast<std::size_t>(data.shape.elements());
  data.pixels.reserve(numbers);
  if (coding.is_exact) {
    const int zero = examples.array.type == NumberType::int8 ? static_cast<int>(int8_zero) : 0;
    for_each_number(examples, chosen, [&](std::size_t image, std::size_t i) {
      data.pixels.push_back(static_cast<std::uint8_t>(examples.array.bytes[examples.index(image, i)] + zero));
    });
    return;
  }
  data.values.reserve(numbers);
  for_each_number(examples, chosen, [&](std::size_t image, std::size_t i) {
    const float value = examples.value(image, i);
    data.values.push_back(value);
    data.pixels.push_back(
        static_cast<std::uint8_t>(std::clamp(std::round(value / coding.step) + coding.zero, 0.0, 255.0)));
  });
}

}  // namespace lutra::network
