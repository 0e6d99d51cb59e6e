#include "accelerators/bit_serial/bit_serial.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/bit_serial/datapath.h"
#include "accelerators/bit_serial/planes.h"
#include "accelerators/family/options.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators {

namespace {

using bit_serial::Planes;

constexpr int widest_table = 4;  // bits of activations with levels
// rtl/plane_walk.sv, and what its planes are at every stage; fitted on costs/array/synthesis.yaml.
constexpr int plane_bits = 11;
constexpr int plane_walk_bits = 75;
constexpr int plane_walk_functions = 65;
constexpr int pair_walk_functions = 65;  // of variant planes besides: the planes of activations
constexpr std::size_t entry_bytes = 2;   // of a coefficient or level in memory

void append(std::vector<std::uint8_t>& bytes, int value) {
  bytes.push_back(static_cast<std::uint8_t>(value));
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
}

std::int16_t entry(std::span<const std::uint8_t> bytes, std::size_t index) {
  return static_cast<std::int16_t>(bytes[index * entry_bytes] | bytes[index * entry_bytes + 1] << 8);
}

class BitSerial final : public Family {
 public:
  explicit BitSerial(const EngineConfig& config) : config_(config) {
    check_array_knobs(config);
    if (config.activation_bits > 8)
      throw Error(fmt::format("engine: activation_bits is {}, and the bit_serial family builds 2 to 8",
                              config.activation_bits));
    FamilyOptions options(config);
    pairs_ = options.variant({"weights", "planes"}) == "planes";
    coefficients_ = options.integer("coefficients", 0, 64, 0);
    levels_ = options.flag("levels", false);
    options.finish();
  }

  std::string name() const override { return "bit_serial"; }
  std::string summary() const override {
    return fmt::format("{} x {} x {} lanes, a plane of weights of up to {} bits against {} per pass", config_.rows,
                       config_.columns, config_.lanes, config_.weight_bits,
                       pairs_ ? "a plane of activations" : fmt::format("{}-bit activations", config_.activation_bits));
  }

  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override {
    if (!activation.levels.empty()) {
      const network::ValueRange range = network::value_range(activation);
      const int half = 1 << (config_.activation_bits - 1);
      if (!levels_) return "activations with a level table, and the array holds none (options.levels: true)";
      if (activation.bits > widest_table)
        return fmt::format("{}-bit activations with a level table of more than {} bits", activation.bits, widest_table);
      if (!pairs_ && (range.lowest < -half || range.highest >= 2 * half))
        return fmt::format("levels of {}..{} on {}-bit adders (activation_bits)", range.lowest, range.highest,
                           config_.activation_bits);
      if (pairs_)
        if (std::string reason = bit_serial::refuses_levels(activation); !reason.empty()) return reason;
    }
    const Planes planes = bit_serial::planes_of(weights, activation);
    return refuses_planes(planes, activation.bits);
  }

  std::string refuses_tile(const MatrixTile& tile) const override {
    if (tile.weight_format < 0 || tile.weight_format >= bit_serial::format_count)
      return fmt::format("weight format {}", tile.weight_format);
    const Planes planes = bit_serial::planes_of(tile);
    if (planes.ones && !planes.coefficients) return "a plane of ones without coefficients";
    if (planes.levels && (!levels_ || tile.activation_bits > widest_table)) return "activations with a level table";
    return refuses_planes(planes, tile.activation_bits);
  }

  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding& activation) const override {
    array::check_block(block);
    const Planes planes = bit_serial::planes_of(encoding, activation);
    PackedWeights packed{{}, bit_serial::format_of(planes), planes.weight_planes};
    for (const int level : activation.levels) append(packed.bytes, level);
    if (const auto* weights = std::get_if<network::PlaneWeights>(&encoding))
      for (int channel = 0; channel < block.channels; ++channel)
        for (const std::int16_t c : bit_serial::plane_coefficients(*weights, block.first_output + channel))
          append(packed.bytes, c);
    const auto words = array::pack_words(block, layout(planes.weight_planes), bit_serial::plane_codes(block, encoding));
    packed.bytes.insert(packed.bytes.end(), words.begin(), words.end());
    return packed;
  }

