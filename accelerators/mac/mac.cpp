#include "accelerators/mac/mac.h"

#include <fmt/format.h>

#include <bit>
#include <variant>

#include "accelerators/interface/registers.h"
#include "accelerators/mac/compute.h"
#include "accelerators/mac/mapping.h"
#include "accelerators/mac/packing.h"
#include "software/common/error.h"

namespace lutra::accelerators {

namespace {

constexpr int uniform_format = 0;
constexpr int most_multipliers = 65536;  // far more than any device of the cost tables holds

void check_knob(const char* name, int value, int low, int high) {
  if (value < low || value > high)
    throw Error(fmt::format("engine: {} is {}, and the mac family builds {} to {}", name, value, low, high));
}

void check(const EngineConfig& config) {
  check_knob("rows", config.rows, 1, 255);
  check_knob("columns", config.columns, 1, 255);
  check_knob("lanes", config.lanes, 1, 64);
  if (config.activation_bits != 16) check_knob("activation_bits (or 16)", config.activation_bits, 2, 8);
  check_knob("weight_bits", config.weight_bits, 2, 8);
  check_knob("accumulator_bits", config.accumulator_bits, 16, 32);
  check_knob("post_lanes", config.post_lanes, 1, 256);
  const int multipliers = config.rows * config.columns * config.lanes;
  if (multipliers > most_multipliers)
    throw Error(
        fmt::format("engine: rows {} x columns {} x lanes {} are {} multipliers, and the mac family builds up to {}; "
                    "reduce one of them",
                    config.rows, config.columns, config.lanes, multipliers, most_multipliers));
}

class Mac final : public Family {
 public:
  explicit Mac(const EngineConfig& config) : config_(config) { check(config); }

