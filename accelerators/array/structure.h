#pragma once

#include <string>
#include <utility>
#include <vector>

#include "accelerators/array/pipeline.h"
#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"

namespace lutra::accelerators::array {

// Collects the primitives of engine.array, and those of engine.sequencer that step it.
class Parts {
 public:
  Primitive& add(PrimitiveKind kind, int count, int width_a, int width_b = 0, DspPart dsp = DspPart::none);
  void registers(int count, int bits) { add(PrimitiveKind::registers, count, bits); }
  void adder(int count, int bits) { add(PrimitiveKind::adder, count, bits); }
  void logic(int count, int functions) { add(PrimitiveKind::logic, count, functions); }
  void multiplexer(int count, int bits, int inputs) {
    if (inputs > 1) add(PrimitiveKind::multiplexer, count, bits, inputs);
  }

  // Of an operand of a table or a weight of `bits` and data of `data_bits`; may lie in a DSP block where the engine
  // says so.
  Primitive& multiplier(int count, int bits, int data_bits, const EngineConfig& config) {
    return add(PrimitiveKind::multiplier, count, bits, data_bits, config.use_dsp ? DspPart::product : DspPart::none);
  }

  // Operand registers of the weights of every row; a DSP block takes what goes to its multiplier as it is.
  void weight_registers(const EngineConfig& config, bool into_multipliers) {
    add(PrimitiveKind::registers, config.rows * config.lanes, config.weight_bits, 0,
        config.use_dsp && into_multipliers ? DspPart::product : DspPart::none);
  }

  // A multiplier per lane of each of `elements`, a step of the datapath, and the tree that adds their products; yields
  // the bits of its sum. DSP blocks take the adder that a product meets first where one register at most lies between.
  int products(int elements, const EngineConfig& config, int weight_bits, const Pipeline& pipeline, int per_dsp);

  // A tree per processing element that adds `inputs` operands of `bits`; yields the bits of its sum. A level is a step
  // of the datapath, the first one behind `steps_before` others. `behind_dsp`: its operands are products that may come
  // out of DSP blocks.
  int adder_tree(int elements, int inputs, int bits, const Pipeline& pipeline, int steps_before,
                 bool behind_dsp = false);

  // What follows the tree in every array: accumulator and drain registers of each element, or, weight-stationary, the
  // adder of a sum that lies in the accumulator buffer; and the selection of the sums that leave. `in_dsp`: adder and
  // register lie in the block that holds the element's multiplier.
  void accumulators(const EngineConfig& config, bool in_dsp = false);

  // Each lane of the drain chooses among its share of `rows` x `columns` values of `bits`.
  void drain_selection(const EngineConfig& config, int rows, int columns, int bits);

  // The tile sequencer and its control at every stage: rtl/array_control.sv, fitted on costs/array/synthesis.yaml of
  // each family. Accumulators stand in stage `fill`; `registers` and `functions`: what the family's own control has
  // besides.
  void sequencer(int fill, int registers = 0, int functions = 0);

  // The LUTs of what was added to engine.array so far, and has no factor yet, are the rules' times that of such a name,
  // over lanes, activation_bits, weight_bits and what the family adds.
  void measured(const std::string& name, const EngineConfig& config,
                const std::vector<std::pair<std::string, int>>& besides = {});

  Structure take() { return std::move(parts_); }

 private:
  Structure parts_;
};

}  // namespace lutra::accelerators::array
