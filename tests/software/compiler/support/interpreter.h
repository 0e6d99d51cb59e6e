#pragma once

#include <cstdint>
#include <span>

#include "accelerators/family/family.h"

namespace lutra::test {

// Runs a command stream one command after another, without time. `memory` begins at LUTRA_IMAGE_ADDRESS. Throws
// std::runtime_error for a command the engine would refuse, and for an access outside `memory`.
void interpret(std::span<const std::uint8_t> stream, std::span<std::uint8_t> memory,
               const accelerators::EngineConfig& engine, const accelerators::Family& family);

}  // namespace lutra::test
