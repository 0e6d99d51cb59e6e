#include "accelerators/lut/codebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

#include "accelerators/array/dot_product.h"
#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/family/options.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::lut {

namespace {

// LUTs per weight bit that the selectors of the pinned points (costs/synthesis.yaml, 16 entries on xilinx7) take beyond
// the rule for multiplexers: fitted, two points.
constexpr int functions_per_selected_bit = 3;

std::size_t table_bytes(const MatrixTile& tile) {
  return tile.weight_format == table_weights ? std::size_t{1} << tile.weight_bits : 0;
}

class Codebook final : public Family {
 public:
  explicit Codebook(const EngineConfig& config) : config_(config) {
    if (config.weight_bits < 2) throw Error("engine: weight_bits is 1, and the lut family's codebook builds 2 to 8");
    if (config.activation_bits == 16)
      throw Error("engine: activation_bits is 16, and the lut family's codebook builds 2 to 8");
    FamilyOptions options(config);
    codebook_bits_ = options.integer("codebook_bits", 1, 6, 4);
    per_dsp_ = options.integer("products_per_dsp", 1, 4, 1);
    options.finish();
    const int widest = std::max(config.weight_bits, config.activation_bits);
    if (per_dsp_ == 3 || (per_dsp_ == 4 && widest > 4))
      throw Error(
          fmt::format("engine: options.products_per_dsp is {} for {} x {} bits; two products of up to 8 bits or "
                      "four of up to 4 share a block",
                      per_dsp_, config.activation_bits, config.weight_bits));
  }

