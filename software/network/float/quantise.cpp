#include "software/network/float/quantise.h"

#include <algorithm>
#include <cmath>

namespace lutra::network {

namespace {

// Of a value whose magnitude no code can have: every rounding clamps it alike.
constexpr double beyond_codes = 0x1p40;

double bounded(double value) { return std::clamp(value, -beyond_codes, beyond_codes); }

int clamped(double value, const Quantise& quantise) {
  return static_cast<int>(std::clamp<double>(value, quantise.low, quantise.high));
}

}  // namespace

double round_by(Rounding rounding, double value) {
  const double below = std::floor(value);
  const double rest = value - below;
  switch (rounding) {
    case Rounding::half_even:
      return rest < 0.5 || (rest == 0.5 && std::fmod(below, 2) == 0) ? below : below + 1;
    case Rounding::half_away:
      return rest < 0.5 || (rest == 0.5 && value < 0) ? below : below + 1;
    case Rounding::half_to_zero:
      return rest < 0.5 || (rest == 0.5 && value > 0) ? below : below + 1;
    case Rounding::floor:
      return below;
    case Rounding::ceiling:
      return std::ceil(value);
    case Rounding::away:
      return value < 0 ? below : std::ceil(value);
    case Rounding::to_zero:
      return std::trunc(value);
  }
  return below;
}

int code_of(const Quantise& quantise, double value) {
  const double units = bounded(value / quantise.scale);
  const double whole = quantise.zero_last ? round_by(quantise.rounding, units) + quantise.zero
                                          : round_by(quantise.rounding, units + quantise.zero);
  if (!quantise.cut) return clamped(whole, quantise);
  return clamped(round_by(quantise.cut->rounding, std::ldexp(whole, -quantise.cut->bits)), quantise);
}

}  // namespace lutra::network
