#include "accelerators/shift_add/sub_filters.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/family/options.h"
#include "accelerators/shift_add/lane_work.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"

namespace lutra::accelerators::shift_add {

namespace {

constexpr int letter_step = 1;  // of the datapath

// The table of a row block: its rows' shifts, `parallel` each whatever the sweep has.
std::size_t table_size(int rows, int parallel) {
  return (static_cast<std::size_t>(rows) * parallel * shift_code_bits + 7) / 8;
}

std::size_t tables_size(const std::vector<int>& row_blocks, int parallel) {
  std::size_t bytes = 0;
  for (const int rows : row_blocks) bytes += table_size(rows, parallel);
  return bytes;
}

std::uint32_t shifted(std::uint32_t sum, unsigned code) {
  const Shift shift = decode_shift(code);
  if (!shift.present) return 0;
  const std::uint32_t magnitude = sum << shift.exponent;
  return shift.negative ? 0 - magnitude : magnitude;
}

}  // namespace

int SubFilters::plane_steps() const { return letter_step + array::tree_levels(config_.lanes); }

// Letters and the tree's levels; where sums leave the array in every pass also shifts and the tree over planes.
array::Pipeline SubFilters::pipeline() const {
  return {plane_steps() + (weight_stationary() ? shift_steps() : 0), config_};
}

int SubFilters::shift_steps() const { return 1 + array::tree_levels(parallel_); }

// From the weight port to the sum of the tree.
int SubFilters::stages_of_coefficients() const { return 1 + pipeline().registers(plane_steps()); }

struct SubFilters::Weights {
  Lanes lanes;
  std::vector<std::uint8_t> shifts;  // [output channel][plane]
};

SubFilters::SubFilters(const EngineConfig& config) : config_(config) {
  FamilyOptions options(config);
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
  PackedWeights packed{{}, planes.format(), planes.count()};
  for (int sweep = 0; sweep < sweeps(planes.count()); ++sweep) {
    const int first_plane = sweep * parallel_;
    const int here = planes_of(sweep, planes.count());
    std::size_t output = 0;
    for (const int rows : array::row_blocks(block, config_.rows)) {
      std::vector<std::uint8_t> table(table_size(rows, parallel_));
      for (int row = 0; row < rows; ++row, ++output)
        for (int p = 0; p < parallel_; ++p) {
          const unsigned code = p < here ? codes.shifts[output * planes.count() + first_plane + p] : no_shift;
          const int place = row * parallel_ + p;
          table[static_cast<std::size_t>(place) / 2] |= static_cast<std::uint8_t>(code << place % 2 * shift_code_bits);
        }
      packed.bytes.insert(packed.bytes.end(), table.begin(), table.end());
    }
    std::vector<std::uint8_t> bits;
    for (const std::uint8_t code : codes.codes)
      bits.push_back(static_cast<std::uint8_t>(code >> first_plane & ((1 << here) - 1)));
    const auto words = array::pack_words(block, layout(here), bits);
    packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
  }
  return packed;
}

std::size_t SubFilters::packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                                     const network::ActivationEncoding&) const {
  const int planes = Planes(encoding).count();
  std::size_t bytes = sweeps(planes) * tables_size(array::row_blocks(block, config_.rows), parallel_);
  for (int sweep = 0; sweep < sweeps(planes); ++sweep)
    bytes += array::words_bytes(block, layout(planes_of(sweep, planes)));
  return bytes;
}

std::size_t SubFilters::table_bytes(const MatrixTile& tile) const {
  return tables_size(array::row_blocks(tile, config_.rows), parallel_);
}

