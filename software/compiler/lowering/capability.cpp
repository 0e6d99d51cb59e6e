#include "software/compiler/lowering/capability.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "software/compiler/lowering/layer.h"
#include "software/network/encoding/encoding.h"
#include "software/program/workspace.h"

namespace lutra::compiler {

namespace {

const network::ActivationEncoding& encoding_of(const network::QuantisedNetwork& network, network::EdgeId edge) {
  return network.edges[static_cast<std::size_t>(edge)].encoding;
}

bool has_padding(const Layer& layer) {
  const auto beyond = [](int outputs, int stride, int window, int dilation, int pad, int size) {
    return pad > 0 || (outputs - 1) * stride + (window - 1) * dilation - pad >= size;
  };
  return beyond(layer.output_height, layer.stride_y, layer.window_height, layer.dilation_y, layer.pad_top,
                layer.input_height) ||
         beyond(layer.output_width, layer.stride_x, layer.window_width, layer.dilation_x, layer.pad_left,
                layer.input_width);
}

// Padding is filled byte by byte, so its code must repeat in one.
std::string refuses_padding(const Layer& layer, const network::ActivationEncoding& encoding) {
  if (encoding.bits == 16 || 8 % encoding.bits == 0 || !has_padding(layer)) return {};
  const unsigned mask = (1u << encoding.bits) - 1;
  const unsigned code = static_cast<unsigned>(encoding.pad_code) & mask;
  if (code == 0 || code == mask) return {};
  return fmt::format("padding with the {}-bit code {}, which does not repeat in a byte", encoding.bits,
                     encoding.pad_code);
}

std::string refuses_maximum(const Layer& layer, const network::ActivationEncoding& encoding) {
  if (!has_padding(layer)) return {};
  if (encoding.is_signed && 8 % encoding.bits != 0)
    return fmt::format("a maximum over padding of signed {}-bit codes, whose lowest code does not repeat in a byte",
                       encoding.bits);
  return {};
}

std::string refuses_steps(const Layer& layer) {
  constexpr int largest_step = 255;  // of the 8-bit fields of struct lutra_tile
  const lutra_op& op = layer.source->op;
  int largest = std::max(layer.dilation_y, layer.dilation_x);
  if (layer.output_height > 1) largest = std::max(largest, layer.stride_y);
  if (layer.output_width > 1) largest = std::max(largest, layer.stride_x);
  if (layer.skip && layer.output_width > 1) largest = std::max(largest, int{op.skip_stride_x});
  if (largest > largest_step) return fmt::format("a stride or dilation of {}, beyond {}", largest, largest_step);
  return {};
}

int signed_bits(std::int64_t lowest, std::int64_t highest) {
  int bits = 1;
  while (lowest < -(std::int64_t{1} << (bits - 1)) || highest >= std::int64_t{1} << (bits - 1)) ++bits;
  return bits;
}

int pool_bits_needed(const Layer& layer, const network::ActivationEncoding& activation) {
  const network::ValueRange range = network::value_range(activation);
  const std::int64_t values = std::int64_t{layer.window_height} * layer.window_width;
  return signed_bits(std::min<std::int64_t>(values * range.lowest, 0), values * range.highest);
}

std::string refuses_multiplier(const char* what, const lutra_requantise& r, const accelerators::EngineConfig& engine) {
  const std::uint32_t multiplier = lutra_multiplier(&r);
  const int bits = std::bit_width(multiplier);
  if (engine.post != accelerators::PostForm::shift) {
    if (bits <= engine.post_multiplier_bits) return {};
    return fmt::format("its {} multiplies by {}, of {} bits (engine.post_multiplier_bits: {} takes it)", what,
                       multiplier, bits, bits);
  }
  if (multiplier == 0 || (std::has_single_bit(multiplier) && bits <= 16)) return {};
  return fmt::format(
      "its {} multiplies by {}, and post: shift has no multipliers (scheme.requantise: shift makes powers of two; "
      "engine.post: multiplier takes any)",
      what, multiplier);
}

std::string refuses_multipliers(const LoweredOp& lowered, const accelerators::EngineConfig& engine) {
  for (const lutra_requantise& r : lowered.scale)
    if (std::string reason = refuses_multiplier("scale", r, engine); !reason.empty()) return reason;
  for (const lutra_requantise& r : lowered.prelu)
    if (std::string reason = refuses_multiplier("PReLU", r, engine); !reason.empty()) return reason;
  const lutra_op& op = lowered.op;
  if (op.flags & LUTRA_OP_SKIP)
    if (std::string reason = refuses_multiplier("skip", op.skip_requantise, engine); !reason.empty()) return reason;
  return op.flags & LUTRA_OP_REQUANTISE ? refuses_multiplier("codes", op.code_requantise, engine) : std::string();
}

// A threshold out of reach is the largest 32-bit integer.
std::string refuses_thresholds(const LoweredOp& lowered, int sum_bits) {
  if (!lowered.direct || sum_bits < 32) return {};
  return "its sums need 32 bits, and thresholds compare sums of up to 31 (engine.post: multiplier takes them)";
}

std::string refuses_accumulator(int bits, int available) {
  if (bits <= available) return {};
  return fmt::format("its sums need {} bits and accumulator_bits is {}", bits, available);
}

}  // namespace

int accumulator_bits_needed(const network::MatrixOp& op, const network::ActivationEncoding& activation) {
  const network::ValueRange range = network::value_range(activation);
  const std::size_t per_channel = op.weights.values.size() / static_cast<std::size_t>(op.output_channels);
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  for (std::size_t first = 0; first < op.weights.values.size(); first += per_channel) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (std::size_t i = first; i < first + per_channel; ++i) {
      const std::int64_t weight = op.weights.values[i];
      low += std::min(weight * range.lowest, weight * range.highest);
      high += std::max(weight * range.lowest, weight * range.highest);
    }
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
  }
  return signed_bits(lowest, highest);
}

