#include "accelerators/shift_add/power_of_two.h"

#include <fmt/format.h>

#include <bit>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/array/structure.h"
#include "accelerators/family/options.h"
#include "accelerators/shift_add/lane_work.h"
#include "accelerators/shift_add/lanes.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"

namespace lutra::accelerators::shift_add {

namespace {

constexpr int digit_step = 1, shift_step = 2;  // of the datapath

// A decoder as so many bits of selection among a term's exponents, fitted to costs/synthesis.yaml, and functions
// besides where a code has few of them, fitted to costs/low_bit/synthesis.yaml.
int decoder_bits(int weight_bits) { return 8 + weight_bits / 2; }
int decoder_functions(int weight_bits) { return weight_bits == 2 ? 2 : weight_bits == 3 ? 9 : 0; }

// What was synthesised: decoders and shifters apart, or merged, with or without a register behind.
const char* measured_as(const array::Pipeline& pipeline) {
  if (pipeline.registered(digit_step)) return "shift_add.power_of_two";
  return pipeline.registered(shift_step) ? "shift_add.power_of_two_merged" : "shift_add.power_of_two_at_once";
}

// Each output channel's weights as digits, out of the words.
Lanes lanes_of(const MatrixTile& tile, const Codes& codes, const array::WordLayout& layout, std::size_t stride,
               std::span<const std::uint8_t> weights) {
  const auto channels = static_cast<std::size_t>(tile.channels);
  const auto elements = static_cast<std::size_t>(array::runs(tile).elements());
  const auto digits = static_cast<std::size_t>(codes.digits());
  std::vector<std::uint8_t> words(channels * stride);
  array::unpack_words(tile, layout, weights, words, stride);
  std::vector<Digit> table;
  for (unsigned code = 0; code < 1u << codes.bits(); ++code)
    for (int i = 0; i < codes.digits(); ++i) table.push_back(codes.digit(code, i));
  Lanes lanes(channels, digits, stride);
  for (std::size_t k = 0; k < channels; ++k)
    for (std::size_t i = 0; i < elements; ++i)
      for (std::size_t d = 0; d < digits; ++d)
        if (const Digit& digit = table[words[k * stride + i] * digits + d]; digit.present)
          lanes.set(k, d, i, digit.negative, digit.exponent);
  return lanes;
}

}  // namespace

PowerOfTwo::PowerOfTwo(const EngineConfig& config) : config_(config) {
  if (config.weight_bits < 2) throw Error("engine: weight_bits is 1, and the shift_add family builds 2 to 8 here");
  FamilyOptions options(config);
  options.variant({"power_of_two", "sub_filters"});
  terms_ = options.integer("terms", 1, 2, 1);
  zero_gating_ = options.flag("zero_gating", true);
  options.finish();
}

std::string PowerOfTwo::summary() const {
  return fmt::format("{} x {} x {} lanes of {} of {}-bit activations by powers of two ({}-bit weights)", config_.rows,
                     config_.columns, config_.lanes, terms_ == 1 ? "a barrel shifter" : "two barrel shifters",
                     config_.activation_bits, config_.weight_bits);
}

std::string PowerOfTwo::refuses_codes(const Codes& codes) const {
  if (codes.value_bits() > config_.weight_bits)
    return fmt::format("weights that reach {} bits on shifters for {} (weight_bits)", codes.value_bits(),
                       config_.weight_bits);
  if (codes.bits() > config_.weight_bits)
    return fmt::format("codes of {} bits in words for {} (weight_bits)", codes.bits(), config_.weight_bits);
  return {};
}

std::string PowerOfTwo::refuses(const network::ActivationEncoding& activation,
                                const network::WeightEncoding& weights) const {
  if (std::string reason = refuses_activations(config_, activation); !reason.empty()) return reason;
  if (std::string reason = Codes::refuses_encoding(weights); !reason.empty()) return reason;
  return refuses_codes(Codes(weights));
}

std::string PowerOfTwo::refuses_tile(const MatrixTile& tile) const {
  if (std::string reason = Codes::refuses_format(tile.weight_format, tile.weight_bits); !reason.empty()) return reason;
  if (std::string reason = refuses_codes(Codes(tile.weight_format, tile.weight_bits)); !reason.empty()) return reason;
  return refuses_activations(config_, tile.activation_bits, tile.activation_signed);
}

PackedWeights PowerOfTwo::pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                               const network::ActivationEncoding&) const {
  if (const std::string reason = Codes::refuses_encoding(encoding); !reason.empty()) throw Error(reason);
  const Codes codes(encoding);
  const auto code_of = codes.codes_of_values();
  std::vector<std::uint8_t> packed;
  for (const std::int16_t value : block.values) {
    const auto found = code_of.find(value);
    if (found == code_of.end()) throw Error(fmt::format("weight {} has no code of {} bits", value, codes.bits()));
    packed.push_back(found->second);
  }
  return {array::pack_words(block, layout(codes.bits()), packed), codes.format(), codes.bits()};
}

std::size_t PowerOfTwo::packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                                     const network::ActivationEncoding&) const {
  return array::words_bytes(block, layout(Codes(encoding).bits()));
}

