#include "software/compiler/mapping/emit.h"

#include <algorithm>

#include "accelerators/family/activation_layout.h"

namespace lutra::compiler {

namespace {

constexpr std::int64_t stream_bytes = 2;

std::uint32_t u32(std::int64_t value) { return static_cast<std::uint32_t>(value); }
std::uint16_t u16(std::int64_t value) { return static_cast<std::uint16_t>(value); }
std::uint8_t u8(std::int64_t value) { return static_cast<std::uint8_t>(value); }

// The byte that, repeated, fills a tensor with what padding is: the lowest code for a maximum, nothing for a sum.
std::uint32_t pad_byte(const Layer& layer) {
  const lutra_op& op = layer.source->op;
  const unsigned bits = op.input.bits;
  unsigned code = 0;
  if (layer.kind == LUTRA_TILE_MAXIMUM && op.input.is_signed) code = 1u << (bits - 1);
  if (layer.matrix()) code = static_cast<unsigned>(op.pad_code);
  std::uint32_t byte = 0;
  for (unsigned bit = 0; bit < 8; bit += bits) byte |= (code & ((1u << bits) - 1)) << bit;
  return byte & 0xFF;
}

lutra_operand operand(std::int64_t width, int channels, int bits, bool is_signed) {
  return {.offset = 0,
          .width = u16(width),
          .channels = u16(channels),
          .bits = u8(bits),
          .is_signed = u8(is_signed),
          .pixel_bytes = u16(packed_bytes(channels, bits))};
}

// Pixels of a tensor from (y, x) on, `channels` channels from `channel` on, every `row_step`-th row.
lutra_transfer pixel_transfer(lutra_buffer buffer, std::int64_t offset, const lutra_tensor& tensor, int y, int x,
                              int rows, int columns, int channel, int channels, int row_step) {
  const std::int64_t first_byte = std::int64_t{channel} * tensor.bits / 8;
  const std::int64_t pixel = std::int64_t{y} * tensor.width + x;
  lutra_transfer transfer{};
  transfer.buffer = u16(buffer);
  transfer.memory = tensor.memory;
  transfer.offset = u32(offset);
  transfer.address = u32(tensor.address + pixel * tensor.pixel_bytes + first_byte);
  transfer.rows = u32(rows);
  transfer.columns = u32(columns);
  transfer.element_bytes = u32(packed_bytes(channels, tensor.bits));
  transfer.row_pitch = u32(std::int64_t{row_step} * tensor.width * tensor.pixel_bytes);
  transfer.column_pitch = tensor.pixel_bytes;
  return transfer;
}

class Emitter {
 public:
  Emitter(const Layer& layer, const Tiling& tiling, const Schedule& schedule, const Placement& placement,
          BufferBytes base, const accelerators::EngineConfig& engine, const accelerators::Family& family,
          StreamBuilder& stream)
      : layer_(layer),
        tiling_(tiling),
        schedule_(schedule),
        placement_(placement),
        base_(base),
        engine_(engine),
        family_(family),
        stream_(stream) {}

  void run(std::size_t band) {
    const std::vector<std::size_t>& bands = schedule_.bands;
    const std::size_t end = band + 1 < bands.size() ? bands[band + 1] : schedule_.steps.size();
    for (std::size_t i = bands[band]; i < end; ++i) emit(schedule_.steps[i]);
  }

 private:
  std::int64_t offset(const Step& step, lutra_buffer buffer) const {
    return base_[buffer] + step.slot[buffer] * schedule_.slot_bytes[buffer];
  }

  void emit(const Step& step) {
    channels_ = &tiling_.channels[static_cast<std::size_t>(step.index.channels)];
    pixels_ = &tiling_.pixels[static_cast<std::size_t>(step.index.pixels)];
    reads_.clear();
    writes_.clear();
    lutra_tile tile = make_tile(layer_, tiling_, step);
    // What waits for no store of an earlier operation is loaded first.
    if (layer_.matrix()) place_weights(step, tile);
    if (step.last) place_parameters(step, tile);
    place_input(step, tile);
    if (step.last) {
      if (layer_.skip) place_skip(step, tile);
      place_outputs(step, tile);
    }
    stream_.tile(tile, reads_, writes_);
    if (step.last) store_outputs(tile);
  }

