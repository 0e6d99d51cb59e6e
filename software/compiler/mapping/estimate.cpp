#include "software/compiler/mapping/estimate.h"

#include <algorithm>
#include <array>
#include <vector>

#include "accelerators/family/activation_layout.h"
#include "accelerators/family/timing.h"
#include "software/common/arithmetic.h"
#include "software/compiler/mapping/emit.h"
#include "software/compiler/mapping/packing.h"

namespace lutra::compiler {

namespace {

// What the compiler assumes of a memory system it does not know, beside the bus's width: latencies in the order of an
// LPDDR4's row hit. They steer the choice of tiles and enter no result.
struct AssumedMemory {
  std::uint64_t cycles_per_burst = 4;  // at least, however short
  std::uint64_t latency = 24;          // of a transfer's first byte
};

// A transfer of `runs` pieces of `run_bytes` that lie together. The map memory's pieces begin on a word here.
std::uint64_t transfer_cycles(std::int64_t runs, std::int64_t run_bytes, int burst_bytes,
                              int place = LUTRA_MEMORY_MAIN) {
  constexpr AssumedMemory memory;
  if (runs <= 0 || run_bytes <= 0) return 0;
  if (place == LUTRA_MEMORY_MAPS)
    return accelerators::memory_latency +
           static_cast<std::uint64_t>(runs) *
               divide_up(static_cast<std::uint64_t>(run_bytes), accelerators::transfer_port_bytes);
  const auto bytes = static_cast<std::uint64_t>(run_bytes);
  const std::uint64_t bursts = divide_up(bytes, static_cast<std::uint64_t>(burst_bytes));
  const std::uint64_t run_cycles = std::max(divide_up(bytes, assumed_bus_bytes), bursts * memory.cycles_per_burst);
  return memory.latency + static_cast<std::uint64_t>(runs) * run_cycles;
}

// Channels of pixels out of a tensor: whole pixels of a row lie together, and so do whole rows.
std::uint64_t pixel_cycles(const lutra_tensor& tensor, std::int64_t rows, std::int64_t columns, std::int64_t bytes,
                           int burst_bytes) {
  const int place = tensor.memory;
  if (bytes < tensor.pixel_bytes) return transfer_cycles(rows * columns, bytes, burst_bytes, place);
  if (columns < tensor.width) return transfer_cycles(rows, columns * bytes, burst_bytes, place);
  return transfer_cycles(1, rows * columns * bytes, burst_bytes, place);
}

// Tiles of one shape take one time.
class TileCycles {
 public:
  TileCycles(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
             const accelerators::Family& family)
      : layer_(layer), tiling_(tiling), engine_(engine), family_(family) {}

  std::uint64_t of(const Step& step) {
    const ChannelTile& channels = tiling_.channels[static_cast<std::size_t>(step.index.channels)];
    const PixelTile& pixels = tiling_.pixels[static_cast<std::size_t>(step.index.pixels)];
    const int chunk = tiling_.chunk(channels, step.index.chunk).count;
    const std::array<int, 5> shape{channels.count, pixels.rows, pixels.columns, chunk, step.last ? 1 : 0};
    for (const auto& [known, cycles] : known_)
      if (known == shape) return cycles;
    const std::uint64_t cycles = accelerators::tile_cycles(make_tile(layer_, tiling_, step), engine_, family_);
    known_.emplace_back(shape, cycles);
    return cycles;
  }

 private:
  const Layer& layer_;
  const Tiling& tiling_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::vector<std::pair<std::array<int, 5>, std::uint64_t>> known_;
};

// The position of the first of each kind of tile, and how many there are of it.
template <typename Tile, typename Same>
std::vector<std::pair<int, std::uint64_t>> distinct(const std::vector<Tile>& tiles, Same same) {
  std::vector<std::pair<int, std::uint64_t>> kinds;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& known) {
      return same(tiles[static_cast<std::size_t>(known.first)], tiles[i]);
    });
    if (kind == kinds.end())
      kinds.emplace_back(static_cast<int>(i), 1);
    else
      ++kind->second;
  }
  return kinds;
}