  std::string name() const override { return "mac"; }
  std::uint32_t id() const override { return LUTRA_FAMILY_MAC; }
  std::string summary() const override {
    return fmt::format("{} x {} x {} multiply-accumulates of {}-bit activations and {}-bit weights, output-stationary",
                       config_.rows, config_.columns, config_.lanes, config_.activation_bits, config_.weight_bits);
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (!activation.levels.empty()) return "activations with a level table: the array multiplies the codes themselves";
    const auto* uniform = std::get_if<network::UniformWeights>(&weights);
    if (uniform == nullptr) return "weights that are not plain integers";
    return refuses_widths(activation.bits, activation.is_signed, uniform->bits);
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    if (tile.weight_format != uniform_format) return fmt::format("weight format {}", tile.weight_format);
    return refuses_widths(tile.activation_bits, tile.activation_signed, tile.weight_bits);
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding) const override {
    const int bits = weight_bits(encoding);
    return {mac::pack_weights(block, bits, config_.rows, config_.lanes), uniform_format, bits};
  }

  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding) const override {
    return mac::packed_weight_bytes(block, weight_bits(encoding), config_.rows, config_.lanes);
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override {
    return mac::weight_word_bytes(tile, config_.rows, config_.lanes);
  }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override { return mac::timing(tile, config_).cycles; }

  std::vector<EventInfo> events() const override {
    return {{"multiply_accumulate", "products that belong to an output"},
            {"idle_multiply", "multipliers clocked without a product: rows, columns or lanes beyond the tile, bubbles"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override {
    mac::multiply_accumulate(tile, config_, activations, weights, accumulators);
    return work(tile);
  }

  Structure structure() const override;

 private:
  std::string refuses_widths(int activation_bits, bool is_signed, int weight_bits) const {
    if (activation_bits > config_.activation_bits)
      return fmt::format("{}-bit activations on {}-bit multipliers (activation_bits)", activation_bits,
                         config_.activation_bits);
    if (activation_bits == 16 && !is_signed) return "unsigned 16-bit activations";
    if (weight_bits < 2 || weight_bits > config_.weight_bits)
      return fmt::format("{}-bit weights on {}-bit multipliers (weight_bits)", weight_bits, config_.weight_bits);
    return {};
  }

  static int weight_bits(const network::WeightEncoding& encoding) {
    const auto* uniform = std::get_if<network::UniformWeights>(&encoding);
    if (uniform == nullptr) throw Error("the mac family packs plain integer weights only");
    if (uniform->bits < 2 || uniform->bits > 8)
      throw Error(fmt::format("weights of {} bits; 2 to 8 can be packed", uniform->bits));
    return uniform->bits;
  }

  TileWork work(const MatrixTile& tile) const;

  EngineConfig config_;
};

TileWork Mac::work(const MatrixTile& tile) const {
  const mac::ArrayTiming timing = mac::timing(tile, config_);
  const auto size = [](auto... factors) { return (std::uint64_t{1} * ... * static_cast<std::uint64_t>(factors)); };
  const std::uint64_t outputs = size(tile.rows, tile.columns, tile.channels);
  const std::uint64_t useful = outputs * size(tile.window_height, tile.window_width, tile.group_channels);
  const std::uint64_t clocked = timing.cycles * size(config_.rows, config_.columns, config_.lanes);

  const std::uint64_t pixels = size(tile.rows, tile.columns);
  const std::uint64_t column_blocks = (pixels + config_.columns - 1) / config_.columns;
  const std::uint64_t row_blocks = timing.blocks / column_blocks;
  const std::uint64_t pixel_bits = timing.passes * size(config_.lanes, tile.activation_bits);
  return {.cycles = timing.cycles,
          .event_counts = {useful, clocked - useful, outputs},
          .activation_read_bytes = (row_blocks * pixels * pixel_bits + 7) / 8,
          .weight_read_bytes = column_blocks * weight_bytes(tile)};
}

Structure Mac::structure() const {
  const std::string array = "engine.array";
  const int elements = config_.rows * config_.columns;
  const int lanes = config_.lanes;
  const int product_bits = config_.activation_bits + config_.weight_bits;
  // A processing element of one lane is a DSP block's multiply-accumulate; an adder tree lies outside the blocks.
  const bool in_dsp = config_.use_dsp && lanes == 1;
  const auto kind = [&](PrimitiveKind k, int count, int a, int b = 0, bool dsp = false) {
    return Primitive{.component = array, .kind = k, .count = count, .width_a = a, .width_b = b, .dsp = dsp};
  };
  Structure parts = {
      kind(PrimitiveKind::registers, config_.rows * lanes, config_.weight_bits),
      kind(PrimitiveKind::registers, config_.columns * lanes, config_.activation_bits),
      kind(PrimitiveKind::multiplier, elements * lanes, config_.weight_bits, config_.activation_bits, config_.use_dsp),
      kind(PrimitiveKind::registers, elements * lanes, product_bits, 0, config_.use_dsp),
  };
  int width = product_bits;
  for (int left = lanes; left > 1; left -= left / 2) {
    ++width;
    parts.push_back(kind(PrimitiveKind::adder, elements * (left / 2), width));
    parts.push_back(kind(PrimitiveKind::registers, elements * (left - left / 2), width));
  }
  parts.push_back(kind(PrimitiveKind::adder, elements, config_.accumulator_bits, 0, in_dsp));
  parts.push_back(kind(PrimitiveKind::registers, elements, config_.accumulator_bits, 0, in_dsp));
  // The drain registers, read post_lanes at a time: each lane selects among its share of them.
  parts.push_back(kind(PrimitiveKind::registers, elements, config_.accumulator_bits));
  const int lane_inputs = (elements + config_.post_lanes - 1) / config_.post_lanes;
  if (lane_inputs > 1)
    parts.push_back(kind(PrimitiveKind::multiplexer, config_.post_lanes, config_.accumulator_bits, lane_inputs));
  return parts;
}

}  // namespace

std::unique_ptr<Family> make_mac(const EngineConfig& config) { return std::make_unique<Mac>(config); }

}  // namespace lutra::accelerators
