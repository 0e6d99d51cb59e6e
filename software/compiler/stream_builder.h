#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::compiler {

// Bytes [offset, offset + bytes) of a buffer.
struct Region {
  lutra_buffer buffer = LUTRA_BUFFER_ACTIVATION;
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;
};

// Collects the commands of one operation in an order in which they could run one after another, and lets them overlap
// as far as the data allow: a command waits for a token exactly where it needs the latest so far of another unit's
// commands, and only that command signals it. Every wait is for an earlier command, so that no stream deadlocks.
class StreamBuilder {
 public:
  void load(const lutra_transfer& transfer);
  // `reads` are regions that loads have filled, `writes` regions of the output buffer that stores will read.
  void tile(const lutra_tile& tile, std::span<const Region> reads, std::span<const Region> writes);
  void store(const lutra_transfer& transfer);

  // The bytes of the stream, closed by LUTRA_FINISH.
  std::vector<std::uint8_t> finish() const;

  std::size_t tiles() const { return units_[compute].size(); }

 private:
  enum Unit { loader, compute, storer, unit_count };

  // A region in use: by which command it was filled, and which read it last (-1: none so far).
  struct Use {
    Region region;
    int writer = -1;
    int reader = -1;
  };

  using Command = std::variant<lutra_transfer, lutra_tile>;

  int append(Unit unit, const Command& command);
  lutra_command& header(Unit unit, int index);
  // Makes `waiting`'s command at `index` wait until `signalling` has done its command `wanted`.
  void wait(Unit waiting, int index, Unit signalling, int wanted);
  int overwrite(const Region& region, int writer);
  int read(const Region& region, int reader);

  std::vector<Command> commands_;
  std::array<std::vector<std::size_t>, unit_count> units_;            // positions in commands_
  std::array<std::array<int, unit_count>, unit_count> waited_for_{};  // [waiting][signalling]: one past the command
  std::array<std::vector<Use>, LUTRA_BUFFER_COUNT> uses_;
};

// Bytes of a transfer in its buffer, padding included.
std::uint32_t buffer_bytes(const lutra_transfer& transfer);

}  // namespace lutra::compiler