  // `transfer` where the step is the first to need it, and the region it fills either way.
  void use(const Step& step, lutra_buffer buffer, const lutra_transfer& transfer) {
    Region region = region_of(transfer);
    // Banks take more than the pixels' bytes: activation_buffer.md.
    if (buffer == LUTRA_BUFFER_ACTIVATION) region.bytes = u32(schedule_.slot_bytes[buffer]);
    if (step.load[buffer]) stream_.load(transfer, region);
    reads_.push_back(region);
  }

  void place_weights(const Step& step, lutra_tile& tile) {
    const auto index = static_cast<std::size_t>(step.index.channels * tiling_.chunks + step.index.chunk);
    const PlacedWeights& weights = placement_.weights[index];
    tile.weight_format = u16(weights.format);
    tile.weight_bits = u16(weights.bits);
    if (layer_.resident) {
      tile.weight_offset = weights.address;
      return;
    }
    tile.weight_offset = u32(offset(step, LUTRA_BUFFER_WEIGHT));
    use(step, LUTRA_BUFFER_WEIGHT,
        block_transfer(LUTRA_BUFFER_WEIGHT, tile.weight_offset, weights.address, weights.bytes));
  }

  void place_input(const Step& step, lutra_tile& tile) {
    tile.input.offset = u32(offset(step, LUTRA_BUFFER_ACTIVATION));
    lutra_transfer transfer = input_load(layer_, tiling_, step, engine_, family_);
    transfer.offset = tile.input.offset;
    transfer.address += placement_.op.input.address;
    use(step, LUTRA_BUFFER_ACTIVATION, transfer);
  }

  // Scale parameters, behind them those of the PReLU, and the thresholds.
  void place_parameters(const Step& step, lutra_tile& tile) {
    std::int64_t place = offset(step, LUTRA_BUFFER_PARAMETER);
    const auto parameters = [&](int count, std::int64_t entry_bytes, std::uint32_t address) {
      const int first = count == 1 ? 0 : channels_->first;
      const std::int64_t bytes = entry_bytes * (count == 1 ? 1 : channels_->count);
      lutra_transfer transfer =
          block_transfer(LUTRA_BUFFER_PARAMETER, place, address + u32(first * entry_bytes), bytes);
      transfer.memory = u16(placement_.parameters.memory);
      use(step, LUTRA_BUFFER_PARAMETER, transfer);
      const std::int64_t begin = place;
      place += bytes;
      return u32(begin);
    };
    constexpr std::int64_t requantise_bytes = sizeof(lutra_requantise);
    if (!layer_.direct) tile.scale_offset = parameters(layer_.scales, requantise_bytes, placement_.parameters.scale);
    if (layer_.prelus > 0) tile.prelu_offset = parameters(layer_.prelus, requantise_bytes, placement_.parameters.prelu);
    if (layer_.thresholds > 0)
      tile.threshold_offset =
          parameters(layer_.threshold_entries, std::int64_t{sizeof(std::int32_t)} * layer_.thresholds,
                     placement_.parameters.thresholds);
  }

  void place_skip(const Step& step, lutra_tile& tile) {
    const lutra_op& op = placement_.op;
    const SkipSlice slice = skip_slice(layer_, *channels_, *pixels_);
    tile.skip.offset = u32(offset(step, LUTRA_BUFFER_SKIP));
    use(step, LUTRA_BUFFER_SKIP,
        pixel_transfer(LUTRA_BUFFER_SKIP, tile.skip.offset, op.skip,
                       layer_.source->stripes.skip.place(pixels_->y * op.skip_stride_y), pixels_->x * op.skip_stride_x,
                       slice.rows, slice.columns, slice.first, slice.count, op.skip_stride_y));
  }

  void place_outputs(const Step& step, lutra_tile& tile) {
    std::int64_t place = offset(step, LUTRA_BUFFER_OUTPUT);
    const std::int64_t pixels = pixels_->pixels();
    if (layer_.code_bits > 0) {
      const std::int64_t bytes = pixels * packed_bytes(channels_->count, layer_.code_bits);
      tile.code_offset = u32(place);
      writes_.push_back({LUTRA_BUFFER_OUTPUT, tile.code_offset, u32(bytes)});
      place += align_in_buffer(bytes);
    }
    if (layer_.stream) {
      tile.stream_offset = u32(place);
      writes_.push_back({LUTRA_BUFFER_OUTPUT, tile.stream_offset, u32(pixels * channels_->count * stream_bytes)});
    }
  }

