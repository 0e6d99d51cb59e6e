#include "software/compiler/mapping/schedule.h"

#include <algorithm>

namespace lutra::compiler {

namespace {

// Numbers what a buffer can hold: tiles whose data there are the same share a number below `count`.
struct Contents {
  int per_channels = 0;
  int per_pixels = 0;
  int per_chunk = 0;
  int count = 0;

  int of(const TileIndex& index) const {
    return index.channels * per_channels + index.pixels * per_pixels + index.chunk * per_chunk;
  }
};

Contents contents(lutra_buffer buffer, const Layer& layer, const Tiling& tiling) {
  const int channels = static_cast<int>(tiling.channels.size());
  const int pixels = static_cast<int>(tiling.pixels.size());
  const int chunks = tiling.chunks;
  switch (buffer) {
    case LUTRA_BUFFER_ACTIVATION: {
      const bool shared = layer.group_outputs == layer.output_channels;
      return {shared ? 0 : pixels * chunks, chunks, 1, (shared ? 1 : channels) * pixels * chunks};
    }
    case LUTRA_BUFFER_WEIGHT:
      return {chunks, 0, 1, channels * chunks};
    case LUTRA_BUFFER_PARAMETER: {
      const bool shared = layer.scales == 1 && layer.prelus <= 1 && layer.threshold_entries <= 1;
      return {shared ? 0 : 1, 0, 0, shared ? 1 : channels};
    }
    default:
      return {pixels, 1, 0, channels * pixels};
  }
}

// The slots of one buffer. Where not everything of a band fits, tiles in turn replace one another, and no more slots
// help than keep the load unit ahead of the array.
class Slots {
 public:
  Slots(std::int64_t fitting, int contents, int of_a_band)
      : slot_of_(static_cast<std::size_t>(contents), -1),
        held_(static_cast<std::size_t>(fitting >= of_a_band ? of_a_band : std::min<std::int64_t>(fitting, ahead)), -1),
        last_use_(held_.size(), 0) {}

  // The slot that holds `content`, and whether it has to be filled.
  std::pair<int, bool> find(int content) {
    ++now_;
    int& slot = slot_of_[static_cast<std::size_t>(content)];
    const bool fill = slot < 0;
    if (fill) {
      slot = static_cast<int>(std::min_element(last_use_.begin(), last_use_.end()) - last_use_.begin());
      int& held = held_[static_cast<std::size_t>(slot)];
      if (held >= 0) slot_of_[static_cast<std::size_t>(held)] = -1;
      held = content;
    }
    last_use_[static_cast<std::size_t>(slot)] = now_;
    return {slot, fill};
  }

  // Nothing that they held is there any more.
  void forget() {
    std::fill(slot_of_.begin(), slot_of_.end(), -1);
    std::fill(held_.begin(), held_.end(), -1);
  }

 private:
  static constexpr int ahead = 4;

  std::vector<int> slot_of_;  // by content; -1: nowhere
  std::vector<int> held_;     // by slot; -1: nothing
  std::vector<std::int64_t> last_use_;
  std::int64_t now_ = 0;
};

// Of pixel tiles [first, end).
std::vector<TileIndex> tile_order(const Tiling& tiling, int first, int end) {
  const int channels = static_cast<int>(tiling.channels.size());
  const int pixels = end - first;
  std::vector<TileIndex> order;
  order.reserve(tiling.channels.size() * static_cast<std::size_t>(pixels) * static_cast<std::size_t>(tiling.chunks));
  for (int outer = 0; outer < (tiling.shape.pixels_outer ? pixels : channels); ++outer)
    for (int inner = 0; inner < (tiling.shape.pixels_outer ? channels : pixels); ++inner)
      for (int chunk = 0; chunk < tiling.chunks; ++chunk)
        order.push_back(tiling.shape.pixels_outer ? TileIndex{inner, first + outer, chunk}
                                                  : TileIndex{outer, first + inner, chunk});
  return order;
}

// Of all that a buffer holds of a layer, what it holds of one band.
int of_a_band(const Contents& contents, const Tiling& tiling) {
  if (contents.per_pixels == 0) return contents.count;
  int most = 0, first = 0;
  for (const int end : tiling.band_ends) {
    most = std::max(most, end - first);
    first = end;
  }
  return contents.count / static_cast<int>(tiling.pixels.size()) * most;
}

}  // namespace

BufferBytes capacities(const accelerators::EngineConfig& engine) {
  return {engine.activation_buffer_bytes, engine.weight_buffer_bytes, engine.parameter_buffer_bytes,
          engine.skip_buffer_bytes,       engine.output_buffer_bytes, engine.weight_memory_bytes,
          engine.map_memory_bytes,        engine.command_memory_bytes};
}

const char* buffer_key(lutra_buffer buffer) {
  static constexpr std::array<const char*, LUTRA_BUFFER_COUNT> keys{
      "activation_buffer_bytes", "weight_buffer_bytes", "parameter_buffer_bytes", "skip_buffer_bytes",
      "output_buffer_bytes",     "weight_memory_bytes", "map_memory_bytes",       "command_memory_bytes"};
  return keys[buffer];
}

std::int64_t Schedule::bytes(std::size_t buffer) const {
  int slots = 0;
  for (const Step& step : steps) slots = std::max(slots, step.slot[buffer] + 1);
  return slots * slot_bytes[buffer];
}

Schedule make_schedule(const Layer& layer, const Tiling& tiling, const TileBytes& largest,
                       const BufferBytes& capacity) {
  Schedule schedule;
  std::vector<Contents> held;
  std::vector<Slots> slots;
  for (int i = 0; i < LUTRA_BUFFER_COUNT; ++i) {
    const auto b = static_cast<std::size_t>(i);
    schedule.slot_bytes[b] = i == LUTRA_BUFFER_ACTIVATION ? largest.buffers[b] : align_in_buffer(largest.buffers[b]);
    held.push_back(contents(static_cast<lutra_buffer>(i), layer, tiling));
    slots.emplace_back(std::max<std::int64_t>(capacity[b] / std::max<std::int64_t>(schedule.slot_bytes[b], 1), 1),
                       held.back().count, of_a_band(held.back(), tiling));
  }
  int first = 0;
  for (const int end : tiling.band_ends) {
    schedule.bands.push_back(schedule.steps.size());
    for (std::size_t b = 0; b < LUTRA_BUFFER_COUNT; ++b)
      if (layer.source->stripes.shared[b]) slots[b].forget();
    for (const TileIndex& index : tile_order(tiling, first, end)) {
      Step step{
          .index = index, .slot = {}, .load = {}, .first = index.chunk == 0, .last = index.chunk + 1 == tiling.chunks};
      for (std::size_t b = 0; b < LUTRA_BUFFER_COUNT; ++b) {
        const bool every_chunk = b == LUTRA_BUFFER_ACTIVATION || b == LUTRA_BUFFER_WEIGHT;
        step.slot[b] = -1;
        if (largest.buffers[b] == 0 || (!every_chunk && !step.last)) continue;
        const auto [slot, fill] = slots[b].find(held[b].of(index));
        step.slot[b] = slot;
        step.load[b] = fill && b != LUTRA_BUFFER_OUTPUT;
      }
      schedule.steps.push_back(step);
    }
    first = end;
  }
  return schedule;
}

}  // namespace lutra::compiler
