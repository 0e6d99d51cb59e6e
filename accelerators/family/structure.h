#pragma once

#include <string>
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

struct Primitive {
  std::string component;  // "engine.array", "engine.weight_buffer"
  PrimitiveKind kind = PrimitiveKind::registers;
  int count = 1;
  int width_a = 0;
  int width_b = 0;
  int depth = 0;
  int per_dsp = 1;           // multiplier: products that share one DSP block
  bool dsp = false;          // multiplier: may take a DSP block; adder, registers: lie in that block where it does
  double error_percent = 0;  // of the split into primitives, against synthesis; a device's rule may say more
};

using Structure = std::vector<Primitive>;

}  // namespace lutra::accelerators