class Timeline {
 public:
  Timeline(const Layer& layer, const Tiling& tiling, const Schedule& schedule, const accelerators::EngineConfig& engine,
           const accelerators::Family& family)
      : layer_(layer),
        tiling_(tiling),
        schedule_(schedule),
        engine_(engine),
        family_(family),
        tile_cycles_(layer, tiling, engine, family) {
    for (auto& free : slot_free_) free.resize(largest_slot() + 1, 0);
  }

  std::uint64_t run(std::uint64_t array, std::uint64_t limit) {
    std::uint64_t computed = 0;
    std::uint64_t stored = 0;
    std::uint64_t loaded = 0;
    std::size_t next_band = 1;
    for (const Step& step : schedule_.steps) {
      if (next_band < schedule_.bands.size() && &step == &schedule_.steps[schedule_.bands[next_band]]) {
        // Others have computed what this band reads out of what the last one has stored.
        loaded = computed = std::max(computed, stored);
        ++next_band;
      }
      for (std::size_t b = 0; b < LUTRA_BUFFER_COUNT; ++b)
        if (step.load[b])
          loaded = std::max(loaded, slot_free(b, step)) + load_cycles(static_cast<lutra_buffer>(b), step);
      std::uint64_t begin = std::max(computed, loaded);
      if (step.last) begin = std::max(begin, slot_free(LUTRA_BUFFER_OUTPUT, step));
      if (begin + array >= limit) return begin + array;  // what is left of the array's work alone takes too long
      const std::uint64_t cycles = tile_cycles_.of(step);
      array -= cycles;
      computed = begin + cycles;
      for (std::size_t b = 0; b < LUTRA_BUFFER_OUTPUT; ++b)
        if (step.slot[b] >= 0) slot_free(b, step) = computed;
      if (!step.last) continue;
      stored = std::max(stored, computed) + store_cycles(step);
      slot_free(LUTRA_BUFFER_OUTPUT, step) = stored;
    }
    return std::max(computed, stored);
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
        return std::max(input_write_cycles(step), pixel_cycles(op.input, input_rows(layer_, pixels(step)).count,
                                                               input_columns(layer_, pixels(step)).count,
                                                               packed_bytes(chunk.count, layer_.input_bits), burst));
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
        return transfer_cycles(1, schedule_.slot_bytes[LUTRA_BUFFER_PARAMETER], burst,
                               layer_.resident_parameters ? LUTRA_MEMORY_MAPS : LUTRA_MEMORY_MAIN);
    }
  }

  std::uint64_t input_write_cycles(const Step& step) const {
    return accelerators::write_cycles(input_load(layer_, tiling_, step, engine_, family_),
                                      accelerators::activation_banks(engine_, family_));
  }

  std::uint64_t store_cycles(const Step& step) const {
    const lutra_op& op = layer_.source->op;
    const auto store = [&](const lutra_tensor& tensor) {
      return pixel_cycles(tensor, pixels(step).rows, pixels(step).columns,
                          packed_bytes(channels(step).count, tensor.bits), engine_.burst_bytes);
    };
    return (layer_.code_bits > 0 ? store(op.codes) : 0) + (layer_.stream ? store(op.stream) : 0);
  }

  const Layer& layer_;
  const Tiling& tiling_;
  const Schedule& schedule_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::array<std::vector<std::uint64_t>, LUTRA_BUFFER_COUNT> slot_free_;
  TileCycles tile_cycles_;
};

constexpr std::int64_t stream_value_bytes = 2;

// Of the loaded regions, in whole stripes of the banks; tiles of one shape take one size.
std::int64_t largest_input_bytes(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
                                 const accelerators::Family& family) {
  std::int64_t largest = 0;
  std::vector<std::array<int, 7>> seen;
  Step step;
  for (std::size_t channels = 0; channels < tiling.channels.size(); ++channels)
    for (std::size_t pixels = 0; pixels < tiling.pixels.size(); ++pixels) {
      const PixelTile& tile = tiling.pixels[pixels];
      const Span rows = input_rows(layer, tile);
      const Span columns = input_columns(layer, tile);
      const std::array<int, 7> shape{tiling.channels[channels].input_count,
                                     tile.rows,
                                     tile.columns,
                                     rows.extent(),
                                     rows.lead,
                                     columns.extent(),
                                     columns.lead};
      if (std::find(seen.begin(), seen.end(), shape) != seen.end()) continue;
      seen.push_back(shape);
      for (const int chunk : {0, tiling.chunks - 1}) {
        step.index = {static_cast<int>(channels), static_cast<int>(pixels), chunk};
        const lutra_tile read = make_tile(layer, tiling, step);
        largest = std::max(largest, accelerators::region_bytes(read, rows.extent(), engine, family));
      }
    }
  return largest;
}

}  // namespace

