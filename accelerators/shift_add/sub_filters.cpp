#include "accelerators/shift_add/sub_filters.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/family/options.h"
#include "accelerators/shift_add/lane_work.h"
#include "software/common/error.h"

namespace lutra::accelerators::shift_add {

namespace {

std::uint64_t size(auto... factors) { return (std::uint64_t{1} * ... * static_cast<std::uint64_t>(factors)); }

// The shifts of one row block and sweep, in front of its words.
std::size_t table_size(int rows, int planes) {
  return (static_cast<std::size_t>(rows) * planes * shift_code_bits + 7) / 8;
}

// The part of a block or tile that is one row block: one group.
template <typename Shape>
Shape part(Shape shape, int rows) {
  shape.channels = shape.group_outputs = rows;
  shape.group_phase = 0;
  return shape;
}

std::uint32_t shifted(std::uint32_t sum, unsigned code) {
  const Shift shift = decode_shift(code);
  if (!shift.present) return 0;
  const std::uint32_t magnitude = sum << shift.exponent;
  return shift.negative ? 0 - magnitude : magnitude;
}

}  // namespace

struct SubFilters::Weights {
  Lanes lanes;
  std::vector<std::uint8_t> shifts;  // [output channel][plane]
};

SubFilters::SubFilters(const EngineConfig& config) : config_(config) {
  Options options(config);
  options.variant({"power_of_two", "sub_filters"});
  parallel_ = options.integer("parallel", 1, 4, 2);
  zero_gating_ = options.flag("zero_gating", true);
  options.finish();
  if (parallel_ > config.weight_bits)
    throw Error(fmt::format("engine: options.parallel is {} and weight_bits {}: more planes at once than there are",
                            parallel_, config.weight_bits));
}

std::string SubFilters::summary() const {
  return fmt::format("{} x {} x {} lanes that add or subtract {}-bit activations, {} of up to {} planes at once",
                     config_.rows, config_.columns, config_.lanes, config_.activation_bits, parallel_,
                     config_.weight_bits);
}

std::string SubFilters::refuses_planes(int planes) const {
  if (planes <= config_.weight_bits) return {};
  return fmt::format("weights of {} planes on an array for {} (weight_bits)", planes, config_.weight_bits);
}

std::string SubFilters::refuses(const network::ActivationEncoding& activation,
                                const network::WeightEncoding& weights) const {
  if (std::string reason = refuses_activations(config_, activation); !reason.empty()) return reason;
  if (std::string reason = Planes::refuses_encoding(weights); !reason.empty()) return reason;
  return refuses_planes(Planes(weights).count());
}

std::string SubFilters::refuses_tile(const MatrixTile& tile) const {
  if (std::string reason = Planes::refuses_format(tile.weight_format, tile.weight_bits); !reason.empty()) return reason;
  if (std::string reason = refuses_planes(tile.weight_bits); !reason.empty()) return reason;
  return refuses_activations(config_, tile.activation_bits, tile.activation_signed);
}

PackedWeights SubFilters::pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                               const network::ActivationEncoding&) const {
  if (const std::string reason = Planes::refuses_encoding(encoding); !reason.empty()) throw Error(reason);
  const Planes planes(encoding);
  const PlaneBlock codes = plane_block(block, encoding);
  const std::size_t per_channel = codes.codes.size() / static_cast<std::size_t>(std::max(block.channels, 1));
  PackedWeights packed{{}, planes.format(), planes.count()};
  std::size_t first = 0;
  for (const int rows : array::row_blocks(block, config_.rows)) {
    WeightBlock of_rows = part(block, rows);
    of_rows.values = block.values.subspan(first * per_channel, rows * per_channel);
    of_rows.input_channels = block.input_channels > 0 ? block.input_channels : block.group_channels;
    for (int sweep = 0; sweep < sweeps(planes.count()); ++sweep) {
      const int count = planes_of(sweep, planes.count());
      std::vector<std::uint8_t> table(table_size(rows, count));
      for (int i = 0; i < rows * count; ++i) {
        const std::size_t place = (first + i / count) * planes.count() + sweep * parallel_ + i % count;
        const unsigned nibble = static_cast<unsigned>(codes.shifts[place]) << i % 2 * shift_code_bits;
        table[static_cast<std::size_t>(i) / 2] |= static_cast<std::uint8_t>(nibble);
      }
      std::vector<std::uint8_t> bits;
      for (std::size_t i = first * per_channel; i < (first + rows) * per_channel; ++i)
        bits.push_back(static_cast<std::uint8_t>(codes.codes[i] >> (sweep * parallel_) & ((1 << count) - 1)));
      const auto words = array::pack_words(of_rows, layout(count), bits);
      packed.bytes.insert(packed.bytes.end(), table.begin(), table.end());
      packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
    }
    first += static_cast<std::size_t>(rows);
  }
  return packed;
}

