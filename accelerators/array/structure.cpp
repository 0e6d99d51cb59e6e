#include "accelerators/array/structure.h"

namespace lutra::accelerators::array {

Primitive& Parts::add(PrimitiveKind kind, int count, int width_a, int width_b, bool dsp) {
  Primitive part;
  part.component = "engine.array";
  part.kind = kind;
  part.count = count;
  part.width_a = width_a;
  part.width_b = width_b;
  part.dsp = dsp;
  return parts_.emplace_back(std::move(part));
}

int Parts::adder_tree(int elements, int inputs, int bits) {
  for (int left = inputs; left > 1; left -= left / 2) {
    ++bits;
    adder(elements * (left / 2), bits);
    registers(elements * (left - left / 2), bits);
  }
  return bits;
}

void Parts::accumulators(const EngineConfig& config, bool in_dsp) {
  const int elements = config.rows * config.columns;
  const bool weight_stationary = config.dataflow == Dataflow::weight_stationary;
  add(PrimitiveKind::adder, elements, config.accumulator_bits, 0, in_dsp);
  if (!weight_stationary) {
    add(PrimitiveKind::registers, elements, config.accumulator_bits, 0, in_dsp);
    registers(elements, config.accumulator_bits);  // drained while the next block accumulates
  }
  multiplexer(config.post_lanes, config.accumulator_bits, (elements + config.post_lanes - 1) / config.post_lanes);
}

}  // namespace lutra::accelerators::array
