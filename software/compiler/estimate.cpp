#include "software/compiler/estimate.h"

#include <algorithm>
#include <array>
#include <vector>

#include "accelerators/family/timing.h"
#include "software/compiler/emit.h"
#include "software/compiler/packing.h"

namespace lutra::compiler {

namespace {

// What the compiler assumes of a memory system it does not know: the default interconnect's width, and latencies in the
// order of an LPDDR4's row hit. They steer the choice of tiles and enter no result.
struct AssumedMemory {
  std::uint64_t bytes_per_cycle = 8;
  std::uint64_t cycles_per_burst = 4;  // at least, however short
  std::uint64_t latency = 24;          // of a transfer's first byte
};

std::uint64_t divide_up(std::uint64_t dividend, std::uint64_t divisor) { return (dividend + divisor - 1) / divisor; }

// A transfer of `runs` pieces of `run_bytes` that lie together.
std::uint64_t transfer_cycles(std::int64_t runs, std::int64_t run_bytes, int burst_bytes) {
  constexpr AssumedMemory memory;
  if (runs <= 0 || run_bytes <= 0) return 0;
  const auto bytes = static_cast<std::uint64_t>(run_bytes);
  const std::uint64_t bursts = divide_up(bytes, static_cast<std::uint64_t>(burst_bytes));
  const std::uint64_t run_cycles = std::max(divide_up(bytes, memory.bytes_per_cycle), bursts * memory.cycles_per_burst);
  return memory.latency + static_cast<std::uint64_t>(runs) * run_cycles;
}

// Channels of pixels out of a tensor: whole pixels of a row lie together, and so do whole rows.
std::uint64_t pixel_cycles(const lutra_tensor& tensor, std::int64_t rows, std::int64_t columns, std::int64_t bytes,
                           int burst_bytes) {
  if (bytes < tensor.pixel_bytes) return transfer_cycles(rows * columns, bytes, burst_bytes);
  if (columns < tensor.width) return transfer_cycles(rows, columns * bytes, burst_bytes);
  return transfer_cycles(1, rows * columns * bytes, burst_bytes);
}

class Timeline {
 public:
  Timeline(const Layer& layer, const Tiling& tiling, const Schedule& schedule, const accelerators::EngineConfig& engine,
           const accelerators::Family& family)
      : layer_(layer), tiling_(tiling), schedule_(schedule), engine_(engine), family_(family) {
    const std::size_t slots = schedule.steps.size() * LUTRA_BUFFER_COUNT;
    for (auto& free : slot_free_) free.resize(std::min<std::size_t>(slots, largest_slot() + 1), 0);
  }

  Estimate run(std::uint64_t limit) {
    Estimate result;
    std::uint64_t computed = 0;
    std::uint64_t stored = 0;
    std::uint64_t loaded = 0;
    for (const Step& step : schedule_.steps) {
      for (std::size_t b = 0; b < LUTRA_BUFFER_COUNT; ++b)
        if (step.load[b])
          loaded = std::max(loaded, slot_free(b, step)) + load_cycles(static_cast<lutra_buffer>(b), step);
      std::uint64_t begin = std::max(computed, loaded);
      if (step.slot[LUTRA_BUFFER_OUTPUT] >= 0) begin = std::max(begin, slot_free(LUTRA_BUFFER_OUTPUT, step));
      const std::uint64_t cycles = compute_cycles(step);
      computed = begin + cycles;
      result.array_cycles += cycles;
      for (std::size_t b = 0; b < LUTRA_BUFFER_OUTPUT; ++b)
        if (step.slot[b] >= 0) slot_free(b, step) = computed;
      if (step.last) {
        stored = std::max(stored, computed) + store_cycles(step);
        slot_free(LUTRA_BUFFER_OUTPUT, step) = stored;
      }
      result.cycles = std::max(computed, stored);
      if (result.cycles > limit) break;
    }
    return result;
  }

 private:
  std::size_t largest_slot() const {
    int largest = 0;
    for (const Step& step : schedule_.steps)
      largest = std::max(largest, *std::max_element(step.slot.begin(), step.slot.end()));
    return static_cast<std::size_t>(largest);
  }

  std::uint64_t& slot_free(std::size_t buffer, const Step& step) {
    return slot_free_[buffer][static_cast<std::size_t>(step.slot[buffer])];
  }

  const ChannelTile& channels(const Step& step) const {
    return tiling_.channels[static_cast<std::size_t>(step.index.channels)];
  }
  const PixelTile& pixels(const Step& step) const {
    return tiling_.pixels[static_cast<std::size_t>(step.index.pixels)];
  }

  std::uint64_t load_cycles(lutra_buffer buffer, const Step& step) const {
    const lutra_op& op = layer_.source->op;
    const int burst = engine_.burst_bytes;
    const Chunk chunk = tiling_.chunk(channels(step), step.index.chunk);
    switch (buffer) {
      case LUTRA_BUFFER_ACTIVATION:
        return pixel_cycles(op.input, input_rows(layer_, pixels(step)).count, input_columns(layer_, pixels(step)).count,
                            packed_bytes(chunk.count, layer_.input_bits), burst);
      case LUTRA_BUFFER_WEIGHT:
        return transfer_cycles(1, packed_weight_bytes(layer_, channels(step), chunk, family_), burst);
      case LUTRA_BUFFER_SKIP: {
        const SkipSlice slice = skip_slice(layer_, channels(step), pixels(step));
        if (op.skip_stride_y == 1)
          return pixel_cycles(op.skip, slice.rows, slice.columns, slice.pixel_bytes(op.skip.bits), burst);
        return static_cast<std::uint64_t>(slice.rows) *
               pixel_cycles(op.skip, 1, slice.columns, slice.pixel_bytes(op.skip.bits), burst);
      }
      default:
        return transfer_cycles(1, schedule_.slot_bytes[LUTRA_BUFFER_PARAMETER], burst);
    }
  }

  std::uint64_t store_cycles(const Step& step) const {
    const lutra_op& op = layer_.source->op;
    const auto store = [&](const lutra_tensor& tensor) {
      return pixel_cycles(tensor, pixels(step).rows, pixels(step).columns,
                          packed_bytes(channels(step).count, tensor.bits), engine_.burst_bytes);
    };
    return (layer_.code_bits > 0 ? store(op.codes) : 0) + (layer_.stream ? store(op.stream) : 0);
  }

  // Tiles of one shape take one time.
  std::uint64_t compute_cycles(const Step& step) {
    const std::array<int, 5> shape{channels(step).count, pixels(step).rows, pixels(step).columns,
                                   tiling_.chunk(channels(step), step.index.chunk).count, step.last ? 1 : 0};
    for (const auto& [known, cycles] : known_)
      if (known == shape) return cycles;
    const std::uint64_t cycles = accelerators::tile_cycles(make_tile(layer_, tiling_, step), engine_, family_);
    known_.emplace_back(shape, cycles);
    return cycles;
  }

  const Layer& layer_;
  const Tiling& tiling_;
  const Schedule& schedule_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::array<std::vector<std::uint64_t>, LUTRA_BUFFER_COUNT> slot_free_;
  std::vector<std::pair<std::array<int, 5>, std::uint64_t>> known_;
};

}  // namespace

Estimate estimate(const Layer& layer, const Tiling& tiling, const Schedule& schedule,
                  const accelerators::EngineConfig& engine, const accelerators::Family& family, std::uint64_t limit) {
  return Timeline(layer, tiling, schedule, engine, family).run(limit);
}

}  // namespace lutra::compiler
