#include "software/compiler/feature_maps.h"

#include <algorithm>
#include <map>

#include "accelerators/family/activation_layout.h"
#include "software/common/arithmetic.h"
#include "software/compiler/lowering/op_edges.h"

namespace lutra::compiler {

namespace {

// Bytes of input and skip that a plan loads in a frame.
struct Loaded {
  std::int64_t input = 0;
  std::int64_t skip = 0;
};

Loaded loads_of(const PlannedOp& op) {
  const Layer layer = layer_of(*op.lowered);
  const Tiling& tiling = op.plan->tiling;
  Loaded bytes;
  for (const Step& step : op.plan->schedule.steps) {
    const ChannelTile& channels = tiling.channels[static_cast<std::size_t>(step.index.channels)];
    const PixelTile& pixels = tiling.pixels[static_cast<std::size_t>(step.index.pixels)];
    if (step.load[LUTRA_BUFFER_ACTIVATION])
      bytes.input += std::int64_t{input_rows(layer, pixels).count} * input_columns(layer, pixels).count *
                     packed_bytes(tiling.chunk(channels, step.index.chunk).count, layer.input_bits);
    if (step.load[LUTRA_BUFFER_SKIP]) {
      const SkipSlice slice = skip_slice(layer, channels, pixels);
      bytes.skip += std::int64_t{slice.rows} * slice.columns * slice.pixel_bytes(op.lowered->op.skip.bits);
    }
  }
  return bytes;
}

class Collector {
 public:
  explicit Collector(const network::QuantisedNetwork& network) : network_(network) {}

  void add(const PlannedOp& op) {
    const LoweredOp& lowered = *op.lowered;
    const Loaded loaded = op.plan == nullptr ? Loaded{} : loads_of(op);
    const Stripes& stripes = lowered.stripes;
    use(lowered.input, op, loaded.input, stripes.input);
    use(lowered.skip, op, loaded.skip, stripes.skip);
    write(lowered.codes, lowered.op.codes, op, stripes.codes);
    write(lowered.stream, lowered.op.stream, op, stripes.stream);
    if (op.plan != nullptr && stripes.bands.empty() && adds_same_values(lowered))
      additions_.push_back({lowered.skip, lowered.stream, position_});
    ++position_;
  }

  std::vector<FeatureMap> take() {
    for (FeatureMap& map : maps_) {
      if (map.edge == network_.input.edge) map.elsewhere = "the frame's input";
      if (map.edge == network_.output) map.elsewhere = "the frame's output";
    }
    for (const Addition& addition : additions_) {
      const FeatureMap& skip = find(addition.skip);
      FeatureMap& stream = find(addition.stream);
      const bool both_stay = skip.elsewhere.empty() && stream.elsewhere.empty();
      if (both_stay && skip.candidate.interval.last == addition.position) stream.overwrites = addition.skip;
    }
    return std::move(maps_);
  }

 private:
  struct Addition {
    network::EdgeId skip, stream;
    int position;
  };

  // Every value of the stream has one of the skip, in the same place of a tensor of the same form.
  static bool adds_same_values(const LoweredOp& lowered) {
    const lutra_op& op = lowered.op;
    if (lowered.skip < 0 || lowered.stream < 0 || lowered.skip == lowered.input) return false;
    return op.skip.bits == op.stream.bits && op.skip.channels == op.stream.channels &&
           op.skip.height == op.stream.height && op.skip.width == op.stream.width && op.skip_stride_y == 1 &&
           op.skip_stride_x == 1 && op.skip_channel_offset == 0 && is_whole(op.skip);
  }

  void write(network::EdgeId edge, const lutra_tensor& part, const PlannedOp& op, const RowRing& ring) {
    use(edge, op, std::int64_t{part.height} * part.width * packed_bytes(part.channels, part.bits), ring);
  }

  void use(network::EdgeId edge, const PlannedOp& op, std::int64_t moved, const RowRing& ring) {
    if (edge < 0) return;
    FeatureMap& map = find(edge);
    const Stripes& stripes = op.lowered->stripes;
    const bool in_group = !stripes.bands.empty();
    Interval& interval = map.candidate.interval;
    if (interval.bytes == 0) interval = {in_group ? stripes.first : position_, 0, bytes_of(edge, ring)};
    interval.last = in_group ? stripes.last : position_;
    map.ring = ring;
    map.candidate.must = ring.rows > 0;
    map.candidate.saved += static_cast<std::uint64_t>(moved);
    if (op.plan == nullptr) map.elsewhere = "the hart uses it";
  }

  FeatureMap& find(network::EdgeId edge) {
    const auto [known, is_new] = index_.try_emplace(edge, maps_.size());
    if (is_new) maps_.emplace_back().edge = edge;
    return maps_[known->second];
  }

  std::uint64_t bytes_of(network::EdgeId edge, const RowRing& ring) const {
    lutra_tensor tensor = tensor_of(network_.edges[static_cast<std::size_t>(edge)]);
    if (ring.rows > 0) tensor.height = static_cast<std::uint32_t>(ring.places());
    return round_up(tensor_bytes(tensor), accelerators::transfer_port_bytes);
  }

  const network::QuantisedNetwork& network_;
  int position_ = 0;
  std::vector<FeatureMap> maps_;
  std::map<network::EdgeId, std::size_t> index_;
  std::vector<Addition> additions_;
};

}  // namespace

std::vector<FeatureMap> feature_maps(const network::QuantisedNetwork& network, std::span<const PlannedOp> ops) {
  Collector collector(network);
  for (const PlannedOp& op : ops) collector.add(op);
  return collector.take();
}

}  // namespace lutra::compiler