std::size_t SubFilters::packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                                     const network::ActivationEncoding&) const {
  const int planes = Planes(encoding).count();
  std::size_t bytes = 0;
  for (int sweep = 0; sweep < sweeps(planes); ++sweep) {
    const int count = planes_of(sweep, planes);
    for (const int rows : array::row_blocks(block, config_.rows)) bytes += table_size(rows, count);
    bytes += array::words_bytes(block, layout(count));
  }
  return bytes;
}

std::uint64_t SubFilters::table_bytes(const MatrixTile& tile) const {
  std::uint64_t bytes = 0;
  for (const int rows : array::row_blocks(tile, config_.rows))
    for (int sweep = 0; sweep < sweeps(tile.weight_bits); ++sweep)
      bytes += table_size(rows, planes_of(sweep, tile.weight_bits));
  return bytes;
}

std::size_t SubFilters::weight_bytes(const MatrixTile& tile) const {
  std::size_t bytes = table_bytes(tile);
  for (int sweep = 0; sweep < sweeps(tile.weight_bits); ++sweep)
    bytes += array::words_bytes(tile, layout(planes_of(sweep, tile.weight_bits)));
  return bytes;
}

SubFilters::Weights SubFilters::unpack(const MatrixTile& tile, std::size_t stride,
                                       std::span<const std::uint8_t> weights) const {
  const Planes planes(tile.weight_format, tile.weight_bits);
  const auto channels = static_cast<std::size_t>(tile.channels);
  const auto count = static_cast<std::size_t>(planes.count());
  const auto elements = static_cast<std::size_t>(array::runs(tile).elements());
  Weights result{Lanes(channels, count, stride), std::vector<std::uint8_t>(channels * count)};
  std::vector<std::uint8_t> bits;
  std::size_t first = 0;
  for (const int rows : array::row_blocks(tile, config_.rows)) {
    const MatrixTile of_rows = part(tile, rows);
    bits.resize(static_cast<std::size_t>(rows) * stride);
    for (int sweep = 0; sweep < sweeps(planes.count()); ++sweep) {
      const int here = planes_of(sweep, planes.count());
      for (int i = 0; i < rows * here; ++i)
        result.shifts[(first + i / here) * count + sweep * parallel_ + i % here] =
            weights[static_cast<std::size_t>(i) / 2] >> i % 2 * shift_code_bits & 15u;
      weights = weights.subspan(table_size(rows, here));
      array::unpack_words(of_rows, layout(here), weights, bits, stride);
      weights = weights.subspan(array::words_bytes(of_rows, layout(here)));
      for (int p = 0; p < here; ++p) {
        const int plane = sweep * parallel_ + p;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
          for (std::size_t i = 0; i < elements; ++i)
            if (const Letter l = letter(planes.alphabet(plane), (bits[row * stride + i] >> p & 1) != 0); l.present)
              result.lanes.set(first + row, static_cast<std::size_t>(plane), i, l.negative, 0);
      }
    }
    first += static_cast<std::size_t>(rows);
  }
  return result;
}

// Before the accumulator: buffer read, operands, letters, the tree's levels. Shift, and the levels of the tree that
// adds the planes, follow behind the drain or stand before the buffer's sum.
array::ArrayTiming SubFilters::timing(const MatrixTile& tile) const {
  constexpr int stages_before_tree = 3;
  constexpr int shift_stage = 1;
  const int fill = stages_before_tree + array::tree_levels(config_.lanes) + shift_stage + array::tree_levels(parallel_);
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const std::uint64_t word_bits = size(config_.rows, config_.lanes, parallel_);
  std::vector<array::RowBlock> blocks;
  for (const int rows : array::row_blocks(tile, config_.rows)) {
    array::RowBlock whole{rows, 0, 0};
    for (int sweep = 0; sweep < sweeps(tile.weight_bits); ++sweep) {
      const std::uint64_t table_bits = 8 * table_size(rows, planes_of(sweep, tile.weight_bits));
      const std::uint64_t header = (table_bits + word_bits - 1) / word_bits;
      if (!weight_stationary()) blocks.push_back({rows, header, words});
      whole.header += header;
      whole.passes += words;
    }
    if (weight_stationary()) blocks.push_back(whole);
  }
  return array::timing(tile, config_, fill, blocks);
}

std::uint64_t SubFilters::cycles(const MatrixTile& tile, bool) const { return timing(tile).cycles; }