std::int64_t parameter_bytes(const Layer& layer, const ChannelTile& channels) {
  const auto entries = [&](int count) { return std::min(count, count == 1 ? 1 : channels.count); };
  return std::int64_t{sizeof(lutra_requantise)} * ((layer.direct ? 0 : entries(layer.scales)) + entries(layer.prelus)) +
         std::int64_t{sizeof(std::int32_t)} * layer.thresholds * entries(layer.threshold_entries);
}

TileBytes largest_tile_bytes(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
                             const accelerators::Family& family) {
  const PixelTile pixels = largest_pixels(tiling);
  const std::int64_t outputs = pixels.pixels();
  TileBytes largest;
  largest.buffers[LUTRA_BUFFER_ACTIVATION] = largest_input_bytes(layer, tiling, engine, family);
  const auto include = [&](lutra_buffer buffer, std::int64_t bytes) {
    largest.buffers[buffer] = std::max(largest.buffers[buffer], bytes);
  };
  for (const ChannelTile& channels : tiling.channels) {
    const Chunk chunk = tiling.chunk(channels, 0);
    if (layer.matrix() && !layer.resident)
      include(LUTRA_BUFFER_WEIGHT, packed_weight_bytes(layer, channels, chunk, family));
    include(LUTRA_BUFFER_PARAMETER, parameter_bytes(layer, channels));
    if (layer.skip) {
      const SkipSlice slice = skip_slice(layer, channels, pixels);
      include(LUTRA_BUFFER_SKIP,
              std::int64_t{slice.rows} * slice.columns * slice.pixel_bytes(layer.source->op.skip.bits));
    }
    include(LUTRA_BUFFER_OUTPUT, align_in_buffer(outputs * packed_bytes(channels.count, layer.code_bits)) +
                                     (layer.stream ? outputs * channels.count * stream_value_bytes : 0));
    if (tiling.chunks > 1 || (layer.matrix() && family.sums_in_buffer()))
      largest.accumulators =
          std::max(largest.accumulators, outputs * channels.count * static_cast<std::int64_t>(sizeof(std::int32_t)));
  }
  return largest;
}

std::uint64_t array_cycles(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
                           const accelerators::Family& family) {
  const auto channels = distinct(tiling.channels, [](const ChannelTile& a, const ChannelTile& b) {
    return a.count == b.count && a.input_count == b.input_count;
  });
  const auto pixels = distinct(
      tiling.pixels, [](const PixelTile& a, const PixelTile& b) { return a.rows == b.rows && a.columns == b.columns; });
  TileCycles tile_cycles(layer, tiling, engine, family);
  std::uint64_t sum = 0;
  Step step;
  for (const auto& [channel_tile, channel_tiles] : channels)
    for (const auto& [pixel_tile, pixel_tiles] : pixels)
      for (int chunk = 0; chunk < tiling.chunks; ++chunk) {
        step.index = {channel_tile, pixel_tile, chunk};
        step.first = chunk == 0;
        step.last = chunk + 1 == tiling.chunks;
        sum += tile_cycles.of(step) * channel_tiles * pixel_tiles;
      }
  return sum;
}

std::uint64_t estimate(const Layer& layer, const Tiling& tiling, const Schedule& schedule,
                       const accelerators::EngineConfig& engine, const accelerators::Family& family,
                       std::uint64_t array, std::uint64_t limit) {
  return Timeline(layer, tiling, schedule, engine, family).run(array, limit);
}

}  // namespace lutra::compiler