  bool packs_zero(const network::WeightEncoding& encoding, int output_channel) const override {
    if (!std::holds_alternative<network::PlaneWeights>(encoding)) return true;
    return Family::packs_zero(encoding, output_channel);
  }

  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding& activation) const override {
    const Planes planes = bit_serial::planes_of(encoding, activation);
    return table_bytes(planes, block.channels, activation.bits) +
           array::words_bytes(block, layout(planes.weight_planes));
  }

  std::size_t weight_bytes(const MatrixTile& tile) const override {
    return table_bytes(bit_serial::planes_of(tile), tile.channels, tile.activation_bits) +
           array::words_bytes(tile, layout(tile.weight_bits));
  }

  int weight_port_bits() const override { return config_.rows * config_.lanes; }

  bool sums_in_buffer() const override { return config_.dataflow == Dataflow::weight_stationary; }

  std::uint64_t cycles(const MatrixTile& tile, bool) const override { return timing(tile).cycles; }

  std::vector<EventInfo> events() const override {
    if (pairs_)
      return {{"plane_pair", "bits of weights met by bits of an activation that is not zero"},
              {"zero_pair", "bits of weights met by bits of a zero activation"},
              {"idle_pair", "bit positions clocked without an operand"},
              {"coefficient", "sums multiplied by a coefficient on their way out"},
              {"drain", "sums moved out of the array"}};
    return {{"plane_add", "activations that are not zero, gated by a bit of a weight and added"},
            {"zero_add", "zero activations, gated by a bit of a weight and added"},
            {"idle_add", "lanes clocked without an operand"},
            {"coefficient", "sums multiplied by a coefficient on their way out"},
            {"drain", "sums moved out of the array"}};
  }

  TileWork compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override {
    return work(tile, part_of(share, products(tile)));
  }

  Structure structure() const override;

  RtlTwin rtl_twin() const override {
    const bool plain = coefficients_ == 0 && !levels_;
    return {plain ? "serial_element" : "",
            "bit_serial_array",
            {{"PAIRS", pairs_}, {"COEFFICIENTS", coefficients_}, {"LEVELS", levels_}}};
  }

 private:
  array::WordLayout layout(int planes) const { return {config_.rows, config_.lanes, planes, true}; }

  // Sums that an output keeps apart until a coefficient can multiply them.
  int sums_per_output(const Planes& planes, int activation_bits) const {
    return (planes.coefficients ? planes.passes_of_weights() : 1) * (pairs_ && planes.levels ? activation_bits : 1);
  }

  bool multiplies(const Planes& planes) const { return planes.coefficients || (pairs_ && planes.levels); }

  std::string refuses_planes(const Planes& planes, int activation_bits) const {
    if (activation_bits > config_.activation_bits)
      return fmt::format("{}-bit activations on an array of {} (activation_bits)", activation_bits,
                         config_.activation_bits);
    if (planes.weight_planes < 1 || planes.weight_planes > config_.weight_bits)
      return fmt::format("weights of {} planes on an array of {} (weight_bits)", planes.weight_planes,
                         config_.weight_bits);
    const int sums = sums_per_output(planes, activation_bits);
    if (multiplies(planes) && sums > coefficients_)
      return fmt::format("{} sums with coefficients per output, and the array keeps {} (options.coefficients)", sums,
                         coefficients_);
    if (sums > 1 && sums_in_buffer())
      return fmt::format("{} sums per output, and a weight_stationary array keeps one (dataflow)", sums);
    return {};
  }

  static std::size_t table_bytes(const Planes& planes, int channels, int activation_bits) {
    std::size_t entries = planes.levels ? std::size_t{1} << activation_bits : 0;
    if (planes.coefficients) entries += static_cast<std::size_t>(channels) * planes.passes_of_weights();
    return entries * entry_bytes;
  }

  int passes_per_word(const Planes& planes, int activation_bits) const {
    return planes.passes_of_weights() * (pairs_ ? activation_bits : 1);
  }

  // What was synthesised: the place of a sum alone, or of counts whose first level has a register, or merges with it.
  const char* measured_as() const {
    if (!pairs_) return "bit_serial.places";
    return pipeline().registered(1) ? "bit_serial.planes" : "bit_serial.planes_at_once";
  }

  // Levels of the tree, the shift to a plane's place.
  array::Pipeline pipeline() const { return {array::tree_levels(config_.lanes) + 1, config_}; }

  array::ArrayTiming timing(const MatrixTile& tile) const {
    const Planes planes = bit_serial::planes_of(tile);
    const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
    const std::uint64_t word_bytes = divide_up(std::uint64_t{1} * config_.rows * config_.lanes, 8);
    auto blocks = array::equal_blocks(tile, config_, 0, words * passes_per_word(planes, tile.activation_bits));
    for (array::RowBlock& block : blocks) {
      block.header = divide_up(table_bytes({planes.weight_planes, planes.coefficients, planes.ones, false}, block.rows,
                                           tile.activation_bits),
                               word_bytes);
      block.sums = static_cast<std::uint64_t>(sums_per_output(planes, tile.activation_bits));
    }
    if (planes.levels)
      blocks.front().header += divide_up((std::uint64_t{1} << tile.activation_bits) * entry_bytes, word_bytes);
    const int multiplication = multiplies(planes) ? 1 : 0;  // on the way out
    return array::timing(tile, config_, pipeline().fill() + multiplication, blocks);
  }

  static std::uint64_t products(const MatrixTile& tile) {
    return product(tile.rows, tile.columns, tile.channels, tile.window_height, tile.window_width, tile.group_channels);
  }
  TileWork work(const MatrixTile& tile, std::uint64_t nonzero) const;

  EngineConfig config_;
  bool pairs_ = false;
  int coefficients_ = 0;
  bool levels_ = false;
};

