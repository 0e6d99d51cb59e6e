#include "software/network/given/value.h"

#include <algorithm>

#include "software/common/overload.h"

namespace lutra::network::given {

namespace {

double of_channel(const auto& values, std::size_t channel) {
  return static_cast<double>(values[values.size() == 1 ? 0 : channel]);
}

}  // namespace

double apply(const Stage& stage, std::size_t channel, double value) {
  return std::visit(
      Overload{[&](const Affine& affine) {
                 return (value - of_channel(affine.centre, channel)) / affine.divisor *
                            of_channel(affine.factor, channel) +
                        of_channel(affine.offset, channel);
               },
               [&](const Clip& clip) {
                 return std::clamp(value, static_cast<double>(clip.low), static_cast<double>(clip.high));
               },
               [&](const PRelu& prelu) { return value < 0 ? value * of_channel(prelu.slope, channel) : value; }},
      stage);
}

double apply(const std::vector<Stage>& stages, std::size_t channel, double value) {
  for (const Stage& stage : stages) value = apply(stage, channel, value);
  return value;
}

}  // namespace lutra::network::given
