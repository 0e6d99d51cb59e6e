#include "tests/software/compiler/support/token_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "accelerators/family/family.h"
#include "tests/software/compiler/support/commands.h"

namespace lutra::test {

namespace {

enum Unit { loader, compute, storer, unit_count };

// How many commands of each unit are certainly done.
using Clock = std::array<int, unit_count>;

struct Access {
  Unit unit;
  int index;  // among the unit's commands
  std::uint64_t begin;
  std::uint64_t end;
  bool writes;
};

class Replay {
 public:
  std::string run(std::span<const std::uint8_t> stream) {
    for_each_command(stream, [&](const auto& command) { step(command); });
    return problem_;
  }

 private:
  void step(const lutra_command&) {}

  void step(const lutra_operation& operation) {
    begin(compute, operation.command.tokens);
    end(compute, operation.command.tokens);
  }

  void step(const lutra_transfer& transfer) {
    const bool load = transfer.command.opcode == LUTRA_LOAD;
    const Unit unit = load ? loader : storer;
    begin(unit, transfer.command.tokens);
    const std::uint64_t bytes = std::uint64_t{transfer.pad_top + transfer.rows + transfer.pad_bottom} *
                                (transfer.pad_left + transfer.columns + transfer.pad_right) * transfer.element_bytes;
    access(unit, transfer.buffer, transfer.offset, bytes, load);
    const std::uint64_t extent = std::uint64_t{transfer.rows - 1} * transfer.row_pitch +
                                 std::uint64_t{transfer.columns - 1} * transfer.column_pitch + transfer.element_bytes;
    access(unit, LUTRA_BUFFER_COUNT + std::uint32_t{transfer.memory}, transfer.address, extent, !load);
    end(unit, transfer.command.tokens);
  }

  void step(const lutra_tile& tile) {
    begin(compute, tile.command.tokens);
    const std::uint64_t pixels = std::uint64_t{tile.rows} * tile.columns;
    const auto last = [](int count, int stride, int window, int dilation) {
      return std::uint64_t(count - 1) * stride + std::uint64_t(window - 1) * dilation;
    };
    const std::uint64_t last_pixel =
        last(tile.rows, tile.stride_y, tile.window_height, tile.dilation_y) * tile.input.width +
        last(tile.columns, tile.stride_x, tile.window_width, tile.dilation_x);
    const std::uint64_t lead = std::uint64_t{tile.lead_y} * tile.input.width + tile.lead_x;
    access(compute, LUTRA_BUFFER_ACTIVATION, tile.input.offset, (lead + last_pixel + 1) * tile.input.pixel_bytes,
           false);
    if (tile.kind == LUTRA_TILE_MATRIX && !(tile.flags & LUTRA_TILE_RESIDENT_WEIGHTS))
      access(compute, LUTRA_BUFFER_WEIGHT, tile.weight_offset, 1, false);
    if (!(tile.flags & LUTRA_TILE_KEEP)) finishing_accesses(tile, pixels);
    end(compute, tile.command.tokens);
  }

  void finishing_accesses(const lutra_tile& tile, std::uint64_t pixels) {
    const auto parameters = [&](std::uint32_t offset, std::uint64_t entry_bytes, lutra_tile_flag one) {
      access(compute, LUTRA_BUFFER_PARAMETER, offset, entry_bytes * (tile.flags & one ? 1u : tile.channels), false);
    };
    if (!(tile.flags & LUTRA_TILE_DIRECT))
      parameters(tile.scale_offset, sizeof(lutra_requantise), LUTRA_TILE_ONE_SCALE);
    if (tile.flags & LUTRA_TILE_PRELU) parameters(tile.prelu_offset, sizeof(lutra_requantise), LUTRA_TILE_ONE_PRELU);
    if ((tile.flags & LUTRA_TILE_THRESHOLDS) && tile.code_high > tile.code_low)
      parameters(tile.threshold_offset, sizeof(std::int32_t) * std::uint64_t(tile.code_high - tile.code_low),
                 LUTRA_TILE_ONE_THRESHOLDS);
    if (tile.flags & LUTRA_TILE_SKIP) {
      const std::uint64_t last = std::uint64_t(tile.rows - 1) * tile.skip_stride_y * tile.skip.width +
                                 std::uint64_t(tile.columns - 1) * tile.skip_stride_x;
      access(compute, LUTRA_BUFFER_SKIP, tile.skip.offset, (last + 1) * tile.skip.pixel_bytes, false);
    }
    if (tile.flags & LUTRA_TILE_CODES)
      access(compute, LUTRA_BUFFER_OUTPUT, tile.code_offset, pixels * ((tile.channels * tile.code_bits + 7) / 8), true);
    if (tile.flags & LUTRA_TILE_STREAM)
      access(compute, LUTRA_BUFFER_OUTPUT, tile.stream_offset, pixels * tile.channels * 2, true);
  }

