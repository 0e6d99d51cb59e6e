#include "accelerators/array/structure.h"

#include <algorithm>
#include <array>
#include <bit>

#include "accelerators/array/timing.h"

namespace lutra::accelerators::array {

namespace {

struct Shares {
  int lanes = 0;
  int of_each = 0;
};

// `count` places dealt out to `lanes`: the first of them may have one more than the others.
std::array<Shares, 2> shares(int count, int lanes) {
  const int more = count % lanes;
  return {{{more, count / lanes + 1}, {lanes - more, count / lanes}}};
}

}  // namespace

Primitive& Parts::add(PrimitiveKind kind, int count, int width_a, int width_b, DspPart dsp) {
  Primitive part;
  part.component = "engine.array";
  part.kind = kind;
  part.count = count;
  part.width_a = width_a;
  part.width_b = width_b;
  part.dsp = dsp;
  return parts_.emplace_back(std::move(part));
}

int Parts::products(int elements, const EngineConfig& config, int weight_bits, const Pipeline& pipeline, int per_dsp) {
  const int bits = config.activation_bits + weight_bits;
  // A block of several products holds neither register nor adder for them.
  const DspPart part = config.use_dsp && per_dsp == 1 ? DspPart::product : DspPart::none;
  multiplier(elements * config.lanes, weight_bits, config.activation_bits, config).per_dsp = per_dsp;
  if (part == DspPart::product)
    add(PrimitiveKind::multiplexer, config.columns * config.lanes, 1, 2, part);  // an activation's sign, or none
  if (pipeline.registered(1)) add(PrimitiveKind::registers, elements * config.lanes, bits, 0, part);
  return adder_tree(elements, config.lanes, bits, pipeline, 1, part == DspPart::product);
}

int Parts::adder_tree(int elements, int inputs, int bits, const Pipeline& pipeline, int steps_before, bool behind_dsp) {
  int step = steps_before;
  int alone = behind_dsp ? inputs : 0;  // products that no adder has met
  for (int left = inputs; left > 1; left -= left / 2) {
    ++bits;
    const bool in_reach = pipeline.registers(step) <= 1;
    // All meet on the first level but one of an odd number, which meets the sum beside it further up.
    const int met = left % 2 == 0 ? alone : alone - alone % 2;
    const int in_blocks = in_reach ? (met + 1) / 2 : 0;
    if (in_blocks > 0) add(PrimitiveKind::adder, elements * in_blocks, bits, 0, DspPart::sum);
    if (const int others = elements * (left / 2 - in_blocks); others > 0) {
      adder(others, behind_dsp ? bits - 1 : bits);
      // Beside blocks the top two bits are one function.
      if (behind_dsp) add(PrimitiveKind::adder, others, 1, 0, DspPart::sum);
    }
    alone -= met;
    if (pipeline.registered(++step)) {
      const int held = in_blocks + (in_reach ? alone : 0);
      if (held > 0) add(PrimitiveKind::registers, elements * held, bits, 0, DspPart::sum);
      if (left - left / 2 > held) registers(elements * (left - left / 2 - held), bits);
    }
  }
  return bits;
}

void Parts::accumulators(const EngineConfig& config, bool in_dsp) {
  const DspPart part = in_dsp ? DspPart::sum : DspPart::none;
  const int elements = config.rows * config.columns;
  const bool weight_stationary = config.dataflow == Dataflow::weight_stationary;
  add(PrimitiveKind::adder, elements, config.accumulator_bits, 0, part);
  if (!weight_stationary) {
    add(PrimitiveKind::registers, elements, config.accumulator_bits, 0, part);
    registers(elements, config.accumulator_bits);  // drained while the next block accumulates
  }
  drain_selection(config, config.rows, config.columns, config.accumulator_bits);
}

void Parts::drain_selection(const EngineConfig& config, int rows, int columns, int bits) {
  const DrainLanes lanes = drain_lanes(config);
  for (const Shares& of_rows : shares(rows, std::min(rows, lanes.rows)))
    for (const Shares& of_columns : shares(columns, std::min(columns, lanes.columns)))
      if (const int count = of_rows.lanes * of_columns.lanes; count > 0) {
        // Among columns, then among rows, which are one choice where the rows are a power of two.
        const bool one = std::has_single_bit(static_cast<unsigned>(of_rows.of_each));
        multiplexer(count * (one ? 1 : of_rows.of_each), bits, of_columns.of_each * (one ? of_rows.of_each : 1));
        if (!one) multiplexer(count, bits, of_rows.of_each);
      }
}

void Parts::sequencer(int fill, int own_registers, int own_functions) {
  constexpr int count_bits = 20;  // rtl/array_pkg.sv
  constexpr int index_bits = 9;
  constexpr int counts = 9;            // what is left of outputs, group and pixels; blocks, word and pass
  constexpr int indices = 5;           // of the drain
  constexpr int functions = 152;       // their conditions and what they start from
  constexpr int sequencer_bits = 237;  // state, counts and indices
  constexpr int stage_bits = 80;       // of a control_t, what an array uses
  constexpr int block_numbers = 2;     // of the block that drains
  const std::size_t first = parts_.size();
  adder(counts, count_bits);
  adder(indices, index_bits);
  logic(1, functions + own_functions);
  registers(1, sequencer_bits + own_registers);
  registers(fill, stage_bits);
  registers(block_numbers, count_bits);
  for (std::size_t i = first; i < parts_.size(); ++i) parts_[i].component = "engine.sequencer";
}

void Parts::measured(const std::string& name, const EngineConfig& config,
                     const std::vector<std::pair<std::string, int>>& besides) {
  LutFactorKey factor{
      name,
      {{"lanes", config.lanes}, {"activation_bits", config.activation_bits}, {"weight_bits", config.weight_bits}}};
  factor.at.insert(factor.at.end(), besides.begin(), besides.end());
  for (Primitive& part : parts_)
    if (part.component == "engine.array" && part.lut_factor.name.empty()) part.lut_factor = factor;
}

}  // namespace lutra::accelerators::array
