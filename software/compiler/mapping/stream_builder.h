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

// Collects the commands of operations in an order in which they could run one after another, and lets them overlap as
// far as the data allow: a command waits for a token exactly where it needs the latest so far of another unit's
// commands, and only that command signals it. Every wait is for an earlier command, so that no stream deadlocks.
//
// Data are ordered in buffers and in memory: a load waits for the store of what it reads. A store over what loads have
// read needs no token: it waits for its tile, which runs behind those that waited for these loads - where every load is
// read by a tile before the data are overwritten.
class StreamBuilder {
 public:
  StreamBuilder();

  // `filled`: all that the load may overwrite.
  void load(const lutra_transfer& transfer, const Region& filled);
  // `reads` are regions that loads have filled, `writes` regions of the output buffer that stores will read.
  void tile(const lutra_tile& tile, std::span<const Region> reads, std::span<const Region> writes);
  void store(const lutra_transfer& transfer);
  // What follows belongs to this operation of the program.
  void operation(std::uint32_t number);

  // The bytes of the stream, closed by LUTRA_FINISH.
  std::vector<std::uint8_t> finish() const;

 private:
  enum Unit { loader, compute, storer, unit_count };

  // A region in use: by which command it was filled, and which read it last (-1: none so far).
  struct Use {
    Region region;
    int writer = -1;
    int reader = -1;
  };

  using Command = std::variant<lutra_transfer, lutra_tile, lutra_operation>;

  // Bytes [begin, end) of a memory, from the first that a store has written to the last.
  struct Stored {
    std::uint16_t memory = LUTRA_MEMORY_MAIN;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    bool touches(const Stored& other) const { return memory == other.memory && begin < other.end && other.begin < end; }
  };

  int append(Unit unit, const Command& command);
  lutra_command& header(Unit unit, int index);
  // Makes `waiting`'s command at `index` wait until `signalling` has done its command `wanted`.
  void wait(Unit waiting, int index, Unit signalling, int wanted);
  int overwrite(const Region& region, int writer);
  int read(const Region& region, int reader);
  int last_store(const lutra_transfer& load) const;
  static Stored extent(const lutra_transfer& transfer);

  std::vector<Command> commands_;
  std::array<std::vector<std::size_t>, unit_count> units_;            // positions in commands_
  std::array<std::array<int, unit_count>, unit_count> waited_for_{};  // [waiting][signalling]: one past the command
  std::array<std::vector<Use>, LUTRA_BUFFER_COUNT> uses_;
  std::vector<Stored> stored_;                                        // by each store
  std::array<std::uint64_t, LUTRA_MEMORY_MAPS + 1> lowest_stored_{};  // in each memory; constants lie below
};

// A transfer's bytes in its buffer, padding included.
Region region_of(const lutra_transfer& transfer);

}  // namespace lutra::compiler