  void take(Unit from, Unit to) {
    auto& queue = tokens_[from][to];
    auto& taken = taken_[from][to];
    if (taken == queue.size()) {
      report(fmt::format("unit {} waits for a token of unit {} that only a later command signals", int{to}, int{from}));
      return;
    }
    const Clock& signalled = queue[taken++];
    for (int u = 0; u < unit_count; ++u) clocks_[to][u] = std::max(clocks_[to][u], signalled[u]);
  }

  static Unit previous(Unit unit) { return static_cast<Unit>((unit + 2) % unit_count); }
  static Unit next(Unit unit) { return static_cast<Unit>((unit + 1) % unit_count); }

  void begin(Unit unit, unsigned tokens) {
    if (tokens & LUTRA_WAIT_PREVIOUS) take(previous(unit), unit);
    if (tokens & LUTRA_WAIT_NEXT) take(next(unit), unit);
  }

  void end(Unit unit, unsigned tokens) {
    ++clocks_[unit][unit];
    if (tokens & LUTRA_SIGNAL_PREVIOUS) tokens_[unit][previous(unit)].push_back(clocks_[unit]);
    if (tokens & LUTRA_SIGNAL_NEXT) tokens_[unit][next(unit)].push_back(clocks_[unit]);
  }

  void access(Unit unit, std::uint32_t buffer, std::uint64_t offset, std::uint64_t bytes, bool writes) {
    const Access now{unit, clocks_[unit][unit], offset, offset + bytes, writes};
    bool filled = writes || buffer >= LUTRA_BUFFER_COUNT;  // memory holds the image and the frame
    for (const Access& before : accesses_[buffer]) {
      if (before.begin >= now.end || now.begin >= before.end) continue;
      filled = filled || before.writes;
      const bool conflict = before.unit != unit && (before.writes || writes);
      if (conflict && clocks_[unit][before.unit] <= before.index)
        report(fmt::format("{}: bytes {}..{} of unit {} are not ordered after unit {}, command {}", name(buffer),
                           now.begin, now.end, int{unit}, int{before.unit}, before.index));
    }
    if (!filled) report(fmt::format("{}: bytes {}..{} are read and never filled", name(buffer), now.begin, now.end));
    accesses_[buffer].push_back(now);
  }

  static std::string name(std::uint32_t place) {
    if (place >= LUTRA_BUFFER_COUNT) return fmt::format("memory {}", place - LUTRA_BUFFER_COUNT);
    return fmt::format("buffer {}", place);
  }

  void report(const std::string& problem) {
    if (problem_.empty()) problem_ = problem;
  }

  std::array<Clock, unit_count> clocks_{};
  std::array<std::array<std::vector<Clock>, unit_count>, unit_count> tokens_;
  std::array<std::array<std::size_t, unit_count>, unit_count> taken_{};
  std::array<std::vector<Access>, LUTRA_BUFFER_COUNT + 2> accesses_;  // buffers, then memories
  std::string problem_;
};

}  // namespace

std::string token_hazard(std::span<const std::uint8_t> stream) { return Replay().run(stream); }

}  // namespace lutra::test