std::string engine_refuses(const network::QuantisedNetwork& network, const LoweredOp& lowered,
                           const accelerators::EngineConfig& engine, const accelerators::Family& family) {
  if (lowered.op.kind == LUTRA_OP_NORMALISE) return "the input transform is software";
  if (lowered.op.kind == LUTRA_OP_RESAMPLE) return "no engine command copies tensors (concatenation, resampling)";
  const network::ActivationEncoding& input = encoding_of(network, lowered.input);
  if (lowered.skip >= 0 && !encoding_of(network, lowered.skip).levels.empty()) return "a skip with a level table";
  const Layer layer = layer_of(lowered);
  if (std::string reason = refuses_steps(layer); !reason.empty()) return reason;
  if (std::string reason = refuses_multipliers(lowered, engine); !reason.empty()) return reason;
  if (lowered.matrix == nullptr) {
    if (!input.levels.empty()) return "an input with a level table: the post-processor works on the codes themselves";
    if (layer.kind == LUTRA_TILE_MAXIMUM) return refuses_maximum(layer, input);
    const int bits = pool_bits_needed(layer, input);
    if (std::string reason = refuses_thresholds(lowered, bits); !reason.empty()) return reason;
    return refuses_accumulator(bits, engine.accumulator_bits);
  }
  if (std::string reason = family.refuses(input, lowered.matrix->weights.encoding); !reason.empty()) return reason;
  if (std::string reason = refuses_padding(layer, input); !reason.empty()) return reason;
  const int bits = accumulator_bits_needed(*lowered.matrix, input);
  if (std::string reason = refuses_thresholds(lowered, bits); !reason.empty()) return reason;
  return refuses_accumulator(bits, engine.accumulator_bits);
}

std::string hart_refuses(const network::QuantisedNetwork& network, const LoweredOp& lowered) {
  for (const network::EdgeId edge : {lowered.input, lowered.skip})
    if (edge >= 0 && !encoding_of(network, edge).levels.empty() && lowered.op.kind != LUTRA_OP_RESAMPLE)
      return "the hart's kernels know no level tables (activations: bwa); an engine whose family decodes them does";
  if (!lowered.joined.empty()) return "its codes are thresholds of every channel, which only the engine compares with";
  const std::uint64_t bytes = runtime::work_bytes(lowered.op);
  if (bytes > LUTRA_HART_WORK_BYTES)
    return fmt::format("it needs {} bytes of the hart's working memory, which has {}", bytes, LUTRA_HART_WORK_BYTES);
  return {};
}

}  // namespace lutra::compiler
