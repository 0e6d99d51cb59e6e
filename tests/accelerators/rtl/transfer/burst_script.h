#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::test {

// What main memory does with each burst of a stream, drawn once for the engine's model and for its twin.
struct BurstScript {
  struct Burst {
    int grant = 0;  // cycles that its address waits
    int extra = 0;  // cycles that it takes besides its beats
    bool refused = false;
  };

  BurstScript(Random& random, int slow, bool refuses) {
    for (auto* unit : {&reads, &writes})
      for (int i = 0; i < 512; ++i)
        unit->push_back({.grant = random.chance(3) ? random.between(0, slow) : 0,
                         .extra = random.chance(2) ? random.between(0, 2 * slow) : 0,
                         .refused = refuses && random.chance(12)});
  }

  static std::uint64_t beats(std::uint64_t address, std::uint64_t bytes, std::uint64_t bus_bytes) {
    return (address + bytes - 1) / bus_bytes - address / bus_bytes + 1;
  }

  std::vector<Burst> reads, writes;
};

// One direction of the bus: bursts end in order, and their beats do not mix. Times in cycles.
struct BurstChannel {
  std::uint64_t end = 0;  // of the last burst

  // Of a burst whose address is taken in the cycle that begins at `taken`.
  std::uint64_t carry(std::uint64_t taken, std::uint64_t beats, int extra) {
    end = std::max(taken + 1, end) + beats + static_cast<std::uint64_t>(extra);
    return end;
  }
};

struct IssuedBurst {
  std::uint64_t taken = 0;  // since the stream's start
  std::uint64_t address = 0;
  std::uint64_t beats = 0;
  bool operator==(const IssuedBurst&) const = default;
};

// What one unit does in a cycle: a character of "bcpn-" (busy, waits for a command, the previous, the next unit, off).
struct Trace {
  std::string load, store;
  std::vector<IssuedBurst> reads, writes;
  std::uint32_t error = 0, detail = 0;
  std::uint64_t failed = ~std::uint64_t{0};  // the cycle from which on it has
};

}  // namespace lutra::test