std::vector<EventInfo> SubFilters::events() const {
  return {{"plane_add", "letters of planes times activations, neither of them zero"},
          {"zero_plane_add", "lanes clocked for an output with a zero letter or activation"},
          {"gated_plane_add", "lanes held still for an output because letter or activation is zero"},
          {"idle_plane_add", "lanes without work: rows, columns, lanes or planes beyond the tile, bubbles"},
          {"plane_shift", "sums of planes shifted and added"},
          {"drain", "sums moved out of the array"}};
}

TileWork SubFilters::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                             std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const int elements = array::runs(tile).elements();
  const std::size_t stride = array::round_up(static_cast<std::size_t>(elements), Lanes::lane_stride_multiple);
  const auto planes = static_cast<std::size_t>(tile.weight_bits);
  const Weights unpacked = unpack(tile, stride, weights);

  LaneCounts counts;
  std::vector<std::uint32_t> of_planes;
  array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators, [&](const array::PatchBatch& b) {
    unpacked.lanes.sum(b, of_planes);
    for (std::size_t i = 0; i < b.count * b.outputs; ++i) {
      const std::size_t output = b.first_output + i % b.outputs;
      b.sums[i] = 0;
      for (std::size_t p = 0; p < planes; ++p)
        b.sums[i] += shifted(of_planes[i * planes + p], unpacked.shifts[output * planes + p]);
    }
    counts.pairs += unpacked.lanes.count_pairs(b);
  });

  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const auto sweep_count = static_cast<std::uint64_t>(sweeps(tile.weight_bits));
  const std::uint64_t outputs = size(tile.rows, tile.columns, tile.channels);
  counts.slots = outputs * size(elements, planes);
  counts.clocked = timing.cycles * size(config_.rows, config_.columns, config_.lanes, parallel_);
  TileWork work;
  work.cycles = timing.cycles;
  work.event_counts = lane_events(counts, zero_gating_);
  work.event_counts.push_back(outputs * planes * (weight_stationary() ? words : 1));
  work.event_counts.push_back(outputs *
                              (weight_stationary() ? 1 : std::min<std::uint64_t>(planes, sweep_count * parallel_)));
  work.weight_read_bytes = table_bytes(tile);
  array::add_traffic(tile, config_, timing, weight_bytes(tile) - table_bytes(tile),
                     words * (weight_stationary() ? sweep_count : 1), config_.lanes * tile.activation_bits, work);
  if (!weight_stationary()) {
    // Every sweep but the last leaves its sum in the accumulator buffer, every one but the first adds to it.
    const std::uint64_t kept = outputs * (sweep_count - 1) * size((config_.accumulator_bits + 7) / 8);
    work.sum_read_bytes += kept;
    work.sum_write_bytes += kept;
  }
  return work;
}

Structure SubFilters::structure() const {
  const int elements = config_.rows * config_.columns;
  const int lanes = elements * config_.lanes * parallel_;
  const int guarded_bits = config_.activation_bits + 1;  // of either sign, and of its negation
  const int shifters = (weight_stationary() ? elements : config_.post_lanes) * parallel_;
  array::Parts parts;
  parts.registers(config_.rows * config_.lanes, parallel_);
  parts.registers(config_.columns * config_.lanes, config_.activation_bits);
  parts.logic(config_.rows * config_.lanes * parallel_, 2);  // the letter: present, negative
  parts.logic(lanes, guarded_bits);
  parts.registers(lanes, guarded_bits);
  if (zero_gating_) {
    parts.logic(config_.columns * config_.lanes, (config_.activation_bits + 4) / 5);  // the activation is zero
    parts.logic(lanes, 1);
  }
  const int sum_bits = parts.adder_tree(elements * parallel_, config_.lanes, guarded_bits);

  // Shifts of the row block that accumulates, and of the one that drains.
  parts.registers(config_.rows * parallel_, shift_code_bits);
  const int shifted_bits =
      weight_stationary() ? std::min(sum_bits + 7, config_.accumulator_bits) : config_.accumulator_bits;
  if (!weight_stationary()) {
    parts.registers(config_.rows * parallel_, shift_code_bits);
    parts.multiplexer(shifters, shift_code_bits, config_.rows);
    for (int plane = 0; plane < parallel_; ++plane) parts.accumulators(config_);
  } else {
    parts.accumulators(config_);
  }
  // A shift by 0..3, then by 0 or 4 together with the sign and the zero.
  parts.multiplexer(shifters, shifted_bits, 4);
  parts.logic(shifters, shifted_bits);
  parts.registers(shifters, shifted_bits);
  if (parallel_ > 1) {
    parts.adder(shifters / parallel_ * (parallel_ - 1), shifted_bits);
    parts.registers(shifters / parallel_ * (parallel_ - 1), shifted_bits);
  }
  return parts.take();
}

}  // namespace lutra::accelerators::shift_add
