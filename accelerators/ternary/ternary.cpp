#include "accelerators/ternary/ternary.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/timing.h"
#include "accelerators/family/options.h"
#include "accelerators/ternary/format.h"
#include "accelerators/ternary/gated.h"
#include "accelerators/ternary/popcount.h"
#include "accelerators/ternary/structure.h"
#include "accelerators/ternary/tile_words.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"

namespace lutra::accelerators {

namespace {

using namespace ternary;

class Ternary final : public Family {
 public:
  explicit Ternary(const EngineConfig& config) : config_(config) {
    check_array_knobs(config);
    if (config.activation_bits > 8)
      throw Error(
          fmt::format("engine: activation_bits is {}, and the ternary family builds 2 to 8", config.activation_bits));
    FamilyOptions options(config);
    popcount_ = options.variant({"gated", "popcount"}) == "popcount";
    const std::string skipping = popcount_ ? options.choice("zero_skipping", {"none", "groups"})
                                           : options.choice("zero_skipping", {"none", "lanes", "groups"});
    skipping_ =
        skipping == "none" ? ZeroSkipping::none : (skipping == "lanes" ? ZeroSkipping::lanes : ZeroSkipping::groups);
    output_shifts_ = options.flag("output_shifts", true);
    options.finish();
  }

  std::string name() const override { return "ternary"; }
  std::string summary() const override {
    const auto size = fmt::format("{} x {} x {}", config_.rows, config_.columns, config_.lanes);
    return popcount_ ? fmt::format("{} ternary bit counters", size)
                     : fmt::format("{} gated adders of {}-bit activations", size, config_.activation_bits);
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (!activation.levels.empty())
      return "activations with a level table; families that can: mac (options.levels), lut";
    if (std::string reason = refuses_activations(activation.bits); !reason.empty()) return reason;
    if (std::string reason = refuses_weights(weights, config_.weight_bits); !reason.empty()) return reason;
    return refuses_form(weight_shape(weights).form);
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    const auto format = Format::of(tile.weight_format);
    const bool two_signed_bits = tile.activation_bits == code_bits && tile.activation_signed;
    if (!format || (format->ternary_activations && !(popcount_ && two_signed_bits)))
      return fmt::format("weight format {}", tile.weight_format);
    if (std::string reason = refuses_form(format->form); !reason.empty()) return reason;
    const bool planes = format->form == WeightForm::planes;
    if (planes ? tile.weight_bits < 1 || tile.weight_bits > config_.weight_bits : tile.weight_bits != code_bits)
      return fmt::format("{}-bit weights in format {}", tile.weight_bits, tile.weight_format);
    return refuses_activations(tile.activation_bits);
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding& activation) const override;