std::size_t PowerOfTwo::weight_bytes(const MatrixTile& tile) const {
  return array::words_bytes(tile, layout(tile.weight_bits));
}

// Digits, shifts, levels of the tree.
array::Pipeline PowerOfTwo::pipeline() const {
  return {shift_step + array::tree_levels(config_.lanes * terms_), config_};
}

array::ArrayTiming PowerOfTwo::timing(const MatrixTile& tile) const {
  const int digits = Codes(tile.weight_format, tile.weight_bits).digits();
  const std::uint64_t passes = array::words(array::runs(tile), config_.lanes) * ((digits + terms_ - 1) / terms_);
  return array::timing(tile, config_, pipeline().fill(), array::equal_blocks(tile, config_, 0, passes));
}

std::uint64_t PowerOfTwo::cycles(const MatrixTile& tile, bool) const { return timing(tile).cycles; }

std::vector<EventInfo> PowerOfTwo::events() const {
  return {{"shift_add", "digits of weights times activations, neither of them zero"},
          {"zero_shift_add", "shifters clocked for an output with a zero digit or activation"},
          {"gated_shift_add", "shifters held still for an output because digit or activation is zero"},
          {"idle_shift", "shifters without work: rows, columns, lanes or terms beyond the tile, bubbles"},
          {"drain", "sums moved out of the array"}};
}

TileWork PowerOfTwo::compute(const MatrixTile& tile, bool, std::span<const std::uint8_t> activations,
                             std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const {
  const Codes codes(tile.weight_format, tile.weight_bits);
  const int elements = array::runs(tile).elements();
  const std::size_t stride = round_up(static_cast<std::size_t>(elements), Lanes::lane_stride_multiple);
  const auto digits = static_cast<std::size_t>(codes.digits());
  const Lanes lanes = lanes_of(tile, codes, layout(codes.bits()), stride, weights);

  std::uint64_t pairs = 0;
  std::vector<std::uint32_t> of_digits;
  array::accumulate(tile, config_.accumulator_bits, stride, activations, accumulators, [&](const array::PatchBatch& b) {
    lanes.sum(b, tile.activation_bits, of_digits);
    for (std::size_t i = 0; i < b.count * b.outputs; ++i) {
      b.sums[i] = 0;
      for (std::size_t d = 0; d < digits; ++d) b.sums[i] += of_digits[i * digits + d];
    }
    pairs += lanes.count_pairs(b);
  });
  return work(tile, pairs);
}

std::uint64_t PowerOfTwo::slots(const MatrixTile& tile) const {
  return product(tile.rows, tile.columns, tile.channels, array::runs(tile).elements(),
                 Codes(tile.weight_format, tile.weight_bits).digits());
}

TileWork PowerOfTwo::expected(const MatrixTile& tile, double share) const {
  return work(tile, part_of(share, slots(tile)));
}

TileWork PowerOfTwo::work(const MatrixTile& tile, std::uint64_t pairs) const {
  const array::ArrayTiming timing = this->timing(tile);
  const std::uint64_t outputs = product(tile.rows, tile.columns, tile.channels);
  const LaneCounts counts{timing.cycles * product(config_.rows, config_.columns, config_.lanes, terms_), slots(tile),
                          pairs};
  TileWork work;
  work.cycles = timing.cycles;
  work.event_counts = lane_events(counts, zero_gating_);
  work.event_counts.push_back(outputs);
  array::add_traffic(tile, config_, timing, weight_bytes(tile), array::words(array::runs(tile), config_.lanes),
                     config_.lanes * tile.activation_bits, work);
  return work;
}

Structure PowerOfTwo::structure() const {
  const int elements = config_.rows * config_.columns;
  const int shifters = elements * config_.lanes * terms_;
  const int decoders = config_.rows * config_.lanes * terms_;
  constexpr int exponent_bits = 3;
  const int choices = config_.weight_bits < 4 ? (1 << (config_.weight_bits - 1)) - 1 : 7;     // of a term's exponents
  const int digit_bits = 2 + std::bit_width(static_cast<unsigned>(config_.weight_bits - 1));  // present, negative
  array::Parts parts;
  parts.registers(config_.rows * config_.lanes, config_.weight_bits);
  parts.multiplexer(terms_, choices * exponent_bits, 2);  // the exponents of the pass's term, which all rows share
  parts.multiplexer(decoders, decoder_bits(config_.weight_bits), choices + 1);
  parts.logic(decoders, decoder_functions(config_.weight_bits));
  const array::Pipeline pipeline = this->pipeline();
  if (pipeline.registered(digit_step)) parts.registers(decoders, digit_bits);
  add_columns(parts, config_, 1 + pipeline.registers(digit_step), zero_gating_);
  add_lanes(parts, shifters, config_.activation_bits, config_.weight_bits, zero_gating_,
            pipeline.registered(shift_step));
  parts.adder_tree(elements, config_.lanes * terms_, config_.activation_bits + config_.weight_bits, pipeline,
                   shift_step);
  parts.measured(measured_as(pipeline), config_, {{"terms", terms_}, {"zero_gating", zero_gating_ ? 2 : 1}});
  parts.accumulators(config_);
  parts.sequencer(pipeline.fill());
  return parts.take();
}

}  // namespace lutra::accelerators::shift_add
