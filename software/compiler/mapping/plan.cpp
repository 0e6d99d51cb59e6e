#include "software/compiler/mapping/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "software/common/arithmetic.h"
#include "software/compiler/mapping/estimate.h"

namespace lutra::compiler {

namespace {

constexpr int field_limit = std::numeric_limits<std::uint16_t>::max();  // of a command's 16-bit fields

constexpr int byte_limit = std::numeric_limits<std::uint8_t>::max();  // of its 8-bit fields

void add_once(std::vector<int>& values, int value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

// `whole` cut into equal parts, largest parts first, each a multiple of `unit` (but for `whole` itself).
std::vector<int> parts(int whole, int unit) {
  std::vector<int> sizes{whole};
  for (int count = 2; sizes.back() > unit;) {
    const int size = std::min(round_up(divide_up(whole, count), unit), whole);
    add_once(sizes, size);
    count = std::max(count + 1, size > unit ? divide_up(whole, size - unit) : 0);
  }
  return sizes;
}

// Whole multiples of the groups that are merged.
std::vector<int> merged_candidates(const Layer& layer, int merge) {
  const int groups = layer.output_channels / layer.group_outputs;
  std::vector<int> candidates;
  for (const int count : parts(divide_up(groups, merge), 1))
    add_once(candidates, std::min(count * merge, groups) * layer.group_outputs);
  return candidates;
}

// Output channels per tile: whole rows of the array, and below that whatever ends on a byte.
std::vector<int> channel_candidates(const Layer& layer, int array_rows, int merge) {
  if (merge > 1) return merged_candidates(layer, merge);
  const int unit = layer.code_bits > 0 ? byte_channels(layer.code_bits) : 1;
  const int group = layer.group_outputs;
  std::vector<int> candidates;
  if (group < layer.output_channels) {  // whole groups first, then parts of one
    const int groups = layer.output_channels / group;
    for (const int count : parts(groups, 1)) add_once(candidates, count * group);
  }
  for (const int count : parts(group, std::max(round_up(array_rows, unit), unit))) add_once(candidates, count);
  for (int count = std::min(array_rows, group) / 2; count >= 1; count /= 2) add_once(candidates, round_up(count, unit));
  std::erase_if(candidates, [&](int count) { return count > layer.output_channels; });
  return candidates;
}

std::vector<std::pair<int, int>> pixel_candidates(const Layer& layer) {
  std::vector<std::pair<int, int>> candidates;
  int most = 0;
  for (const Rows& band : bands_of(layer)) most = std::max(most, band.count);
  for (const int rows : parts(most, 1)) candidates.emplace_back(rows, layer.output_width);
  for (const int columns : parts(layer.output_width, 1))
    if (columns < layer.output_width) candidates.emplace_back(1, columns);
  return candidates;
}

// All input channels, a half of them, a third, a quarter, a sixth, an eighth, ...
std::vector<int> chunk_candidates(const Layer& layer) {
  std::vector<int> candidates{layer.input_channels};
  if (!layer.matrix() || layer.group_outputs < layer.output_channels) return candidates;
  const int unit = byte_channels(layer.input_bits);
  for (int count = 2; candidates.back() > unit;
       count = std::has_single_bit(unsigned(count)) ? count / 2 * 3 : count / 3 * 4)
    add_once(candidates, round_up(divide_up(layer.input_channels, count), unit));
  return candidates;
}

bool takes_zeros(const Layer& layer, const accelerators::Family& family) {
  const network::WeightEncoding& encoding = layer.source->matrix->weights.encoding;
  for (int channel = 0; channel < layer.output_channels; ++channel)
    if (!family.packs_zero(encoding, channel)) return false;
  return true;
}

// Whether every number of the tile has room in its command.
bool has_commands(const Layer& layer, const Tiling& tiling) {
  const ChannelTile& channels = tiling.channels.front();
  const PixelTile pixels = largest_pixels(tiling);
  const int chunk = tiling.chunk(channels, 0).count;
  std::int64_t largest = std::max({input_columns(layer, pixels).extent(), input_rows(layer, pixels).extent(), chunk,
                                   channels.count, pixels.rows, pixels.columns});
  largest = std::max(largest, packed_bytes(chunk, layer.input_bits));
  for (const PixelTile& tile : tiling.pixels)
    if (std::max(input_rows(layer, tile).lead, input_columns(layer, tile).lead) > byte_limit) return false;
  if (layer.skip) {
    const SkipSlice slice = skip_slice(layer, channels, pixels);
    largest = std::max({largest, std::int64_t{slice.columns}, 2 * std::int64_t{layer.output_channels}});
  }
  return largest <= field_limit;
}

// The first buffer that is too small, and the bytes needed in it.
struct Shortage {
  std::string buffer;
  std::int64_t capacity = 0;
  std::int64_t needed = 0;
};

std::optional<Shortage> shortage(const TileBytes& bytes, const accelerators::EngineConfig& engine) {
  const BufferBytes capacity = capacities(engine);
  for (std::size_t b = 0; b < capacity.size(); ++b)
    if (bytes.buffers[b] > capacity[b])
      return Shortage{buffer_key(static_cast<lutra_buffer>(b)), capacity[b], bytes.buffers[b]};
  if (bytes.accumulators > engine.accumulator_buffer_bytes)
    return Shortage{"accumulator_buffer_bytes", engine.accumulator_buffer_bytes, bytes.accumulators};
  return std::nullopt;
}

class Search {
 public:
  Search(const Layer& layer, const accelerators::EngineConfig& engine, const accelerators::Family& family)
      : layer_(layer), engine_(engine), family_(family) {}

  std::variant<Plan, std::string> run() {
    for (const int chunk : chunk_candidates(layer_)) {
      search(chunk, 1);
      if (best_ && chunk == layer_.input_channels) limit_ = worth_its_energy(best_->estimated_cycles);
    }
    for (const int merge : merge_candidates(layer_, engine_, family_)) {
      search(layer_.input_channels, merge);
      if (best_) limit_ = worth_its_energy(best_->estimated_cycles);
    }
    if (best_) return std::move(*best_);
    if (shortage_)
      return fmt::format("its smallest tile needs {} bytes of {}, which has {}", shortage_->needed, shortage_->buffer,
                         shortage_->capacity);
    return "its extents exceed the 16 bits of a command's fields";
  }

 private:
  enum class Verdict { considered, hopeless };  // hopeless: and so will be smaller tiles

  void search(int chunk, int merge) {
    for (const int channels : channel_candidates(layer_, engine_.rows, merge))
      for (const auto& [rows, columns] : pixel_candidates(layer_))
        if (consider({channels, rows, columns, chunk, false, merge}) == Verdict::hopeless) break;
  }

  Verdict consider(TileShape shape) {
    std::optional<Tiling> tiling = cut(layer_, shape);
    if (!tiling || !has_commands(layer_, *tiling)) return Verdict::considered;
    const TileBytes largest = largest_tile_bytes(layer_, *tiling, engine_, family_);
    if (const auto missing = shortage(largest, engine_)) {
      if (shape.merge == 1) shortage_ = missing;  // of the smallest tile, in the end: candidates shrink
      return Verdict::considered;
    }
    const std::uint64_t array = array_cycles(layer_, *tiling, engine_, family_);
    if (array >= limit_) return array - limit_ >= limit_ / 8 ? Verdict::hopeless : Verdict::considered;
    const bool one_order = tiling->channels.size() == 1 || tiling->pixels.size() == 1;
    for (const bool pixels_outer : {false, true}) {
      if (pixels_outer && one_order) continue;
      tiling->shape.pixels_outer = pixels_outer;
      Schedule schedule = make_schedule(layer_, *tiling, largest, capacities(engine_));
      const std::uint64_t cycles = estimate(layer_, *tiling, schedule, engine_, family_, array, limit_);
      if (cycles >= limit_) continue;
      limit_ = cycles;
      best_ = Plan{*tiling, std::move(schedule), array, cycles};
    }
    return Verdict::considered;
  }

  // Sums that pass through the accumulator buffer, and products of the zeros between merged groups, cost energy that
  // cycles do not show: they must save a twentieth.
  static std::uint64_t worth_its_energy(std::uint64_t cycles) { return cycles - cycles / 20; }

  const Layer& layer_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::optional<Plan> best_;
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
  std::optional<Shortage> shortage_;
};

}  // namespace

std::vector<int> merge_candidates(const Layer& layer, const accelerators::EngineConfig& engine,
                                  const accelerators::Family& family) {
  std::vector<int> candidates;
  const int groups = layer.output_channels / layer.group_outputs;
  if (!layer.matrix() || groups == 1 || !takes_zeros(layer, family)) return candidates;
  const int in_rows = engine.rows / layer.group_outputs;
  const int in_lanes = engine.lanes / layer.group_channels;
  const int most = std::min(std::max(in_rows, in_lanes), groups);
  for (int count = 2; count < most; count *= 2) candidates.push_back(count);
  for (const int count : {in_rows, in_lanes, most})
    if (count > 1 && count <= most) add_once(candidates, count);
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

std::string Plan::mapping(const Layer& layer) const {
  const TileShape& shape = tiling.shape;
  const ChannelTile& channels = tiling.channels.front();
  const PixelTile pixels = largest_pixels(tiling);
  std::string tile = fmt::format("tile {} channels x {} x {} pixels", channels.count, pixels.rows, pixels.columns);
  if (tiling.band_ends.size() > 1) tile += fmt::format(" in {} stripes", tiling.band_ends.size());
  const char* order = tiling.channels.size() * tiling.pixels.size() == 1 ? ""
                      : shape.pixels_outer                               ? ", pixel tiles outer"
                                                                         : ", channel tiles outer";
  if (!layer.matrix()) return fmt::format("post-processor lanes = outputs; {}{}", tile, order);
  return fmt::format(
      "rows = output channels, columns = output pixels, lanes = input channels within the window{}; {} over {} of {} "
      "input channels{}",
      shape.merge == 1 ? "" : fmt::format(" of {} groups", shape.merge), tile, tiling.chunk(channels, 0).count,
      channels.input_count, order);
}

std::variant<Plan, std::string> make_plan(const Layer& layer, const accelerators::EngineConfig& engine,
                                          const accelerators::Family& family) {
  return Search(layer, engine, family).run();
}

}  // namespace lutra::compiler
