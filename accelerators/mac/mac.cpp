#include "accelerators/mac/mac.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/dot_product.h"
#include "accelerators/array/patches.h"
#include "accelerators/array/pipeline.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/family/options.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators {

namespace {

// Weight formats of a tile command.
constexpr int plain = 0;
constexpr int with_levels = 1;  // a table of 2^activation_bits bytes in front of the words

constexpr int widest_digits = 8;

// `bits` of a code from `first` on, as an integer.
std::int16_t digit_of(std::uint8_t code, int first, int bits, bool is_signed) {
  const int value = code >> first & ((1 << bits) - 1);
  const int sign = 1 << (bits - 1);
  return static_cast<std::int16_t>(is_signed ? (value ^ sign) - sign : value);
}

class Mac final : public Family {
 public:
  explicit Mac(const EngineConfig& config) : config_(config) {
    check_array_knobs(config);
    if (config.weight_bits < 2) throw Error("engine: weight_bits is 1, and the mac family builds 2 to 8");
    FamilyOptions options(config);
    digits_ = options.variant({"multiplier", "digit_serial"}) == "digit_serial";
    if (digits_ && config.activation_bits > 8)
      throw Error("engine: activation_bits is 16, and the digit_serial variant builds 2 to 8");
    levels_ = options.flag("levels", false);
    per_dsp_ = options.integer("products_per_dsp", 1, 4, 1);
    options.finish();
    const int widest = std::max(config.weight_bits, config.activation_bits);
    if (per_dsp_ == 3 || (per_dsp_ == 2 && widest > 8) || (per_dsp_ == 4 && widest > 4))
      throw Error(
          fmt::format("engine: options.products_per_dsp is {} for {} x {} bits; two products of up to 8 bits or "
                      "four of up to 4 share a block",
                      per_dsp_, config.activation_bits, config.weight_bits));
  }

  std::string name() const override { return "mac"; }
  std::string summary() const override {
    return fmt::format("{} x {} x {} multiply-accumulates of {}-bit activations and {}-bit weights{}", config_.rows,
                       config_.columns, config_.lanes, config_.activation_bits, config_.weight_bits,
                       digits_ ? ", wider ones digit by digit" : "");
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (!activation.levels.empty()) {
      if (!levels_)
        return "activations with a level table, and the array has no decoder for them (options.levels: true)";
      const network::ValueRange range = network::value_range(activation);
      const int top = 1 << config_.activation_bits;
      if (activation.bits > 4) return fmt::format("{}-bit level codes; the decoder takes up to 4", activation.bits);
      if (range.lowest < -128 || range.highest > 127 || range.lowest < -top / 2 || range.highest >= top)
        return fmt::format("levels of {}..{} on {}-bit multipliers (activation_bits)", range.lowest, range.highest,
                           config_.activation_bits);
    }
    return refuses_widths(activation.bits, activation.is_signed, network::value_bits(weights));
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    if (tile.weight_format != plain && !(levels_ && tile.weight_format == with_levels && tile.activation_bits <= 4))
      return fmt::format("weight format {}", tile.weight_format);
    return refuses_widths(tile.activation_bits, tile.activation_signed, tile.weight_bits);
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding& activation) const override {
    const int bits = network::value_bits(encoding);
    std::vector<std::uint8_t> codes;
    if (bits > 8) throw Error(fmt::format("weights of {} bits; 2 to 8 can be packed", bits));
    const int half = 1 << (bits - 1);
    for (const std::int16_t value : block.values) {
      if (value < -half || value >= half)
        throw Error(fmt::format("weight {} does not fit {} signed bits", value, bits));
      codes.push_back(static_cast<std::uint8_t>(value & (2 * half - 1)));
    }
    PackedWeights packed{{}, activation.levels.empty() ? plain : with_levels, bits};
    for (const int level : activation.levels) packed.bytes.push_back(static_cast<std::uint8_t>(level));
    const auto words = array::pack_words(block, layout(bits), codes);
    packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
    return packed;
  }

