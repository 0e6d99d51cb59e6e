#include "accelerators/ternary/structure.h"

#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/ternary/format.h"
#include "accelerators/ternary/tile_words.h"

namespace lutra::accelerators::ternary {

namespace {

constexpr int shift_bits = 3;
constexpr int shift_entries = 8;  // row blocks between their header and their drain: rtl/shift_entries.sv
constexpr int count_bits = 6;     // -16..16
// Match, sign and a lane's share of two counters: costs/popcount_synthesis.yaml, 4.9 LUT6 from 16 lanes on.
constexpr int functions_per_counted_lane = 5;

int counters_of(int lanes) { return (lanes + counter_lanes - 1) / counter_lanes; }

bool weight_stationary(const EngineConfig& config) { return config.dataflow == Dataflow::weight_stationary; }

// A weight word's two layouts, or nothing, to a non-zero bit and a sign per lane.
void add_weight_operands(array::Parts& parts, const EngineConfig& config) {
  parts.registers(config.rows * config.lanes, code_bits);
  parts.multiplexer(config.rows * config.lanes, 1, 3);
  parts.multiplexer(config.rows * config.lanes, 1, 4);
}

// Levels of the tree, the first with the gates.
array::Pipeline gated_pipeline(const EngineConfig& config) { return {array::tree_levels(config.lanes), config}; }

// Counters, levels of their tree.
array::Pipeline popcount_pipeline(const EngineConfig& config) {
  return {1 + array::tree_levels(counters_of(config.lanes)), config};
}

// A bitmap is read before the buffers are.
int scan_stages(ZeroSkipping skipping) { return skipping == ZeroSkipping::groups ? 1 : 0; }

// Registers of the carries that the levels of a tree leave to those above.
int waiting_carries(int lanes, const array::Pipeline& pipeline) {
  int bits = 0;
  int level = 0;
  for (int left = lanes - lanes / 2; left > 1; left -= left / 2)
    if (pipeline.registered(++level)) bits += left - 1;
  return bits;
}

// rtl/plane_walk.sv, and what a pass takes at every stage; fitted on costs/array/synthesis.yaml.
void add_control(array::Parts& parts, int fill, int own_functions = 0) {
  constexpr int walk_bits = 80;
  constexpr int pass_bits = 8;
  constexpr int walk_functions = 200;
  parts.sequencer(fill, walk_bits + pass_bits * fill, walk_functions + own_functions);
}

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
void add_sums(array::Parts& parts, const EngineConfig& config, int addend_bits, int deepest, bool output_shifts) {
  const int elements = config.rows * config.columns;
  if (output_shifts) parts.add(PrimitiveKind::memory, 1, config.rows * shift_bits).depth = shift_entries;
  if (weight_stationary(config)) {
    const int most = deepest + (output_shifts ? largest_shift : 0);
    for (int step = 1; step <= most; step *= 2) parts.multiplexer(elements, addend_bits + most, 2);
  } else {
    parts.multiplexer(elements, config.accumulator_bits, 2);  // doubles
    if (output_shifts) {
      parts.drain_selection(config, config.rows, 1, shift_bits);
      for (const int inputs : {2, 4})  // by 0 or 4, then by 0 to 3
        parts.multiplexer(array::drain_lanes(config).count(), config.accumulator_bits, inputs);
    }
  }
  parts.accumulators(config);
}

}  // namespace

int gated_fill(const EngineConfig& config, ZeroSkipping skipping) {
  return scan_stages(skipping) + gated_pipeline(config).fill();
}

int popcount_fill(const EngineConfig& config, ZeroSkipping skipping) {
  return scan_stages(skipping) + popcount_pipeline(config).fill();
}

Structure gated_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts) {
  const int elements = config.rows * config.columns;
  const int lanes = config.lanes;
  const int operand_bits = config.activation_bits + 1;
  array::Parts parts;
  add_weight_operands(parts, config);
  parts.registers(config.columns * lanes, config.activation_bits);
  if (skipping == ZeroSkipping::lanes)
    parts.registers(elements * lanes, config.activation_bits);  // a latch per operand bit
  // Each lane takes x, its complement or nothing; of two lanes one is chosen in the adder's own functions.
  parts.multiplexer(elements * (lanes / 2), config.activation_bits, 3);
  parts.adder(elements, operand_bits);  // the carry of the last lane
  const array::Pipeline pipeline = gated_pipeline(config);
  const int sum_bits = parts.adder_tree(elements, lanes, operand_bits, pipeline, 0);
  parts.registers(elements, waiting_carries(lanes, pipeline));
  parts.measured("ternary.gated", config);
  if (skipping == ZeroSkipping::groups) add_scanner(parts, config);
  add_sums(parts, config, sum_bits, config.weight_bits - 1, output_shifts);
  add_control(parts, gated_fill(config, skipping));
  return parts.take();
}

Structure popcount_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts) {
  const int elements = config.rows * config.columns;
  const int lanes = config.lanes;
  array::Parts parts;
  add_weight_operands(parts, config);
  parts.registers(config.columns * lanes, code_bits);
  parts.multiplexer(config.columns * lanes, 1, config.activation_bits);  // the bit of a plane
  parts.multiplexer(config.columns * lanes, 1, 2);                       // its sign
  parts.logic(elements * lanes, functions_per_counted_lane);
  const int counters = counters_of(lanes);
  const array::Pipeline pipeline = popcount_pipeline(config);
  if (pipeline.registered(1)) parts.registers(elements * counters, count_bits);
  const int sum_bits = parts.adder_tree(elements, counters, count_bits, pipeline, 1);
  parts.measured("ternary.popcount", config);
  if (skipping == ZeroSkipping::groups) add_scanner(parts, config);
  add_sums(parts, config, sum_bits, config.weight_bits + config.activation_bits - 2, output_shifts);
  constexpr int activation_walk_functions = 10;  // the planes of activations besides
  add_control(parts, popcount_fill(config, skipping), activation_walk_functions);
  return parts.take();
}

}  // namespace lutra::accelerators::ternary
