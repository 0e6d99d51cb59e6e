#include "accelerators/shift_add/lane_work.h"

#include <fmt/format.h>

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

}  // namespace lutra::accelerators::shift_add