  bool packs_zero(const network::WeightEncoding&, int) const override { return true; }

  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding& activation) const override {
    return activation.levels.size() + array::words_bytes(block, layout(network::value_bits(encoding)));
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override {
    return table_bytes(tile) + array::words_bytes(tile, layout(tile.weight_bits));
  }

  int activation_port_bits() const override { return digits_ ? config_.lanes * widest_digits : 0; }

  bool sums_in_buffer() const override { return config_.dataflow == Dataflow::weight_stationary; }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override { return timing(tile).cycles; }

  std::vector<EventInfo> events() const override {
    return {{"multiply_accumulate", "products of an activation that is not zero"},
            {"zero_multiply", "products of a zero activation"},
            {"idle_multiply", "multipliers clocked without a product: rows, columns or lanes beyond the tile, bubbles"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override {
    return work(tile, part_of(share, products(tile)));
  }

  Structure structure() const override;

  RtlTwin rtl_twin() const override {
    if (levels_ || per_dsp_ > 1) return {};
    return {"mac_element", "mac_array", {{"DIGITS", digits_}}};
  }

 private:
  array::WordLayout layout(int bits) const { return {config_.rows, config_.lanes, bits, false}; }

  static std::size_t table_bytes(const MatrixTile& tile) {
    return tile.weight_format == with_levels ? std::size_t{1} << tile.activation_bits : 0;
  }

  std::string refuses_widths(int activation_bits, bool is_signed, int weight_bits) const {
    if (activation_bits > (digits_ ? widest_digits : config_.activation_bits))
      return fmt::format("{}-bit activations on {}-bit multipliers (activation_bits)", activation_bits,
                         config_.activation_bits);
    if (activation_bits == 16 && !is_signed) return "unsigned 16-bit activations";
    if (weight_bits < 2 || weight_bits > (digits_ ? widest_digits : config_.weight_bits))
      return fmt::format("{}-bit weights on {}-bit multipliers (weight_bits)", weight_bits, config_.weight_bits);
    return {};
  }

  int weight_digits(int bits) const { return (bits + config_.weight_bits - 1) / config_.weight_bits; }
  int activation_digits(int bits) const { return (bits + config_.activation_bits - 1) / config_.activation_bits; }

  // Products, levels of the tree, places of digits.
  array::Pipeline pipeline() const { return {1 + array::tree_levels(config_.lanes) + (digits_ ? 1 : 0), config_}; }

  array::ArrayTiming timing(const MatrixTile& tile) const {
    const std::uint64_t word_bytes = (std::uint64_t{1} * config_.rows * config_.lanes * config_.weight_bits + 7) / 8;
    const std::uint64_t header = (table_bytes(tile) + word_bytes - 1) / word_bytes;
    const auto passes = static_cast<std::uint64_t>(weight_digits(tile.weight_bits)) *
                        static_cast<std::uint64_t>(activation_digits(tile_value_bits(tile)));
    auto blocks = array::equal_blocks(tile, config_, 0, passes * array::words(array::runs(tile), config_.lanes));
    blocks.front().header = header;
    return array::timing(tile, config_, pipeline().fill(), blocks);
  }

  // Bits of what enters the multipliers: a level is as wide as they are.
  int tile_value_bits(const MatrixTile& tile) const {
    return tile.weight_format == with_levels ? config_.activation_bits : tile.activation_bits;
  }

  // Without the digits.
  static std::uint64_t products(const MatrixTile& tile) {
    return product(tile.rows, tile.columns, tile.channels, tile.window_height, tile.window_width, tile.group_channels);
  }
  TileWork work(const MatrixTile& tile, std::uint64_t nonzero) const;

  EngineConfig config_;
  bool digits_ = false;
  bool levels_ = false;
  int per_dsp_ = 1;
};

TileWork Mac::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                      std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const auto elements = static_cast<std::size_t>(array::runs(tile).elements());
  const std::size_t stride = round_up(elements, array::dot_length_multiple);
  const auto channels = static_cast<std::size_t>(tile.channels);
  std::vector<std::uint8_t> codes(channels * stride);
  array::unpack_words(tile, layout(tile.weight_bits), weights.subspan(table_bytes(tile)), codes, stride);
  // Digit d of every weight, least significant first, the top one signed; a narrow weight is its only digit.
  const int digits = weight_digits(tile.weight_bits);
  std::vector<std::vector<std::int16_t>> rows(static_cast<std::size_t>(digits));
  for (int d = 0; d < digits; ++d) {
    auto& digit = rows[static_cast<std::size_t>(d)];
    digit.resize((channels + array::dot_outputs_multiple) * stride);
    const int first = d * config_.weight_bits;
    const int bits = std::min(config_.weight_bits, tile.weight_bits - first);
    for (std::size_t i = 0; i < codes.size(); ++i) digit[i] = digit_of(codes[i], first, bits, d + 1 == digits);
  }

  std::vector<std::int16_t> values, part_of_patches;
  std::vector<std::uint32_t> padded;
  const auto datapath = [&](const array::PatchBatch& b) {
    const std::int16_t* patches = b.activations.data();
    if (tile.weight_format == with_levels) {
      values.assign(b.activations.begin(), b.activations.end());
      const unsigned mask = (1u << tile.activation_bits) - 1;
      for (std::size_t p = 0; p < b.count; ++p)
        for (std::size_t i = 0; i < elements; ++i) {
          std::int16_t& value = values[p * stride + i];
          value = static_cast<std::int8_t>(weights[static_cast<unsigned>(value) & mask]);
        }
      patches = values.data();
    }
    const std::size_t outputs = round_up(b.outputs, array::dot_outputs_multiple);
    padded.resize(array::patches_at_once * outputs);
    std::fill_n(b.sums.begin(), b.count * b.outputs, 0u);
    const int value_bits = tile_value_bits(tile);
    const int parts = activation_digits(value_bits);
    for (int a = 0; a < parts; ++a) {
      const std::int16_t* part = patches;
      const int first_bit = a * config_.activation_bits;
      if (parts > 1) {
        const int bits = std::min(config_.activation_bits, value_bits - first_bit);
        const bool is_signed = a + 1 == parts && tile.activation_signed;
        part_of_patches.resize(b.activations.size());
        for (std::size_t i = 0; i < part_of_patches.size(); ++i)
          part_of_patches[i] = digit_of(static_cast<std::uint8_t>(patches[i]), first_bit, bits, is_signed);
        part = part_of_patches.data();
      }
      for (int d = 0; d < digits; ++d) {
        array::DotProducts products;
        products.weights = &rows[static_cast<std::size_t>(d)][b.first_output * stride];
        products.patches = part;
        products.length = stride;
        products.outputs = outputs;
        products.patch_count = round_up(b.count, array::dot_patches_multiple);
        products.sums = padded.data();
        array::dot_kernels().front().run(products);
        const int shift = d * config_.weight_bits + first_bit;
        for (std::size_t p = 0; p < b.count; ++p)
          for (std::size_t k = 0; k < b.outputs; ++k) b.sums[p * b.outputs + k] += padded[p * outputs + k] << shift;
      }
    }
  };
  return work(tile, array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators, datapath));
}

TileWork Mac::work(const MatrixTile& tile, std::uint64_t nonzero) const {
  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t outputs = product(tile.rows, tile.columns, tile.channels);
  const std::uint64_t digit_pairs = product(weight_digits(tile.weight_bits), activation_digits(tile_value_bits(tile)));
  const std::uint64_t useful = products(tile) * digit_pairs;
  const std::uint64_t clocked = timing.cycles * product(config_.rows, config_.columns, config_.lanes);
  TileWork work;
  work.cycles = timing.cycles;
  work.event_counts = {nonzero * digit_pairs, useful - nonzero * digit_pairs, clocked - useful, outputs};
  work.weight_read_bytes = table_bytes(tile);
  array::add_traffic(tile, config_, timing, array::words_bytes(tile, layout(tile.weight_bits)),
                     array::words(array::runs(tile), config_.lanes), config_.lanes * tile.activation_bits, work);
  return work;
}

Structure Mac::structure() const {
  const int elements = config_.rows * config_.columns;
  const int lanes = config_.lanes;
  const int weight_bits = config_.weight_bits + (digits_ ? 1 : 0);  // a digit below the top one has no sign
  // A processing element of one lane is a DSP block's multiply-accumulate.
  const bool in_dsp = config_.use_dsp && lanes == 1 && per_dsp_ == 1 && !digits_ && !sums_in_buffer();
  array::Parts parts;
  parts.weight_registers(config_, per_dsp_ == 1 && !digits_);
  parts.registers(config_.columns * lanes, config_.activation_bits);
  const array::Pipeline pipeline = this->pipeline();
  const int sum_bits = parts.products(elements, config_, weight_bits, pipeline, per_dsp_);
  parts.measured("mac.products", config_);
  if (levels_) {
    parts.registers(1, config_.activation_bits << std::min(config_.activation_bits, 4));
    parts.multiplexer(config_.columns * lanes, config_.activation_bits, 1 << std::min(config_.activation_bits, 4));
  }
  if (digits_) {
    const int shifts = weight_digits(widest_digits) * activation_digits(widest_digits);
    const int shifted_bits = sum_bits + 2 * widest_digits - config_.weight_bits - config_.activation_bits;
    parts.multiplexer(elements, shifted_bits, shifts);
    if (pipeline.registered(2 + array::tree_levels(lanes))) parts.registers(elements, shifted_bits);
  }
  parts.accumulators(config_, in_dsp);
  parts.sequencer(pipeline.fill());
  return parts.take();
}

}  // namespace

std::unique_ptr<Family> make_mac(const EngineConfig& config) { return std::make_unique<Mac>(config); }

}  // namespace lutra::accelerators
