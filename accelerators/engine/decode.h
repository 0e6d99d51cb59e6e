#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "accelerators/engine/ledger.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"
#include "accelerators/interface/registers.h"

namespace lutra::accelerators {

// One command of a stream, checked.
struct Command {
  lutra_engine_error error = LUTRA_ERROR_NONE;
  Unit unit = Unit::fetch;  // which unit runs it; FINISH is the command processor's own
  std::uint8_t tokens = 0;
  std::uint32_t stream_offset = 0;
  std::optional<std::uint32_t> operation;  // of the last LUTRA_OPERATION, this command included
  std::variant<std::monostate, lutra_transfer, lutra_tile, lutra_operation> body;
};

// Size of the command these first bytes open; 0 when its opcode or size is unknown.
std::size_t command_bytes(std::span<const std::uint8_t, sizeof(lutra_command)> header);

// Decodes the commands of one stream, in order.
class Decoder {
 public:
  // Both must outlive the decoder.
  Decoder(const EngineConfig& config, const Family& family) : config_(config), family_(family) {}

  // A new stream: no command before.
  void restart();

  // `bytes` is a whole command of a known size. A command that is refused carries the error.
  Command decode(std::span<const std::uint8_t> bytes, std::uint32_t stream_offset);

 private:
  bool complete(std::span<const std::uint8_t> changes, std::vector<std::uint8_t>& whole) const;
  Command check(std::span<const std::uint8_t> whole, std::uint32_t stream_offset);

  const EngineConfig& config_;
  const Family& family_;
  std::optional<std::uint32_t> operation_;
  std::array<std::vector<std::uint8_t>, LUTRA_CHANGES> last_;  // by buffer << 4 | opcode; empty: none so far
};

}  // namespace lutra::accelerators
