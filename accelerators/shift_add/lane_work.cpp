#include "accelerators/shift_add/lane_work.h"

#include <fmt/format.h>

#include <algorithm>

namespace lutra::accelerators::shift_add {

std::string refuses_activations(const EngineConfig& config, int bits, bool is_signed) {
  if (bits > config.activation_bits)
    return fmt::format("{}-bit activations on {}-bit lanes (activation_bits)", bits, config.activation_bits);
  if (bits == 16 && !is_signed) return "unsigned 16-bit activations";
  return {};
}

std::string refuses_activations(const EngineConfig& config, const network::ActivationEncoding& activation) {
  if (!activation.levels.empty()) return "activations with a level table: its lanes shift and add the codes themselves";
  return refuses_activations(config, activation.bits, activation.is_signed);
}

std::vector<std::uint64_t> lane_events(const LaneCounts& counts, bool zero_gating) {
  const std::uint64_t zeros = counts.slots - counts.pairs;
  return {counts.pairs, zero_gating ? 0 : zeros, zero_gating ? zeros : 0, counts.clocked - counts.slots};
}

void add_columns(array::Parts& parts, const EngineConfig& config, int stages, bool zero_gating) {
  const int lanes = config.columns * config.lanes;
  parts.registers(lanes, stages * config.activation_bits);
  if (!zero_gating) return;
  parts.logic(lanes, (config.activation_bits + 4) / 5);
  if (stages > 1) parts.registers(lanes, stages - 1);
}

// A shift by 0..3, then by 0 or 4 within the addition that negates; a shift by 0 or 1 lies in it whole. The mask is
// half absorbed by the tree's additions, but for a shifted activation without a register: fitted to
// costs/synthesis.yaml.
void add_lanes(array::Parts& parts, int count, int activation_bits, int exponents, bool zero_gating, bool registered) {
  const int bits = activation_bits + exponents;
  if (exponents > 2) parts.multiplexer(count, activation_bits + 1 + std::min(exponents - 1, 3), std::min(exponents, 4));
  parts.adder(count, bits);
  if (registered) parts.registers(count, bits);
  // Without gating the register of a shifted activation is cleared by its reset, that of one which is not by logic.
  if (registered && !zero_gating && exponents == 1) parts.multiplexer(count, bits, 2);
  if (registered && !zero_gating) return;
  parts.multiplexer(count, registered || exponents <= 2 ? (bits + 1) / 2 : bits, 4);
  if (registered) parts.registers(count, 1);
}

void add_sum_shifters(array::Parts& parts, int count, int bits, bool registered) {
  parts.multiplexer(count, bits, 4);
  parts.adder(count, bits);
  if (registered) parts.registers(count, bits);
}

}  // namespace lutra::accelerators::shift_add
