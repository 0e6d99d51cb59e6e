#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "accelerators/engine/decode.h"
#include "accelerators/engine/ledger.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"

namespace lutra::prediction {

// What a command costs.
struct Work {
  accelerators::Unit unit = accelerators::Unit::fetch;  // that runs it; fetch: it ends the stream
  std::uint8_t tokens = 0;
  std::uint32_t bytes = 0;                 // of the stream
  std::uint64_t cycles = 0;                // of its unit; of a transfer over the bus the least
  std::optional<lutra_transfer> over_bus;  // what it moves from or to main memory
};

// Calls visit(command, its bytes in the stream) for each, as the engine decodes them. Throws std::logic_error at one
// that the engine refuses.
void for_each_command(std::span<const std::uint8_t> stream, const accelerators::EngineConfig& config,
                      const accelerators::Family& family,
                      const std::function<void(const accelerators::Command&, std::uint32_t bytes)>& visit);

// The commands of a stream, as the engine decodes them. Throws std::logic_error at one that the engine refuses.
std::vector<Work> read_stream(std::span<const std::uint8_t> stream, const accelerators::EngineConfig& config,
                              const accelerators::Family& family);

}  // namespace lutra::prediction
