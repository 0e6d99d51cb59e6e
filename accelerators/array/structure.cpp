#include "accelerators/array/structure.h"

#include <algorithm>
#include <array>

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

int Parts::adder_tree(int elements, int inputs, int bits, const Pipeline& pipeline, int steps_before) {
  int step = steps_before;
  for (int left = inputs; left > 1; left -= left / 2) {
    ++bits;
    adder(elements * (left / 2), bits);
    if (pipeline.registered(++step)) registers(elements * (left - left / 2), bits);
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
  drain_selection(config, config.rows, config.columns, config.accumulator_bits);
}

void Parts::drain_selection(const EngineConfig& config, int rows, int columns, int bits) {
  const DrainLanes lanes = drain_lanes(config);
  for (const Shares& of_rows : shares(rows, std::min(rows, lanes.rows)))
    for (const Shares& of_columns : shares(columns, std::min(columns, lanes.columns)))
      if (const int count = of_rows.lanes * of_columns.lanes; count > 0)
        multiplexer(count, bits, of_rows.of_each * of_columns.of_each);
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