TileWork BitSerial::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                            std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const Planes planes = bit_serial::planes_of(tile);
  const auto channels = static_cast<std::size_t>(tile.channels);
  bit_serial::PlaneOperands operands;
  operands.planes = planes;
  operands.elements = static_cast<std::size_t>(array::runs(tile).elements());
  operands.stride = round_up(operands.elements, bit_serial::stride_multiple);
  operands.activation_bits = tile.activation_bits;
  operands.activation_signed = tile.activation_signed;
  std::size_t next = 0;
  if (planes.levels)
    for (; next < std::size_t{1} << tile.activation_bits; ++next) operands.levels.push_back(entry(weights, next));
  for (std::size_t k = 0; k < channels; ++k)
    for (int plane = 0; plane < planes.passes_of_weights(); ++plane)
      if (planes.coefficients)
        operands.coefficients.push_back(entry(weights, next++));
      else
        operands.coefficients.push_back(
            static_cast<std::int16_t>(plane + 1 == planes.weight_planes && plane > 0 ? -(1 << plane) : 1 << plane));
  operands.codes.resize(channels * operands.stride);
  array::unpack_words(tile, layout(tile.weight_bits), weights.subspan(next * entry_bytes), operands.codes,
                      operands.stride);
  const auto run = [&](const std::function<void(const array::PatchBatch&)>& datapath) {
    return array::accumulate(tile, config_.accumulator_bits, operands.stride, activations, accumulators, datapath);
  };
  return work(tile, pairs_ ? run(bit_serial::PlanePairs(operands)) : run(bit_serial::WeightSerial(operands)));
}

