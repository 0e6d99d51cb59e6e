#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "accelerators/family/family.h"

namespace lutra::test {

// What stays in the engine from stream to stream: empty before the first.
struct OnChip {
  std::vector<std::uint8_t> weights;
  std::uint32_t weight_level = 0;
  std::vector<std::uint8_t> maps;
  std::vector<std::uint8_t> commands;
};

// Runs a command stream one command after another, without time. `memory` begins at LUTRA_IMAGE_ADDRESS. Throws
// std::runtime_error for a command the engine would refuse, and for an access outside `memory`. `begin` hears of each
// LUTRA_OPERATION, `stays` brought up to date.
void interpret(std::span<const std::uint8_t> stream, std::span<std::uint8_t> memory,
               const accelerators::EngineConfig& engine, const accelerators::Family& family, OnChip& stays,
               const std::function<void(std::uint32_t)>& begin = {});

}  // namespace lutra::test
