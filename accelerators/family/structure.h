#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lutra::accelerators {

// What a block is made of, in terms a cost table can price for any device.
enum class PrimitiveKind {
  multiplier,   // width_a (a weight or a constant) x width_b (data), signed
  adder,        // width_a bits
  registers,    // width_a flip-flops
  multiplexer,  // width_a bits, width_b inputs
  logic,        // width_a LUT-sized functions of up to six inputs
  memory        // width_a bits wide, depth words, one read and one write port
};

// Where to find how many LUTs synthesis needs of those that a device's rules say: a table of the cost stage
// (software/costs/lut_factors.h) by its name, and what this design is in its terms, as {"lanes", 4}.
struct LutFactorKey {
  std::string name;  // empty: what the rules say
  std::vector<std::pair<std::string, int>> at;
};

// What of a part lies in the DSP block of its component's multipliers, for as many of them as lie there.
enum class DspPart {
  none,
  product,  // the multiplier, which may take a block; registers of its operands and its product; a
            // multiplexer that a multiplier in the fabric does without
  sum       // an adder behind the product, registers of its sum
};

struct Primitive {
  std::string component;  // "engine.array", "engine.weight_buffer"
  PrimitiveKind kind = PrimitiveKind::registers;
  int count = 1;
  int width_a = 0;
  int width_b = 0;
  int depth = 0;
  int per_dsp = 1;  // multiplier: products that share one DSP block
  DspPart dsp = DspPart::none;
  LutFactorKey lut_factor = {};
};

using Structure = std::vector<Primitive>;

}  // namespace lutra::accelerators