  bool packs_zero(const network::WeightEncoding&, int) const override { return true; }

  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding&) const override {
    return block_bytes(block, weight_shape(encoding), layout());
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override { return tile_bytes(tile, layout()); }

  int weight_port_bits() const override { return port_bytes(layout()) * 8; }

  bool sums_in_buffer() const override { return config_.dataflow == Dataflow::weight_stationary; }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override {
    return timing(tile, full_blocks(tile, layout())).cycles;
  }
  std::uint64_t least_cycles(const MatrixTile& tile, bool) const override {
    return timing(tile, sparsest_blocks(tile, layout())).cycles;
  }

  std::vector<EventInfo> events() const override {
    if (popcount_)
      return {{"bit_match", "lanes with a non-zero weight and a non-zero activation bit"},
              {"bit_zero", "lanes with a zero of either"},
              {"bit_skip", "lanes of words that were not read"},
              {"bit_idle", "lanes clocked without a product: rows, columns or lanes beyond the tile, bubbles"},
              {"drain", "sums moved out of the array"}};
    return {{"add", "lanes that add or subtract an activation"},
            {"zero_add", "lanes that add the zero of a zero weight"},
            {"gated_add", "lanes of a zero weight that hold their operand instead"},
            {"skipped_add", "lanes of words that were not read"},
            {"idle_add", "lanes clocked without a product: rows, columns or lanes beyond the tile, bubbles"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override;

  Structure structure() const override {
    return popcount_ ? popcount_structure(config_, skipping_, output_shifts_)
                     : gated_structure(config_, skipping_, output_shifts_);
  }

  RtlTwin rtl_twin() const override {
    RtlTwin twin;
    if (skipping_ == ZeroSkipping::none && !output_shifts_)
      twin.element = popcount_ ? "popcount_element" : "gated_element";
    if (skipping_ != ZeroSkipping::lanes && output_shifts_) twin.array = "ternary_array";
    twin.parameters = {{"POPCOUNT", popcount_}, {"GROUPS", skipping_ == ZeroSkipping::groups}};
    return twin;
  }

 private:
  std::string refuses_form(WeightForm form) const {
    if (form != WeightForm::shifted || output_shifts_) return {};
    return "weights with a shift per output, and the array has none (options.output_shifts: true)";
  }

  std::string refuses_activations(int bits) const {
    if (bits <= config_.activation_bits) return {};
    return fmt::format("{}-bit activations on an array for {} (activation_bits)", bits, config_.activation_bits);
  }

  Layout layout() const { return {config_.rows, config_.lanes, skipping_ == ZeroSkipping::groups}; }

  int fill() const { return popcount_ ? popcount_fill(config_, skipping_) : gated_fill(config_, skipping_); }

  ActivationPlanes activation_planes(const MatrixTile& tile) const {
    return {tile.activation_bits, tile.activation_signed, Format::of(tile.weight_format)->ternary_activations};
  }

  std::uint64_t sweeps(const MatrixTile& tile) const {
    const int planes = weight_planes(Format::of(tile.weight_format)->form, tile.weight_bits);
    return static_cast<std::uint64_t>(planes) * (popcount_ ? activation_planes(tile).count() : 1);
  }

  array::ArrayTiming timing(const MatrixTile& tile, const std::vector<BlockWords>& blocks) const {
    std::vector<array::RowBlock> rows;
    for (const BlockWords& block : blocks)
      rows.push_back({block.rows, header_cycles(block, layout()), block.sweep * sweeps(tile)});
    return array::timing(tile, config_, fill(), rows);
  }

  // `active`: lanes that add.
  TileWork work(const MatrixTile& tile, const std::vector<BlockWords>& blocks, std::uint64_t active) const;
  void add_traffic(const MatrixTile& tile, const std::vector<BlockWords>& blocks, TileWork& work) const;

  EngineConfig config_;
  bool popcount_ = false;
  ZeroSkipping skipping_ = ZeroSkipping::none;
  bool output_shifts_ = true;
};

PackedWeights Ternary::pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                            const network::ActivationEncoding& activation) const {
  const WeightShape shape = weight_shape(encoding);
  const std::size_t per_channel = block.values.size() / std::max(block.channels, 1);
  std::vector<std::uint8_t> shifts(block.channels);
  if (shape.form == WeightForm::shifted)
    for (std::size_t k = 0; k < shifts.size(); ++k) {
      const auto shift = output_shift(encoding, block.first_output + static_cast<int>(k));
      if (!shift) throw Error(refuses_weights(encoding, config_.weight_bits));
      shifts[k] = static_cast<std::uint8_t>(*shift);
    }
  std::vector<std::uint8_t> codes;
  for (std::size_t i = 0; i < block.values.size(); ++i) {
    const int value = block.values[i];
    const std::size_t channel = i / std::max<std::size_t>(per_channel, 1);
    codes.push_back(weight_code(value, shape.bits, channel < shifts.size() ? shifts[channel] : 0));
    if (shape.form != WeightForm::planes && codes.back() == 0b10)
      throw Error(fmt::format("weight {} is not one of -2^s, 0 and 2^s with s = {}", value, shifts[channel]));
  }
  const Format format{shape.form, popcount_ && activation.is_ternary};
  return {ternary::pack(block, shape, layout(), codes, shifts), format.number(), shape.bits};
}

TileWork Ternary::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                          std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const TileWords words = unpack(tile, layout(), weights);
  const auto accumulate = [&](auto& datapath) {
    array::accumulate(tile, config_.accumulator_bits, datapath.stride(), activations, accumulators,
                      [&](const array::PatchBatch& batch) { datapath.run(batch); });
  };
  if (popcount_) {
    PopcountDatapath datapath(words, activation_planes(tile));
    accumulate(datapath);
    return work(tile, words.blocks, datapath.matches());
  }
  const GatedDatapath datapath(words);
  accumulate(datapath);
  return work(tile, words.blocks, datapath.open_gates() * static_cast<std::uint64_t>(tile.rows) * tile.columns);
}

TileWork Ternary::expected(const MatrixTile& tile, double share) const {
  const std::uint64_t outputs = static_cast<std::uint64_t>(tile.rows) * tile.columns * tile.channels;
  const auto elements = static_cast<std::uint64_t>(array::runs(tile).elements());
  return work(tile, full_blocks(tile, layout()), part_of(share, outputs * elements * sweeps(tile)));
}

TileWork Ternary::work(const MatrixTile& tile, const std::vector<BlockWords>& blocks, std::uint64_t active) const {
  const array::ArrayTiming timing = this->timing(tile, blocks);
  const std::uint64_t pixels = static_cast<std::uint64_t>(tile.rows) * tile.columns;
  const std::uint64_t outputs = pixels * tile.channels;
  std::uint64_t read = 0;
  for (const BlockWords& block : blocks) read += block.rows * block.elements * pixels * sweeps(tile);
  const auto elements = static_cast<std::uint64_t>(array::runs(tile).elements());
  const std::uint64_t skipped = outputs * elements * sweeps(tile) - read;
  const std::uint64_t clocked = timing.cycles * config_.rows * config_.columns * config_.lanes;
  const std::uint64_t zero = read - active;
  TileWork work;
  work.cycles = timing.cycles;
  const bool holds = skipping_ == ZeroSkipping::lanes;
  if (popcount_)
    work.event_counts = {active, zero, skipped, clocked - read, outputs};
  else
    work.event_counts = {active, holds ? 0 : zero, holds ? zero : 0, skipped, clocked - read, outputs};
  add_traffic(tile, blocks, work);
  return work;
}

void Ternary::add_traffic(const MatrixTile& tile, const std::vector<BlockWords>& blocks, TileWork& work) const {
  const std::uint64_t pixels = static_cast<std::uint64_t>(tile.rows) * tile.columns;
  const std::uint64_t column_blocks = divide_up(pixels, config_.columns);
  const std::uint64_t sum_bytes = divide_up(config_.accumulator_bits, 8);
  std::uint64_t activation_bits = 0;
  for (const BlockWords& block : blocks) {
    const std::uint64_t reads = block.occupied * sweeps(tile);
    activation_bits += pixels * reads * config_.lanes * tile.activation_bits;
    work.weight_read_bytes += block.shift_bytes + block.bitmap_bytes;
    work.weight_read_bytes += reads * block.word_bytes * (sums_in_buffer() ? 1 : column_blocks);
    if (!sums_in_buffer()) continue;
    const std::uint64_t accesses = pixels * block.rows * block.sweep * sweeps(tile) * sum_bytes;
    work.sum_read_bytes += accesses;
    work.sum_write_bytes += accesses;
  }
  work.activation_read_bytes = divide_up(activation_bits, 8);
}

}  // namespace

std::unique_ptr<Family> make_ternary(const EngineConfig& config) { return std::make_unique<Ternary>(config); }

}  // namespace lutra::accelerators