TileWork BitSerial::work(const MatrixTile& tile, std::uint64_t nonzero) const {
  const Planes planes = bit_serial::planes_of(tile);
  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t outputs = product(tile.rows, tile.columns, tile.channels);
  const int passes = passes_per_word(planes, tile.activation_bits);
  const std::uint64_t useful = products(tile) * static_cast<std::uint64_t>(passes);
  const std::uint64_t clocked = timing.cycles * product(config_.rows, config_.columns, config_.lanes);
  const auto sums = static_cast<std::uint64_t>(sums_per_output(planes, tile.activation_bits));
  TileWork work;
  work.cycles = timing.cycles;
  const std::uint64_t added = nonzero * static_cast<std::uint64_t>(passes);
  work.event_counts = {added, useful - added, clocked - useful, multiplies(planes) ? outputs * sums : 0,
                       outputs * sums};
  work.weight_read_bytes = table_bytes(planes, tile.channels, tile.activation_bits);
  // An activation word is held while the planes of its weight word pass; where weights stay, it comes once per plane.
  const std::uint64_t words = array::words(array::runs(tile), config_.lanes);
  const std::uint64_t reads = sums_in_buffer() ? words * planes.passes_of_weights() : words;
  array::add_traffic(tile, config_, timing, array::words_bytes(tile, layout(tile.weight_bits)), reads,
                     config_.lanes * tile.activation_bits, work);
  return work;
}

Structure BitSerial::structure() const {
  const int elements = config_.rows * config_.columns;
  const int lanes = config_.lanes;
  array::Parts parts;
  parts.registers(config_.rows * lanes, 1);
  parts.registers(config_.columns * lanes, config_.activation_bits);
  if (pairs_)  // the plane of this pass; one input lies in the LUT of the gate, the gate in that of the adder
    parts.multiplexer(config_.columns * lanes, 1, config_.activation_bits - 1);
  else if (lanes > 1 || config_.weight_bits > 2)
    // Gates that do not fit into the LUTs of the first adders: one operand of two; a lone lane's fits into that of the
    // place, where there are two.
    parts.logic(elements, std::max(lanes / 2, 1) * config_.activation_bits);
  const int tree_bits = parts.adder_tree(elements, lanes, pairs_ ? 1 : config_.activation_bits + 1, pipeline(), 0);
  if (!pairs_) parts.measured("bit_serial.gates", config_);
  const int sum_bits = tree_bits + (pairs_ ? 1 : 0);  // a count gets a sign
  const int shifts = config_.weight_bits + (pairs_ ? config_.activation_bits - 1 : 0);
  const int addend_bits = sum_bits + shifts - 1;
  // The last level of the shifter and the negation of a top plane lie in one row of adders; the lowest bits of the
  // levels before it are constant.
  parts.adder(elements, addend_bits);
  parts.multiplexer(elements, std::max(addend_bits - shifts / 2, 1), shifts / 2);
  if (pipeline().registered(array::tree_levels(lanes) + 1)) parts.registers(elements, addend_bits);
  parts.measured(measured_as(), config_);
  const int entries = 1 << std::min(config_.activation_bits, widest_table);
  if (levels_ && !pairs_) {
    parts.registers(1, config_.activation_bits * entries);
    parts.multiplexer(config_.columns * lanes, config_.activation_bits, entries);
  }
  parts.accumulators(config_);
  if (coefficients_ > 0) {
    constexpr int coefficient_bits = 16;
    if (coefficients_ > 1)
      parts.add(PrimitiveKind::memory, elements, config_.accumulator_bits).depth = 2 * coefficients_;
    parts.add(PrimitiveKind::memory, config_.rows, coefficient_bits).depth = 2 * coefficients_;
    const int leaving = array::drain_lanes(config_).count();
    parts.drain_selection(config_, config_.rows, 1, coefficient_bits);
    const int factor_bits = pairs_ && levels_ ? 2 * coefficient_bits : coefficient_bits;
    if (pairs_ && levels_) parts.multiplier(leaving, coefficient_bits, coefficient_bits, config_);
    parts.multiplier(leaving, factor_bits, config_.accumulator_bits, config_);
    parts.adder(leaving, config_.accumulator_bits);
    parts.registers(leaving, config_.accumulator_bits);
  }
  const int fill = pipeline().fill();
  parts.sequencer(fill, plane_walk_bits + plane_bits * fill, plane_walk_functions + (pairs_ ? pair_walk_functions : 0));
  return parts.take();
}

}  // namespace

std::unique_ptr<Family> make_bit_serial(const EngineConfig& config) { return std::make_unique<BitSerial>(config); }

}  // namespace lutra::accelerators
