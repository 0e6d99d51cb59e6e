#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "software/reference/integer/integer_step.h"

namespace lutra::reference {

// A quantised network prepared for one instruction set. Immutable; frames carry all state.
class IntegerProgram {
 public:
  // Throws Error for a network that validate() refuses.
  IntegerProgram(const network::QuantisedNetwork& network, InstructionSet set);

  IntegerFrame make_frame() const;

  // Computes every edge of one image. Throws Error for a wrong number of pixels.
  void run(std::span<const std::uint8_t> pixels, IntegerFrame& frame) const;

  // The input edge alone.
  void transform_input(std::span<const std::uint8_t> pixels, IntegerFrame& frame) const;

  const network::QuantisedNetwork& network() const { return network_; }

 private:
  using PixelTable = std::array<std::int16_t, 256>;

  void decode(network::EdgeId edge, IntegerFrame& frame) const;

  network::QuantisedNetwork network_;
  std::vector<PixelTable> pixel_codes_;  // per channel
  std::vector<std::unique_ptr<IntegerStep>> steps_;
};

}  // namespace lutra::reference
