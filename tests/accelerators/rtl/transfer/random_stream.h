#pragma once

#include <array>
#include <vector>

#include "accelerators/engine/transfer.h"
#include "accelerators/family/activation_layout.h"
#include "tests/accelerators/engine/command_stream.h"
#include "tests/accelerators/engine/engine_bench.h"

namespace lutra::test {

// What load and store unit move: every buffer and memory of the engine but the activation buffer, and main memory.
struct Contents {
  std::array<std::vector<std::uint8_t>, LUTRA_BUFFER_COUNT> buffers;
  std::vector<std::uint8_t> main;
  std::uint32_t weight_level = 0;

  std::vector<std::uint8_t>& memory(const lutra_transfer& t) {
    return t.memory == LUTRA_MEMORY_MAPS ? buffers[LUTRA_BUFFER_MAP_MEMORY] : main;
  }
  void apply(const lutra_transfer& t) {
    const std::uint64_t base = t.memory == LUTRA_MEMORY_MAPS ? 0 : Memory::base;
    accelerators::Bursts bursts(t, 4096);
    while (const auto burst = bursts.next()) {
      const std::span place(&memory(t)[burst->address - base], burst->bytes);
      if (t.command.opcode == LUTRA_LOAD)
        accelerators::scatter(t, burst->first, place, buffers[t.buffer]);
      else
        accelerators::gather(t, burst->first, place, buffers[t.buffer]);
    }
    if (t.buffer == LUTRA_BUFFER_WEIGHT_MEMORY)
      weight_level = std::max(weight_level, static_cast<std::uint32_t>(t.offset + accelerators::footprint_bytes(t)));
  }
};

struct Step {
  lutra_opcode opcode = LUTRA_LOAD;
  unsigned tokens = 0;
  lutra_transfer transfer{};
  lutra_tile tile{};  // opcode LUTRA_TILE
  std::uint64_t cycles = 0;
  std::uint32_t stream_offset = 0;
};

// A stream in which nothing that is read is written too, and no command waits for a token that comes behind it.
class RandomStream {
 public:
  RandomStream(Random& random, const Contents& contents, int count, bool unwritten)
      : random_(random), contents_(contents), flip_(random.chance(2)), fills_maps_(random.chance(3)) {
    level_ = contents.weight_level;
    for (int i = 0; i < count; ++i) add(unwritten && i == count / 2);
    for (const Step& step : steps) {
      if (step.opcode == LUTRA_TILE)
        stream.tile(step.tile, step.tokens);
      else
        stream.transfer(step.opcode, step.transfer, step.tokens);
    }
    stream.finish();
    std::uint32_t at = 0;
    for (Step& step : steps) {
      step.stream_offset = at;
      at += static_cast<std::uint32_t>(step.opcode == LUTRA_TILE ? sizeof(lutra_tile) : sizeof(lutra_transfer));
    }
  }

  std::vector<Step> steps;
  CommandStream stream;

 private:
  static constexpr std::uint32_t main_half = 1 << 16;
  static constexpr std::uint32_t command_bytes = 1024;  // of the command memory, below the streams

  int between(int low, int high) { return random_.between(low, high); }
  std::uint32_t draw(std::uint64_t high) { return static_cast<std::uint32_t>(between(0, static_cast<int>(high))); }

  void add(bool unwritten) {
    Step step;
    const int kind = unwritten ? 0 : between(0, 9);
    if (kind < 5) {
      step.opcode = LUTRA_LOAD;
      step.transfer = load(unwritten);
    } else if (kind < 9) {
      step.opcode = LUTRA_STORE;
      step.transfer = store();
    } else {
      step.opcode = LUTRA_TILE;
    }
    step.transfer.command.opcode = static_cast<std::uint8_t>(step.opcode);
    step.tokens = tokens(step.opcode);
    steps.push_back(step);
  }

  // Of the ring load 0, compute 1, store 2.
  unsigned tokens(lutra_opcode opcode) {
    const int unit = opcode == LUTRA_LOAD ? 0 : opcode == LUTRA_TILE ? 1 : 2;
    const int previous = (unit + 2) % 3, next = (unit + 1) % 3;
    unsigned tokens = 0;
    const auto wait = [&](int from, unsigned flag) {
      if (given_[from][unit] == 0 || random_.chance(2)) return;
      --given_[from][unit];
      tokens |= flag;
    };
    wait(previous, LUTRA_WAIT_PREVIOUS);
    if (unit != 2) wait(next, LUTRA_WAIT_NEXT);
    const auto signal = [&](int to, unsigned flag) {
      if (random_.chance(2)) return;
      ++given_[unit][to];
      tokens |= flag;
    };
    if (unit != 0) signal(previous, LUTRA_SIGNAL_PREVIOUS);
    signal(next, LUTRA_SIGNAL_NEXT);
    return tokens;
  }

