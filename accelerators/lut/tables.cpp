#include "accelerators/lut/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/lut/tables_datapath.h"
#include "accelerators/lut/tables_format.h"
#include "accelerators/lut/tables_knobs.h"
#include "accelerators/lut/tables_structure.h"
#include "accelerators/lut/tables_timing.h"
#include "software/common/arithmetic.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::lut {

namespace {

class Tables final : public Family {
 public:
  explicit Tables(const EngineConfig& config) : config_(config), knobs_(read_tables_knobs(config)) {}

  std::string name() const override { return "lut"; }
  std::string summary() const override {
    return fmt::format("{} x {} x {} table look-ups of {} activations of {} bits, weights bit by bit", config_.rows,
                       config_.columns, config_.lanes / knobs_.group, knobs_.group, config_.activation_bits);
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (std::string reason = refuses_activation(activation); !reason.empty()) return reason;
    if (const auto* integers = std::get_if<network::UniformWeights>(&weights)) return refuses_integers(integers->bits);
    if (std::holds_alternative<network::TernaryWeights>(weights))
      return refuses_integers(network::storage_bits(weights));
    if (const auto* planes = std::get_if<network::PlaneWeights>(&weights)) return refuses_planes(*planes);
    if (std::holds_alternative<network::CodebookWeights>(weights))
      return "codebook weights, whose bits have no weight of their own (variant codebook and the mac family compute "
             "them)";
    return "power-of-two weights, whose bits have no weight of their own (the shift_add and mac families compute them)";
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    const TablesFormat format = TablesFormat::of(tile.weight_format);
    if (tile.weight_format < 0 || tile.weight_format >= TablesFormat::count ||
        (format.levels && (!knobs_.levels || tile.activation_bits > largest_level_bits)) ||
        (format.coefficients && knobs_.coefficients == Combination::none) || (format.offset && !format.coefficients))
      return fmt::format("weight format {}", tile.weight_format);
    if (tile.activation_bits > config_.activation_bits) return too_wide(tile.activation_bits);
    if (!format.coefficients) return refuses_integers(tile.weight_bits);
    if (tile.weight_bits < 1 || tile.weight_bits > knobs_.planes) return too_many_planes(tile.weight_bits);
    return {};
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding& activation) const override;
  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding& activation) const override {
    const auto [format, bits] = stored(encoding, activation);
    return activation.levels.size() +
           static_cast<std::size_t>(block.channels) * format.terms(bits) * knobs_.entry_bytes() +
           array::words_bytes(block, layout(bits));
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override {
    return level_bytes(tile) + tile.channels * term_bytes(tile) + array::words_bytes(tile, layout(tile.weight_bits));
  }

  int weight_port_bits() const override { return config_.rows * config_.lanes; }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override { return timing(tile).cycles; }

  std::vector<EventInfo> events() const override {
    return {{"table_build", "additions that build tables of partial sums"},
            {"lookup", "table reads that belong to an output, with their share of the adder tree"},
            {"idle_lookup", "table reads clocked without a group of activations: beyond the tile, bubbles"},
            {"accumulate", "sums of a pass that join the output's"},
            {"column_sum", "additions into the sum of a column's activations"},
            {"correct", "sums that leave the array and are shifted, or corrected by the sum of all activations"},
            {"scale", "sums that leave the array and are multiplied by a coefficient"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool finishes, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double) const override { return work(tile); }

  Structure structure() const override { return tables_structure(config_, knobs_); }

  RtlTwin rtl_twin() const override {
    if (knobs_.serial || knobs_.levels || knobs_.coefficients != Combination::none) return {};
    return {"lut_element", "lut_tables_array", {{"GROUP", knobs_.group}, {"HALF", knobs_.half}}};
  }

 private:
  struct Stored {
    TablesFormat format;
    int bits = 0;
  };

  Stored stored(const network::WeightEncoding& encoding, const network::ActivationEncoding& activation) const {
    Stored stored;
    stored.format.levels = !activation.levels.empty();
    if (const auto* planes = std::get_if<network::PlaneWeights>(&encoding)) {
      stored.format.coefficients = true;
      stored.format.offset = needs_offset(*planes, knobs_.half);
      stored.bits = static_cast<int>(planes->planes.size());
    } else {
      stored.bits = network::storage_bits(encoding);
    }
    return stored;
  }

  array::WordLayout layout(int bits) const { return {config_.rows, config_.lanes, bits, true}; }

  static std::size_t level_bytes(const MatrixTile& tile) { return tables_level_bytes(tile); }

  // Of the coefficients of one output channel.
  std::size_t term_bytes(const MatrixTile& tile) const { return tables_term_bytes(tile, knobs_); }

  std::string too_wide(int bits) const {
    return fmt::format("{}-bit activations in tables of {}-bit ones (activation_bits)", bits, config_.activation_bits);
  }

  std::string too_many_planes(int planes) const {
    return fmt::format("{} planes with coefficients, and an element keeps up to {} sums (options.planes)", planes,
                       knobs_.planes);
  }

  std::string refuses_integers(int bits) const {
    if (bits >= 1 && bits <= config_.weight_bits) return {};
    return fmt::format("{}-bit weights, and the array combines up to {} planes (weight_bits)", bits,
                       config_.weight_bits);
  }

  std::string refuses_activation(const network::ActivationEncoding& activation) const;
  std::string refuses_planes(const network::PlaneWeights& weights) const;
  array::ArrayTiming timing(const MatrixTile& tile) const {
    return array::timing(tile, config_, tables_fill(config_, knobs_), tables_row_blocks(tile, config_, knobs_));
  }
  TileWork work(const MatrixTile& tile) const;

  EngineConfig config_;
  TablesKnobs knobs_;
};

std::string Tables::refuses_activation(const network::ActivationEncoding& activation) const {
  if (activation.bits > config_.activation_bits) return too_wide(activation.bits);
  if (activation.levels.empty()) return {};
  if (!knobs_.levels)
    return "activations with a level table, and the array has no decoder for them (options.levels: true)";
  if (activation.bits > largest_level_bits)
    return fmt::format("{}-bit level codes; the decoder takes up to {}", activation.bits, largest_level_bits);
  const network::ValueRange range = network::value_range(activation);
  const int top = 1 << config_.activation_bits;
  if (range.lowest < -128 || range.highest > 127 || range.lowest < -top / 2 || range.highest >= top)
    return fmt::format("levels of {}..{} in tables of {}-bit activations (activation_bits)", range.lowest,
                       range.highest, config_.activation_bits);
  return {};
}

std::string Tables::refuses_planes(const network::PlaneWeights& weights) const {
  const auto planes = static_cast<int>(weights.planes.size());
  if (knobs_.coefficients == Combination::none)
    return "bit planes with coefficients, and an element keeps one sum (options.coefficients: multiply or shift)";
  if (planes > knobs_.planes) return too_many_planes(planes);
  if (knobs_.coefficients == Combination::multiply) return {};
  const auto channels = static_cast<int>(weights.coefficients.size()) / planes;
  for (int channel = 0; channel < channels; ++channel) {
    const std::vector<int> terms = plane_terms(weights, channel, knobs_.half);
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (!is_signed_power_of_two(terms[i]))
        return fmt::format(
            "output channel {} scales {} by {}, no power of two (options.coefficients: multiply{})", channel,
            i + 1 < terms.size() ? fmt::format("plane {}", i) : "the sum of all activations", terms[i],
            i + 1 < terms.size() ? "" : fmt::format(", or options.half_tables: {}", knobs_.half ? "false" : "true"));
  }
  return {};
}

PackedWeights Tables::pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding& activation) const {
  const auto [format, bits] = stored(encoding, activation);
  PackedWeights packed{{}, format.number(), bits};
  for (const int level : activation.levels) packed.bytes.push_back(static_cast<std::uint8_t>(level));
  const auto* planes = std::get_if<network::PlaneWeights>(&encoding);
  const std::vector<std::uint8_t> codes = planes != nullptr ? plane_codes(block, *planes) : integer_codes(block, bits);
  if (planes != nullptr)
    for (int channel = 0; channel < block.channels; ++channel) {
      std::vector<int> terms = plane_terms(*planes, block.first_output + channel, knobs_.half);
      terms.resize(static_cast<std::size_t>(format.terms(bits)));
      for (const int term : terms) append_term(term, knobs_.coefficients, packed.bytes);
    }
  const auto words = array::pack_words(block, layout(bits), codes);
  packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
  return packed;
}

TileWork Tables::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                         std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const TablesFormat format = TablesFormat::of(tile.weight_format);
  const array::Runs runs = array::runs(tile);
  const auto stride = static_cast<std::size_t>(runs.elements());
  const auto levels = weights.first(level_bytes(tile));
  weights = weights.subspan(levels.size());
  std::vector<int> terms;
  for (int i = 0; i < tile.channels * format.terms(tile.weight_bits); ++i)
    terms.push_back(read_term(&weights[static_cast<std::size_t>(i) * knobs_.entry_bytes()], knobs_.coefficients));
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(tile.channels) * stride);
  array::unpack_words(tile, layout(tile.weight_bits), weights.subspan(tile.channels * term_bytes(tile)), codes, stride);
  TablesDatapath datapath(knobs_, format, runs, tile.weight_bits, codes, stride, std::move(terms), levels);
  array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators,
                    [&](const array::PatchBatch& batch) { datapath(batch); });
  return work(tile);
}

