#include "accelerators/lut/tables_structure.h"

#include <algorithm>

#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/lut/tables_format.h"
#include "accelerators/lut/tables_timing.h"

namespace lutra::accelerators::lut {

namespace {

constexpr int term_bits = 12;  // 2 x 128 per plane; up to 8 x 128 for the sum of all activations

// The pass of a word at every stage, and which is its last; fitted on costs/array/synthesis.yaml.
constexpr int walk_bits = 40;
constexpr int pass_bits = 20;
constexpr int walk_functions = 20;

// Adders of all sums of `group` operands under every choice of signs but the last one's, made of those of two halves.
void add_sign_sums(array::Parts& parts, int tables, int group, int operand_bits) {
  if (group == 1) return;
  parts.adder(tables << (group - 1), operand_bits + array::tree_levels(group));
  add_sign_sums(parts, tables, group / 2, operand_bits);
  add_sign_sums(parts, tables, group - group / 2, operand_bits);
}

// What builds and holds the entries of tables, each as wide as its sum.
void add_tables(array::Parts& parts, int tables, const TablesKnobs& knobs, int operand_bits) {
  const int widest = operand_bits + array::tree_levels(knobs.group);
  const int copies = knobs.serial ? 2 : 1;
  if (knobs.half) {
    if (!knobs.serial) add_sign_sums(parts, tables, knobs.group, operand_bits);
    parts.registers(tables * knobs.entries() * copies, widest);
  } else {
    for (int chosen = 1, sums = knobs.group; chosen <= knobs.group; ++chosen) {
      const int bits = operand_bits + array::tree_levels(chosen);
      if (chosen > 1 && !knobs.serial) parts.adder(tables * sums, bits);
      parts.registers(tables * sums * copies, bits);
      sums = sums * (knobs.group - chosen) / (chosen + 1);  // of one more activation
    }
  }
  if (!knobs.serial) return;
  // One adder, which activation the entry differs in, and the entry before.
  parts.adder(tables, widest);
  parts.multiplexer(tables, operand_bits, knobs.group);
  parts.registers(tables, widest);
}

}  // namespace

Structure tables_structure(const EngineConfig& config, const TablesKnobs& knobs) {
  const int elements = config.rows * config.columns;
  const int tables = config.columns * config.lanes / knobs.group;
  const int lookups = elements * config.lanes / knobs.group;
  const int operand_bits = config.activation_bits + 1;  // unsigned ones among signed
  const int entry_bits = operand_bits + array::tree_levels(knobs.group);
  array::Parts parts;
  const array::Pipeline pipeline = tables_pipeline(config, knobs);
  // The last choice of two lies in the functions of the adder behind it: a lone table's, where no register parts them.
  const bool chooses_in_adder =
      !knobs.half && knobs.group > 2 && config.lanes == knobs.group && !pipeline.registered(1);
  parts.multiplexer(lookups, entry_bits,
                    (1 << (knobs.half ? knobs.group - 1 : knobs.group)) - (chooses_in_adder ? 3 : 0));
  parts.measured("lut.look_ups", config, {{"group", knobs.group}, {"half_tables", knobs.half ? 2 : 1}});
  // Operands, their decoder, the tables.
  parts.registers(config.rows * config.lanes, 2);  // a plane waits a cycle for its word's tables
  parts.registers(config.columns * config.lanes, config.activation_bits);
  if (knobs.levels) {
    const int entries = 1 << std::min(config.activation_bits, largest_level_bits);
    parts.registers(entries, config.activation_bits);
    parts.multiplexer(config.columns * config.lanes, config.activation_bits, entries);
  }
  add_tables(parts, tables, knobs, operand_bits);
  // The look-ups' sum.
  if (knobs.half) parts.adder(lookups, entry_bits);  // negation
  if (pipeline.registered(1)) parts.registers(lookups, entry_bits);
  const int sum_bits = parts.adder_tree(elements, config.lanes / knobs.group, entry_bits, pipeline, 1);
  // Planes of an integer: the sum so far, doubled, and the plane's.
  const int combined_bits = sum_bits + config.weight_bits;
  parts.adder(elements, combined_bits);
  parts.logic(elements, combined_bits);  // nothing in front of a word's first plane, and that one negative
  parts.registers(elements, combined_bits);
  // One accumulator and drain register, or one for each plane with coefficients.
  EngineConfig wide = config;
  wide.accumulator_bits += knobs.half ? 1 : 0;
  parts.accumulators(wide);
  if (knobs.planes > 1) {
    parts.registers(elements * (knobs.planes - 1), 2 * wide.accumulator_bits);
    parts.multiplexer(elements, wide.accumulator_bits, knobs.planes);
    parts.multiplexer(elements, wide.accumulator_bits, knobs.planes);
  }
  const bool with_coefficients = knobs.coefficients != Combination::none;
  const array::DrainLanes drain = array::drain_lanes(config);
  const int leaving = drain.count();
  if (knobs.half || with_coefficients) {  // the sum of all activations of a column
    if (pipeline.registered(1)) parts.registers(tables, entry_bits);
    const int tree_bits = parts.adder_tree(config.columns, config.lanes / knobs.group, entry_bits, pipeline, 1);
    parts.registers(config.columns, tree_bits);
    parts.adder(config.columns, wide.accumulator_bits);
    parts.registers(config.columns, 2 * wide.accumulator_bits);
    parts.drain_selection(config, 1, config.columns, wide.accumulator_bits);
    parts.adder(leaving, wide.accumulator_bits);
    parts.registers(leaving, config.accumulator_bits);
  }
  if (with_coefficients) {
    const int bits = knobs.coefficients == Combination::multiply ? term_bits : 5;
    parts.registers(config.rows * (knobs.planes + 1), bits);
    const int share = (config.rows + drain.rows - 1) / drain.rows;
    parts.multiplexer(drain.rows, bits, share * (knobs.planes + 1));
    if (knobs.coefficients == Combination::multiply)
      parts.multiplier(leaving, term_bits, wide.accumulator_bits, config);
    else
      parts.multiplexer(leaving, wide.accumulator_bits, term_bits);
    parts.registers(leaving, 2 * wide.accumulator_bits);  // product, sum of products
  }
  const int fill = tables_fill(config, knobs);
  parts.sequencer(fill, walk_bits + pass_bits * fill, walk_functions);
  return parts.take();
}

}  // namespace lutra::accelerators::lut
