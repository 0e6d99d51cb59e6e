#include "accelerators/ternary/structure.h"

#include "accelerators/array/structure.h"
#include "accelerators/ternary/format.h"
#include "accelerators/ternary/tile_words.h"

namespace lutra::accelerators::ternary {

namespace {

bool weight_stationary(const EngineConfig& config) { return config.dataflow == "weight_stationary"; }

// Bitmap, its windows, and the first set bit of one.
void add_scanner(array::Parts& parts, const EngineConfig& config) {
  const int windows = (config.weight_buffer_bytes + scan_bits - 1) / scan_bits;  // a word takes at least a byte
  parts.add(PrimitiveKind::memory, 1, scan_bits).depth = windows;
  parts.registers(2, scan_bits);  // the window and the next
  parts.logic(2, scan_bits);      // lowest bit, and the window without it
  parts.registers(1, 32);         // address of the window's first word
  parts.adder(1, 32);
}

// `addend_bits`: what the lanes of an element add per cycle; `deepest`: the largest power of two a pass is worth.
void add_sums(array::Parts& parts, const EngineConfig& config, int addend_bits, int deepest) {
  const int elements = config.rows * config.columns;
  parts.registers(config.rows, 3);  // output shifts
  if (weight_stationary(config)) {
    for (int step = 1; step <= deepest + largest_shift; step *= 2)
      parts.multiplexer(elements, addend_bits + deepest, 2);
  } else {
    parts.multiplexer(elements, config.accumulator_bits, 2);  // doubles
    parts.multiplexer(config.post_lanes, config.accumulator_bits, largest_shift + 1);
  }
  parts.accumulators(config);
}

}  // namespace

Structure gated_structure(const EngineConfig& config, ZeroSkipping skipping) {
  const int elements = config.rows * config.columns;
  const int lanes = config.lanes;
  array::Parts parts;
  parts.registers(config.rows * lanes, code_bits);
  parts.registers(config.columns * lanes, config.activation_bits);
  if (skipping == ZeroSkipping::groups) add_scanner(parts, config);
  parts.logic(elements * lanes, config.activation_bits + 1);  // gate and complement
  const int sum_bits = parts.adder_tree(elements, lanes, config.activation_bits + 1);
  add_sums(parts, config, sum_bits, config.weight_bits - 1);
  return parts.take();
}

Structure popcount_structure(const EngineConfig& config, ZeroSkipping skipping) {
  const int elements = config.rows * config.columns;
  const int lanes = config.lanes;
  array::Parts parts;
  parts.registers(config.rows * lanes, code_bits);
  parts.registers(config.columns * lanes, code_bits);
  parts.multiplexer(config.columns * lanes, 1, config.activation_bits);  // the plane of a pass
  if (skipping == ZeroSkipping::groups) add_scanner(parts, config);
  parts.logic(elements * lanes, 4);  // match, sign, and a counter's share of each
  const int counters = (lanes + counter_lanes - 1) / counter_lanes;
  constexpr int count_bits = 6;  // -16..16
  parts.registers(elements * counters, count_bits);
  const int sum_bits = parts.adder_tree(elements, counters, count_bits);
  add_sums(parts, config, sum_bits, config.weight_bits + config.activation_bits - 2);
  return parts.take();
}

}  // namespace lutra::accelerators::ternary