TileWork Tables::work(const MatrixTile& tile) const {
  const TablesFormat format = TablesFormat::of(tile.weight_format);
  const array::ArrayTiming timing = this->timing(tile);
  const array::Runs runs = array::runs(tile);
  const std::uint64_t pixels = product(tile.rows, tile.columns);
  const std::uint64_t outputs = product(pixels, tile.channels);
  const std::uint64_t words = array::words(runs, config_.lanes);
  const std::uint64_t groups = runs.count * divide_up(runs.length, knobs_.group);
  const std::uint64_t terms = static_cast<std::uint64_t>(format.terms(tile.weight_bits));
  const bool sums_columns = format.coefficients ? format.offset : knobs_.half;
  const bool multiplies = knobs_.coefficients == Combination::multiply;
  const std::uint64_t lookups = product(outputs, tile.weight_bits, groups);
  TileWork work;
  work.cycles = timing.cycles;
  const std::uint64_t clocked = product(timing.cycles, config_.rows, config_.columns, config_.lanes / knobs_.group);
  const std::uint64_t corrected = !format.coefficients ? (knobs_.half ? outputs : 0) : multiplies ? 0 : outputs * terms;
  work.event_counts = {product(timing.row_blocks, pixels, groups, knobs_.build_additions()),
                       lookups,
                       clocked - lookups,
                       product(outputs, words, tile.weight_bits),
                       sums_columns ? product(timing.row_blocks, pixels, groups) : 0,
                       corrected,
                       multiplies ? outputs * terms : 0,
                       outputs * std::max<std::uint64_t>(1, terms)};
  work.weight_read_bytes = level_bytes(tile) + tile.channels * term_bytes(tile);
  array::add_traffic(tile, config_, timing, array::words_bytes(tile, layout(tile.weight_bits)), words,
                     config_.lanes * tile.activation_bits, work);
  return work;
}

}  // namespace

std::unique_ptr<Family> make_tables(const EngineConfig& config) { return std::make_unique<Tables>(config); }

}  // namespace lutra::accelerators::lut