  lutra_transfer load(bool unwritten) {
    constexpr lutra_buffer buffers[] = {LUTRA_BUFFER_WEIGHT,    LUTRA_BUFFER_PARAMETER,     LUTRA_BUFFER_SKIP,
                                        LUTRA_BUFFER_OUTPUT,    LUTRA_BUFFER_WEIGHT_MEMORY, LUTRA_BUFFER_COMMAND_MEMORY,
                                        LUTRA_BUFFER_MAP_MEMORY};
    const lutra_buffer buffer = unwritten ? LUTRA_BUFFER_WEIGHT_MEMORY : buffers[between(0, fills_maps_ ? 6 : 5)];
    const auto capacity = static_cast<std::uint32_t>(contents_.buffers[buffer].size());
    lutra_transfer t;
    if (buffer == LUTRA_BUFFER_OUTPUT) {
      t = transfer(flip_ ? 0 : capacity / 2, capacity / 2, maps());
    } else if (buffer == LUTRA_BUFFER_MAP_MEMORY) {
      t = transfer(flip_ ? 0 : capacity / 2, capacity / 2, false);
    } else if (buffer == LUTRA_BUFFER_WEIGHT_MEMORY) {
      // The upper half stays unwritten, so that there is something that may not be written yet.
      t = transfer(0, capacity / 2, false);
      const auto footprint = static_cast<std::uint32_t>(accelerators::footprint_bytes(t));
      t.offset = unwritten ? level_ + 1 : draw(std::min(level_, capacity / 2 - footprint));
      if (!unwritten) level_ = std::max(level_, t.offset + footprint);
    } else if (buffer == LUTRA_BUFFER_COMMAND_MEMORY) {
      t = transfer(0, command_bytes, false);
    } else {
      t = transfer(0, capacity, maps());
    }
    t.buffer = static_cast<std::uint16_t>(buffer);
    if (t.memory == LUTRA_MEMORY_MAPS)
      place(t, flip_ ? map_half() : 0, map_half());
    else
      place(t, Memory::base, main_half);
    return t;
  }

  lutra_transfer store() {
    const auto half = static_cast<std::uint32_t>(contents_.buffers[LUTRA_BUFFER_OUTPUT].size()) / 2;
    lutra_transfer t = transfer(flip_ ? half : 0, half, !fills_maps_ && maps());
    t.buffer = LUTRA_BUFFER_OUTPUT;
    if (t.memory == LUTRA_MEMORY_MAPS)
      place(t, flip_ ? 0 : map_half(), map_half());
    else
      place(t, Memory::base + main_half, main_half);
    return t;
  }

  bool maps() { return random_.chance(3); }
  std::uint32_t map_half() const {
    return static_cast<std::uint32_t>(contents_.buffers[LUTRA_BUFFER_MAP_MEMORY].size()) / 2;
  }

  // Somewhere in [first, first + bytes) of a buffer.
  lutra_transfer transfer(std::uint32_t first, std::uint32_t bytes, bool maps) {
    lutra_transfer t{};
    t.memory = maps ? LUTRA_MEMORY_MAPS : LUTRA_MEMORY_MAIN;
    t.rows = static_cast<std::uint32_t>(random_.chance(3) ? 1 : between(1, 5));
    t.columns = static_cast<std::uint32_t>(random_.chance(3) ? 1 : between(1, 7));
    const auto most = static_cast<int>(bytes / (t.rows * t.columns));
    t.element_bytes = static_cast<std::uint32_t>(between(1, std::min(most, random_.chance(3) ? 400 : 24)));
    t.column_pitch = t.element_bytes + (random_.chance(2) ? 0 : draw(20));
    t.row_pitch = random_.chance(2) ? t.columns * t.element_bytes : t.columns * t.column_pitch + draw(30);
    t.offset = first + draw(bytes - t.rows * t.columns * t.element_bytes);
    return t;
  }

  // Its memory lies in [first, first + bytes): pitches shrink where it would not.
  void place(lutra_transfer& t, std::uint32_t first, std::uint32_t bytes) {
    const auto extent = [&] {
      return std::uint64_t{t.rows - 1} * t.row_pitch + std::uint64_t{t.columns - 1} * t.column_pitch + t.element_bytes;
    };
    if (extent() > bytes) t.column_pitch = t.element_bytes, t.row_pitch = t.columns * t.element_bytes;
    t.address = first + draw(bytes - extent());
  }

  Random& random_;
  const Contents& contents_;
  bool flip_;        // which halves are read and which are written
  bool fills_maps_;  // the load unit writes the map memory, else the store unit does
  std::uint32_t level_ = 0;
  int given_[3][3] = {};
};

}  // namespace lutra::test