std::size_t SubFilters::weight_bytes(const MatrixTile& tile) const {
  std::size_t bytes = sweeps(tile.weight_bits) * table_bytes(tile);
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
  std::vector<std::uint8_t> bits(channels * stride);
  for (int sweep = 0; sweep < sweeps(planes.count()); ++sweep) {
    const int first_plane = sweep * parallel_;
    const int here = planes_of(sweep, planes.count());
    std::size_t output = 0;
    for (const int rows : array::row_blocks(tile, config_.rows)) {
      for (int row = 0; row < rows; ++row, ++output)
        for (int p = 0; p < here; ++p) {
          const int place = row * parallel_ + p;
          result.shifts[output * count + static_cast<std::size_t>(first_plane + p)] =
              weights[static_cast<std::size_t>(place) / 2] >> place % 2 * shift_code_bits & 15u;
        }
      weights = weights.subspan(table_size(rows, parallel_));
    }
    array::unpack_words(tile, layout(here), weights, bits, stride);
    weights = weights.subspan(array::words_bytes(tile, layout(here)));
    for (int p = 0; p < here; ++p)
      for (std::size_t k = 0; k < channels; ++k)
        for (std::size_t i = 0; i < elements; ++i) {
          const bool bit = (bits[k * stride + i] >> p & 1) != 0;
          if (const Letter l = letter(planes.alphabet(first_plane + p), bit); l.present)
            result.lanes.set(k, static_cast<std::size_t>(first_plane + p), i, l.negative, 0);
        }
  }
  return result;
}

// Shifts, and the levels of the tree that adds the planes, follow behind the drain, each with a register, or stand
// before the buffer's sum.
int SubFilters::fill() const { return pipeline().fill() + (weight_stationary() ? 0 : shift_steps()); }

array::ArrayTiming SubFilters::timing(const MatrixTile& tile) const {
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const std::uint64_t word_bits = product(config_.rows, config_.lanes, parallel_);
  const auto sweep_count = static_cast<std::uint64_t>(sweeps(tile.weight_bits));
  const std::uint64_t in_array = weight_stationary() ? sweep_count : 1;  // sweeps of a row block, one after the other
  std::vector<array::RowBlock> blocks;
  for (const int rows : array::row_blocks(tile, config_.rows)) {
    const std::uint64_t table_bits = product(rows, parallel_, shift_code_bits);
    blocks.push_back({rows, in_array * ((table_bits + word_bits - 1) / word_bits), in_array * words});
  }
  array::ArrayTiming timing = array::timing(tile, config_, fill(), blocks);
  if (!weight_stationary()) timing.cycles *= sweep_count;  // each a tile of its own
  return timing;
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
  const std::size_t stride = round_up(static_cast<std::size_t>(elements), Lanes::lane_stride_multiple);
  const auto planes = static_cast<std::size_t>(tile.weight_bits);
  const Weights unpacked = unpack(tile, stride, weights);

  std::uint64_t pairs = 0;
  std::vector<std::uint32_t> of_planes;
  array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators, [&](const array::PatchBatch& b) {
    unpacked.lanes.sum(b, tile.activation_bits, of_planes);
    for (std::size_t i = 0; i < b.count * b.outputs; ++i) {
      const std::size_t output = b.first_output + i % b.outputs;
      b.sums[i] = 0;
      for (std::size_t p = 0; p < planes; ++p)
        b.sums[i] += shifted(of_planes[i * planes + p], unpacked.shifts[output * planes + p]);
    }
    pairs += unpacked.lanes.count_pairs(b);
  });
  return work(tile, pairs);
}

std::uint64_t SubFilters::slots(const MatrixTile& tile) const {
  return product(tile.rows, tile.columns, tile.channels, array::runs(tile).elements(), tile.weight_bits);
}

TileWork SubFilters::expected(const MatrixTile& tile, double share) const {
  return work(tile, part_of(share, slots(tile)));
}

TileWork SubFilters::work(const MatrixTile& tile, std::uint64_t pairs) const {
  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const std::uint64_t outputs = product(tile.rows, tile.columns, tile.channels);
  const auto planes = static_cast<std::uint64_t>(tile.weight_bits);
  const LaneCounts counts{timing.cycles * product(config_.rows, config_.columns, config_.lanes, parallel_), slots(tile),
                          pairs};
  TileWork work;
  work.cycles = timing.cycles;
  work.event_counts = lane_events(counts, zero_gating_);
  work.event_counts.push_back(outputs * planes * (weight_stationary() ? words : 1));
  work.event_counts.push_back(outputs * (weight_stationary() ? 1 : planes));
  add_traffic(tile, timing, work);
  return work;
}

