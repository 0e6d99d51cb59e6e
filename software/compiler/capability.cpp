#include "software/compiler/capability.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/compiler/layer.h"
#include "software/network/encoding.h"
#include "software/runtime/kernels/workspace.h"

namespace lutra::compiler {

namespace {

const network::ActivationEncoding& encoding_of(const network::QuantizedNetwork& network, network::EdgeId edge) {
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

std::string engine_refuses(const network::QuantizedNetwork& network, const LoweredOp& lowered,
                           const accelerators::EngineConfig& engine, const accelerators::Family& family) {
  if (lowered.op.kind == LUTRA_OP_NORMALISE) return "the input transform is software";
  if (lowered.op.kind == LUTRA_OP_RESAMPLE) return "no engine command copies tensors (concatenation, resampling)";
  const network::ActivationEncoding& input = encoding_of(network, lowered.input);
  if (lowered.skip >= 0 && !encoding_of(network, lowered.skip).levels.empty()) return "a skip with a level table";
  const Layer layer = layer_of(lowered);
  if (std::string reason = refuses_steps(layer); !reason.empty()) return reason;
  if (lowered.matrix == nullptr) {
    if (!input.levels.empty()) return "an input with a level table: the post-processor works on the codes themselves";
    if (layer.kind == LUTRA_TILE_MAXIMUM) return refuses_maximum(layer, input);
    return refuses_accumulator(pool_bits_needed(layer, input), engine.accumulator_bits);
  }
  if (std::string reason = family.refuses(input, lowered.matrix->weights.encoding); !reason.empty()) return reason;
  return refuses_accumulator(accumulator_bits_needed(*lowered.matrix, input), engine.accumulator_bits);
}

std::string hart_refuses(const network::QuantizedNetwork& network, const LoweredOp& lowered) {
  for (const network::EdgeId edge : {lowered.input, lowered.skip})
    if (edge >= 0 && !encoding_of(network, edge).levels.empty() && lowered.op.kind != LUTRA_OP_RESAMPLE)
      return "the hart's kernels know no level tables";
  const std::uint64_t bytes = runtime::work_bytes(lowered.op);
  if (bytes > LUTRA_HART_WORK_BYTES)
    return fmt::format("it needs {} bytes of the hart's working memory, which has {}", bytes, LUTRA_HART_WORK_BYTES);
  return {};
}

}  // namespace lutra::compiler