  void store_outputs(const lutra_tile& tile) {
    const auto store = [&](const lutra_tensor& tensor, const RowRing& ring, std::uint32_t offset) {
      const std::int64_t row_bytes = pixels_->columns * packed_bytes(channels_->count, tensor.bits);
      for (const RowsAt& rows : places_of({pixels_->y, pixels_->rows}, ring))
        stream_.store(pixel_transfer(LUTRA_BUFFER_OUTPUT, offset + (rows.rows.first - pixels_->y) * row_bytes, tensor,
                                     rows.place, pixels_->x, rows.rows.count, pixels_->columns, channels_->first,
                                     channels_->count, 1));
    };
    const Stripes& stripes = layer_.source->stripes;
    if (layer_.code_bits > 0) store(placement_.op.codes, stripes.codes, tile.code_offset);
    if (layer_.stream) store(placement_.op.stream, stripes.stream, tile.stream_offset);
  }

  const Layer& layer_;
  const Tiling& tiling_;
  const Schedule& schedule_;
  const Placement& placement_;
  BufferBytes base_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  StreamBuilder& stream_;
  const ChannelTile* channels_ = nullptr;
  const PixelTile* pixels_ = nullptr;
  std::vector<Region> reads_;
  std::vector<Region> writes_;
};

std::uint16_t tile_flags(const Layer& layer, const Step& step) {
  const lutra_op& op = layer.source->op;
  unsigned flags = step.first ? 0u : unsigned{LUTRA_TILE_ACCUMULATE};
  if (layer.resident) flags |= LUTRA_TILE_RESIDENT_WEIGHTS;
  if (!step.last) return u16(flags | LUTRA_TILE_KEEP);
  const auto copy = [&](lutra_op_flag from, lutra_tile_flag to) {
    if (op.flags & from) flags |= to;
  };
  copy(LUTRA_OP_SKIP, LUTRA_TILE_SKIP);
  copy(LUTRA_OP_PRELU, LUTRA_TILE_PRELU);
  copy(LUTRA_OP_STREAM, LUTRA_TILE_STREAM);
  copy(LUTRA_OP_CODES, LUTRA_TILE_CODES);
  copy(LUTRA_OP_REQUANTISE, LUTRA_TILE_REQUANTISE);
  copy(LUTRA_OP_ONE_SCALE, LUTRA_TILE_ONE_SCALE);
  copy(LUTRA_OP_ONE_PRELU, LUTRA_TILE_ONE_PRELU);
  if (layer.threshold_entries > 0) flags |= LUTRA_TILE_THRESHOLDS;
  if (layer.threshold_entries == 1) flags |= LUTRA_TILE_ONE_THRESHOLDS;
  if (layer.direct) flags |= LUTRA_TILE_DIRECT;
  return u16(flags);
}

// A stride matters only between two outputs; one that does not is written as 1.
std::uint8_t step_between(int count, int step) { return count > 1 ? u8(step) : u8(1); }

}  // namespace

lutra_transfer block_transfer(lutra_buffer buffer, std::int64_t offset, std::uint32_t address, std::int64_t bytes) {
  lutra_transfer transfer{};
  transfer.buffer = u16(buffer);
  transfer.offset = u32(offset);
  transfer.address = address;
  transfer.rows = transfer.columns = 1;
  transfer.element_bytes = transfer.row_pitch = transfer.column_pitch = u32(bytes);
  return transfer;
}

lutra_tile make_tile(const Layer& layer, const Tiling& tiling, const Step& step) {
  const ChannelTile& channels = tiling.channels[static_cast<std::size_t>(step.index.channels)];
  const PixelTile& pixels = tiling.pixels[static_cast<std::size_t>(step.index.pixels)];
  const Chunk chunk = tiling.chunk(channels, step.index.chunk);
  const bool whole = chunk.count == channels.input_count;
  const lutra_op& op = layer.source->op;
  lutra_tile tile{};
  tile.kind = u16(layer.kind);
  tile.flags = tile_flags(layer, step);
  tile.rows = u16(pixels.rows);
  tile.columns = u16(pixels.columns);
  tile.channels = u16(channels.count);
  tile.window_height = u16(layer.window_height);
  tile.window_width = u16(layer.window_width);
  tile.stride_y = step_between(pixels.rows, layer.stride_y);
  tile.stride_x = step_between(pixels.columns, layer.stride_x);
  tile.dilation_y = u8(layer.dilation_y);
  tile.dilation_x = u8(layer.dilation_x);
  tile.group_channels = u16(whole ? channels.group_channels : chunk.count);
  tile.group_outputs = u16(channels.group_outputs);
  tile.lead_y = u8(input_rows(layer, pixels).lead);
  tile.lead_x = u8(input_columns(layer, pixels).lead);
  tile.input = operand(input_columns(layer, pixels).extent(), chunk.count, op.input.bits, op.input.is_signed != 0);
  if (layer.matrix()) {
    tile.weight_format = u16(layer.source->weight_format);
    tile.weight_bits = u16(layer.source->weight_bits);
  }
  if (tile.flags & LUTRA_TILE_SKIP) {
    const SkipSlice slice = skip_slice(layer, channels, pixels);
    tile.skip = operand(slice.columns, slice.count, op.skip.bits, op.skip.is_signed != 0);
    tile.skip_first_channel = static_cast<std::int16_t>(slice.first_channel);
    tile.skip_stride_y = 1;
    tile.skip_stride_x = step_between(pixels.columns, op.skip_stride_x);
    tile.skip_requantise = op.skip_requantise;
  }
  if (tile.flags & LUTRA_TILE_CODES) {
    tile.code_requantise = op.code_requantise;
    tile.code_low = op.code_low;
    tile.code_high = op.code_high;
    tile.code_bits = op.codes.bits;
  }
  return tile;
}

lutra_transfer input_load(const Layer& layer, const Tiling& tiling, const Step& step,
                          const accelerators::EngineConfig& engine, const accelerators::Family& family) {
  const PixelTile& pixels = tiling.pixels[static_cast<std::size_t>(step.index.pixels)];
  const Chunk chunk = tiling.chunk(tiling.channels[static_cast<std::size_t>(step.index.channels)], step.index.chunk);
  const Span rows = input_rows(layer, pixels);
  const Span columns = input_columns(layer, pixels);
  const lutra_tile tile = make_tile(layer, tiling, step);
  lutra_tensor tensor = layer.source->op.input;
  tensor.address = 0;
  const int place = layer.source->stripes.input.place(rows.first);
  lutra_transfer transfer = pixel_transfer(LUTRA_BUFFER_ACTIVATION, 0, tensor, place, columns.first, rows.count,
                                           columns.count, chunk.first, chunk.count, 1);
  transfer.pad_top = u16(rows.before);
  transfer.pad_bottom = u16(rows.after);
  transfer.pad_left = u16(columns.before);
  transfer.pad_right = u16(columns.after);
  transfer.pad_byte = pad_byte(layer);
  const int gap = 8 * tile.input.pixel_bytes - tile.input.channels * tile.input.bits;
  transfer.placement = accelerators::placement(accelerators::activation_layout(tile, engine, family), gap);
  return transfer;
}

BufferBytes Chain::place_slots(const Schedule& schedule) {
  const BufferBytes capacity = capacities(engine_);
  BufferBytes base{};
  for (std::size_t b = 0; b < base.size(); ++b) {
    const std::int64_t bytes = schedule.bytes(b);
    if (end_[b] + bytes <= capacity[b]) base[b] = end_[b];
    end_[b] = base[b] + bytes;
  }
  return base;
}

void Chain::add(const ChainOp& op) {
  const Turn whole{};
  add({&op, 1}, {&whole, 1});
}

void Chain::add(std::span<const ChainOp> ops, std::span<const Turn> turns) {
  const BufferBytes capacity = capacities(engine_);
  for (std::size_t b = 0; b < end_.size(); ++b) {
    std::int64_t together = 0;
    for (const ChainOp& op : ops) together += op.schedule->bytes(b);
    if (end_[b] + together > capacity[b] && together <= capacity[b]) end_[b] = 0;
  }
  std::vector<Emitter> emitters;
  emitters.reserve(ops.size());
  for (const ChainOp& op : ops)
    emitters.emplace_back(op.layer, *op.tiling, *op.schedule, *op.placement, place_slots(*op.schedule), engine_,
                          family_, stream_);
  for (const Turn& turn : turns) {
    const auto index = static_cast<std::size_t>(turn.op);
    const std::uint32_t number = ops[index].number;
    if (number_ && *number_ != number) stream_.operation(number);
    number_ = number;
    emitters[index].run(static_cast<std::size_t>(turn.band));
  }
}

}  // namespace lutra::compiler