void SubFilters::add_traffic(const MatrixTile& tile, const array::ArrayTiming& timing, TileWork& work) const {
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const auto sweep_count = static_cast<std::uint64_t>(sweeps(tile.weight_bits));
  const std::uint64_t tables = sweep_count * table_bytes(tile);
  const std::uint64_t weight_words = weight_bytes(tile) - tables;
  work.weight_read_bytes += tables;
  array::add_traffic(tile, config_, timing, weight_words, words * sweep_count, config_.lanes * tile.activation_bits,
                     work);
  if (weight_stationary()) return;
  // Every sweep but the last leaves its sums in the accumulator buffer, every one but the first adds to them.
  const std::uint64_t kept =
      product(tile.rows, tile.columns, tile.channels) * (sweep_count - 1) * product((config_.accumulator_bits + 7) / 8);
  work.sum_read_bytes += kept;
  work.sum_write_bytes += kept;
}

Structure SubFilters::structure() const {
  const int elements = config_.rows * config_.columns;
  const int lanes = elements * config_.lanes * parallel_;
  const int letter_bits = config_.activation_bits + 1;  // of either sign, and of its negation
  array::Parts parts;
  parts.registers(config_.rows * config_.lanes, parallel_);
  add_columns(parts, config_, 1, zero_gating_);
  parts.logic(config_.rows * config_.lanes * parallel_, 2);  // the letter: present, negative
  add_lanes(parts, lanes, config_.activation_bits, 1, zero_gating_, pipeline().registered(letter_step));
  const int sum_bits = parts.adder_tree(elements * parallel_, config_.lanes, letter_bits, pipeline(), letter_step);
  parts.measured(pipeline().registered(letter_step) ? "shift_add.sub_filters" : "shift_add.sub_filters_at_once",
                 config_, {{"parallel", parallel_}, {"zero_gating", zero_gating_ ? 2 : 1}});
  if (weight_stationary())
    add_shifts_in_elements(parts, sum_bits);
  else
    add_shifts_behind_drain(parts);
  parts.sequencer(fill());
  return parts.take();
}

// Coefficients of all sweeps of a row block; those of a pass follow it through the lanes' stages.
void SubFilters::add_shifts_in_elements(array::Parts& parts, int sum_bits) const {
  const int elements = config_.rows * config_.columns;
  const int table_bits = parallel_ * shift_code_bits;
  const int most_sweeps = sweeps(config_.weight_bits);
  parts.registers(config_.rows * most_sweeps, table_bits);
  parts.multiplexer(config_.rows, table_bits, most_sweeps);
  parts.registers(config_.rows * stages_of_coefficients(), table_bits);
  const int shifted_bits = std::min(sum_bits + largest_exponent, config_.accumulator_bits);
  const int first_shift = plane_steps() + 1;
  add_sum_shifters(parts, elements * parallel_, shifted_bits, pipeline().registered(first_shift));
  parts.adder_tree(elements, parallel_, shifted_bits, pipeline(), first_shift);
  parts.accumulators(config_);
}

// Coefficients of the row block that accumulates and of the one that drains; those of the sums that leave follow them.
void SubFilters::add_shifts_behind_drain(array::Parts& parts) const {
  const int leaving = array::drain_lanes(config_).count();
  const int table_bits = parallel_ * shift_code_bits;
  parts.registers(2 * config_.rows, table_bits);
  parts.drain_selection(config_, config_.rows, 1, table_bits);  // lanes of the same rows share
  parts.registers(array::drain_lanes(config_).rows * stages_of_coefficients(), table_bits);
  for (int plane = 0; plane < parallel_; ++plane) parts.accumulators(config_);
  add_sum_shifters(parts, leaving * parallel_, config_.accumulator_bits, true);
  parts.adder_tree(leaving, parallel_, config_.accumulator_bits, array::Pipeline::every_step(shift_steps()), 1);
}

}  // namespace lutra::accelerators::shift_add