  std::string name() const override { return "lut"; }
  std::string summary() const override {
    return fmt::format("{} x {} x {} multiply-accumulates of {}-bit activations and {}-bit weights from a table of {}",
                       config_.rows, config_.columns, config_.lanes, config_.activation_bits, config_.weight_bits,
                       1 << codebook_bits_);
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (!activation.levels.empty()) return "activations with a level table (variant tables and the mac family decode)";
    if (activation.bits > config_.activation_bits) return too_wide(activation.bits);
    if (const auto* uniform = std::get_if<network::UniformWeights>(&weights)) return refuses_integers(uniform->bits);
    if (std::holds_alternative<network::TernaryWeights>(weights))
      return refuses_integers(network::storage_bits(weights));
    const auto* codebook = std::get_if<network::CodebookWeights>(&weights);
    if (codebook == nullptr)
      return fmt::format("{}, which are neither integers nor indices of one table (the mac family computes them)",
                         network::encoding_name(weights));
    if (codebook->bits > codebook_bits_) return too_many_entries(codebook->bits);
    const int half = 1 << (config_.weight_bits - 1);
    if (codebook->table.front() < -half || codebook->table.back() >= half)
      return fmt::format("table values of {}..{} on {}-bit multipliers (weight_bits)", codebook->table.front(),
                         codebook->table.back(), config_.weight_bits);
    return {};
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    if (tile.activation_bits > config_.activation_bits) return too_wide(tile.activation_bits);
    if (tile.weight_format == integer_weights) return refuses_integers(tile.weight_bits);
    if (tile.weight_format != table_weights) return fmt::format("weight format {}", tile.weight_format);
    if (tile.weight_bits < 1 || tile.weight_bits > codebook_bits_) return too_many_entries(tile.weight_bits);
    return {};
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding&) const override {
    PackedWeights packed{{}, integer_weights, network::storage_bits(encoding)};
    std::vector<std::uint8_t> codes;
    if (const auto* codebook = std::get_if<network::CodebookWeights>(&encoding)) {
      packed.format = table_weights;
      for (const std::int16_t value : codebook->table) packed.bytes.push_back(static_cast<std::uint8_t>(value));
      codes = table_codes(block, codebook->table);
    } else {
      codes = integer_codes(block, packed.bits);
    }
    const auto words = array::pack_words(block, layout(packed.bits), codes);
    packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
    return packed;
  }

  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding&) const override {
    const auto* codebook = std::get_if<network::CodebookWeights>(&encoding);
    return (codebook != nullptr ? codebook->table.size() : 0) +
           array::words_bytes(block, layout(network::storage_bits(encoding)));
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override {
    return table_bytes(tile) + array::words_bytes(tile, layout(tile.weight_bits));
  }

  bool sums_in_buffer() const override { return config_.dataflow == Dataflow::weight_stationary; }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override { return timing(tile).cycles; }

  std::vector<EventInfo> events() const override {
    return {{"codebook_read", "weight codes that read their value"},
            {"multiply_accumulate", "products of an activation that is not zero"},
            {"zero_multiply", "products of a zero activation"},
            {"idle_multiply", "multipliers clocked without a product: rows, columns or lanes beyond the tile, bubbles"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool finishes, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override {
    return work(tile, part_of(share, products(tile)));
  }

  Structure structure() const override;

  RtlTwin rtl_twin() const override {
    if (per_dsp_ > 1) return {};
    return {"lut_codebook_element", "lut_codebook_array", {{"CODEBOOK_BITS", codebook_bits_}}};
  }

 private:
  array::WordLayout layout(int bits) const { return {config_.rows, config_.lanes, bits, false}; }

  std::string too_wide(int bits) const {
    return fmt::format("{}-bit activations on {}-bit multipliers (activation_bits)", bits, config_.activation_bits);
  }

  std::string too_many_entries(int bits) const {
    return fmt::format("a {}-bit codebook, and the array's table has {} entries (options.codebook_bits)", bits,
                       1 << codebook_bits_);
  }

  std::string refuses_integers(int bits) const {
    if (bits >= 2 && bits <= config_.weight_bits) return {};
    return fmt::format("{}-bit weights on {}-bit multipliers (weight_bits)", bits, config_.weight_bits);
  }

  static std::vector<std::uint8_t> integer_codes(const WeightBlock& block, int bits) {
    const int half = 1 << (bits - 1);
    std::vector<std::uint8_t> codes;
    for (const std::int16_t value : block.values) {
      if (value < -half || value >= half)
        throw Error(fmt::format("weight {} does not fit {} signed bits", value, bits));
      codes.push_back(static_cast<std::uint8_t>(value & (2 * half - 1)));
    }
    return codes;
  }

  static std::vector<std::uint8_t> table_codes(const WeightBlock& block, const std::vector<std::int16_t>& table) {
    std::vector<std::uint8_t> codes;
    for (const std::int16_t value : block.values) {
      const auto entry = std::lower_bound(table.begin(), table.end(), value);
      if (entry == table.end() || *entry != value)
        throw Error(fmt::format("weight {} is not in its codebook of {} entries", value, table.size()));
      codes.push_back(static_cast<std::uint8_t>(entry - table.begin()));
    }
    return codes;
  }

  // Products, levels of the tree.
  array::Pipeline pipeline() const { return {1 + array::tree_levels(config_.lanes), config_}; }

  array::ArrayTiming timing(const MatrixTile& tile) const {
    return array::timing(tile, config_, pipeline().fill(), codebook_row_blocks(tile, config_));
  }

  static std::uint64_t products(const MatrixTile& tile) {
    return product(tile.rows, tile.columns, tile.channels, array::runs(tile).elements());
  }
  TileWork work(const MatrixTile& tile, std::uint64_t nonzero) const;

  EngineConfig config_;
  int codebook_bits_ = 4;
  int per_dsp_ = 1;
};

TileWork Codebook::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                           std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const auto elements = static_cast<std::size_t>(array::runs(tile).elements());
  const std::size_t stride = round_up(elements, array::dot_length_multiple);
  const auto channels = static_cast<std::size_t>(tile.channels);
  std::vector<std::uint8_t> codes(channels * stride);
  array::unpack_words(tile, layout(tile.weight_bits), weights.subspan(table_bytes(tile)), codes, stride);
  std::array<std::int16_t, 256> value{};
  const int sign = 1 << (tile.weight_bits - 1);
  for (int code = 0; code < 1 << tile.weight_bits; ++code)
    value[static_cast<std::size_t>(code)] =
        tile.weight_format == table_weights
            ? static_cast<std::int16_t>(static_cast<std::int8_t>(weights[static_cast<std::size_t>(code)]))
            : static_cast<std::int16_t>((code ^ sign) - sign);
  // Beyond the dot product activations are zero, whatever the code 0 stands for.
  std::vector<std::int16_t> rows((channels + array::dot_outputs_multiple) * stride);
  for (std::size_t i = 0; i < codes.size(); ++i) rows[i] = value[codes[i]];

  std::vector<std::uint32_t> padded;
  const auto datapath = [&](const array::PatchBatch& b) {
    const std::size_t outputs = round_up(b.outputs, array::dot_outputs_multiple);
    padded.resize(array::patches_at_once * outputs);
    array::dot_kernels().front().run({&rows[b.first_output * stride], b.activations.data(), stride, outputs,
                                      round_up(b.count, array::dot_patches_multiple), padded.data()});
    for (std::size_t p = 0; p < b.count; ++p) std::copy_n(&padded[p * outputs], b.outputs, &b.sums[p * b.outputs]);
  };
  return work(tile, array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators, datapath));
}

TileWork Codebook::work(const MatrixTile& tile, std::uint64_t nonzero) const {
  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t outputs = product(tile.rows, tile.columns, tile.channels);
  const std::uint64_t weights_of_tile = product(tile.channels, array::runs(tile).elements());
  const std::uint64_t useful = products(tile);
  const std::uint64_t clocked = product(timing.cycles, config_.rows, config_.columns, config_.lanes);
  const std::uint64_t times_read = config_.dataflow == Dataflow::weight_stationary ? 1 : timing.column_blocks;
  TileWork work;
  work.cycles = timing.cycles;
  work.event_counts = {tile.weight_format == table_weights ? weights_of_tile * times_read : 0, nonzero,
                       useful - nonzero, clocked - useful, outputs};
  work.weight_read_bytes = table_bytes(tile);
  array::add_traffic(tile, config_, timing, array::words_bytes(tile, layout(tile.weight_bits)),
                     array::words(array::runs(tile), config_.lanes), config_.lanes * tile.activation_bits, work);
  return work;
}

// The table lies in registers of its own; each row and lane selects its weight on the way to its operand register.
Structure Codebook::structure() const {
  const int elements = config_.rows * config_.columns;
  const int lanes = config_.lanes;
  const bool in_dsp = config_.use_dsp && lanes == 1 && per_dsp_ == 1 && !sums_in_buffer();
  const int index_bits = std::min(codebook_bits_, config_.weight_bits);  // no two entries are equal
  array::Parts parts;
  parts.registers(1 << index_bits, config_.weight_bits);
  parts.logic(1, 1 << index_bits);  // which entries a word of the header fills
  parts.multiplexer(config_.rows * lanes, config_.weight_bits, 1 << index_bits);
  parts.logic(config_.rows * lanes, functions_per_selected_bit * config_.weight_bits);
  parts.multiplexer(config_.rows * lanes, config_.weight_bits, 2);  // integers pass by the table
  parts.measured("lut.codebook", config_, {{"codebook_bits", index_bits}});
  parts.weight_registers(config_, per_dsp_ == 1);
  parts.registers(config_.columns * lanes, config_.activation_bits);
  parts.products(elements, config_, config_.weight_bits, pipeline(), per_dsp_);
  parts.measured("mac.products", config_);
  parts.accumulators(config_, in_dsp);
  parts.sequencer(pipeline().fill());
  return parts.take();
}

}  // namespace

std::vector<array::RowBlock> codebook_row_blocks(const MatrixTile& tile, const EngineConfig& config) {
  const std::uint64_t word_bytes =
      divide_up(static_cast<std::uint64_t>(config.rows) * config.lanes * config.weight_bits, 8);
  auto blocks = array::equal_blocks(tile, config, 0, array::words(array::runs(tile), config.lanes));
  blocks.front().header = divide_up(table_bytes(tile), word_bytes);
  return blocks;
}

std::unique_ptr<Family> make_codebook(const EngineConfig& config) { return std::make_unique<Codebook>(config); }

}  // namespace lutra::accelerators::lut
