#include "software/compiler/mapping/cycle_bound.h"

#include <algorithm>
#include <limits>
#include <set>

#include "accelerators/family/activation_layout.h"
#include "accelerators/family/timing.h"
#include "software/common/arithmetic.h"
#include "software/compiler/mapping/emit.h"
#include "software/compiler/mapping/packing.h"
#include "software/compiler/mapping/plan.h"

namespace lutra::compiler {

namespace {

constexpr std::uint64_t bits_per_cycle = 8 * accelerators::transfer_port_bytes;  // of a load

// Empty where the array refuses a tile.
std::optional<TileChoices> tile_choices(const Layer& layer, const accelerators::EngineConfig& engine,
                                        const accelerators::Family& family) {
  std::vector<int> merges = merge_candidates(layer, engine, family);
  merges.push_back(1);
  TileChoices choices;
  for (const int merge : merges) {
    const auto tiling = cut(layer, {.channels = layer.output_channels,
                                    .rows = layer.output_height,
                                    .columns = layer.output_width,
                                    .chunk = layer.input_channels,
                                    .merge = merge});
    if (!tiling) continue;
    std::vector<lutra_tile>& tiles = choices.emplace_back();
    for (std::size_t channels = 0; channels < tiling->channels.size(); ++channels) {
      Step step;
      step.index.channels = static_cast<int>(channels);
      step.first = step.last = true;
      tiles.push_back(make_tile(layer, *tiling, step));
      if (!family.refuses_tile(accelerators::matrix_tile(tiles.back())).empty()) return std::nullopt;
    }
  }
  return choices;
}

std::uint64_t least_cycles(const TileChoices& choices, const accelerators::EngineConfig& engine,
                           const accelerators::Family& family) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const std::vector<lutra_tile>& tiles : choices) {
    std::uint64_t cycles = 0;
    for (const lutra_tile& tile : tiles) cycles += accelerators::least_tile_cycles(tile, engine, family);
    least = std::min(least, cycles);
  }
  return choices.empty() ? 0 : least;
}

std::uint64_t vector_bound(const Layer& layer, const accelerators::EngineConfig& engine) {
  const std::uint64_t outputs =
      static_cast<std::uint64_t>(layer.output_channels) * layer.output_height * layer.output_width;
  return divide_up(outputs, static_cast<std::uint64_t>(engine.post_lanes)) * layer.window_height * layer.window_width;
}

// Elements of an axis, padding included, that some window reads.
std::uint64_t elements_read(int outputs, int stride, int window, int dilation) {
  if (dilation == 1 && window >= stride)
    return static_cast<std::uint64_t>(outputs - 1) * stride + static_cast<std::uint64_t>(window);
  std::set<int> elements;
  for (int output = 0; output < outputs; ++output)
    for (int i = 0; i < window; ++i) elements.insert(output * stride + i * dilation);
  return elements.size();
}

std::uint64_t input_cycles(const Layer& layer) {
  const std::uint64_t pixels =
      elements_read(layer.output_height, layer.stride_y, layer.window_height, layer.dilation_y) *
      elements_read(layer.output_width, layer.stride_x, layer.window_width, layer.dilation_x);
  return divide_up(pixels * layer.input_channels * static_cast<std::uint64_t>(layer.input_bits), bits_per_cycle);
}

std::uint64_t skip_cycles(const Layer& layer) {
  if (!layer.skip) return 0;
  const lutra_op& op = layer.source->op;
  const auto first = static_cast<int>(op.skip_channel_offset);
  const int end = std::min(first + static_cast<int>(op.skip.channels), layer.output_channels);
  const std::uint64_t values =
      static_cast<std::uint64_t>(layer.output_height) * layer.output_width * std::max(end - first, 0);
  return divide_up(values * op.skip.bits, bits_per_cycle);
}

std::uint64_t parameter_cycles(const Layer& layer) {
  return divide_up(8 * sizeof(lutra_requantise) * static_cast<std::uint64_t>(layer.scales + layer.prelus),
                   bits_per_cycle);
}

}  // namespace

CycleBound::CycleBound(const network::QuantisedNetwork& network, bool normalise_on_hart)
    : operations_(lower(network, normalise_on_hart)) {
  std::erase_if(operations_, [](const LoweredOp& operation) {
    return !has_tile(operation) || operation.op.kind == LUTRA_OP_ELEMENTWISE;
  });
  for (const LoweredOp& operation : operations_) {
    const Layer layer = layer_of(operation);
    load_ += input_cycles(layer) + skip_cycles(layer);
    if (layer.matrix()) parameters_ += parameter_cycles(layer);
  }
}

// Whether the family computes every operation.
bool CycleBound::name(const accelerators::Family& family) {
  for (LoweredOp& operation : operations_) {
    if (operation.matrix == nullptr) continue;
    if (!family.refuses(operation.activation, operation.matrix->weights.encoding).empty()) return false;
    if (!named_) name_weights(operation, family);
  }
  return named_ = true;
}

std::optional<UnitBounds> CycleBound::cycles(const accelerators::EngineConfig& engine,
                                             const accelerators::Family& family) {
  const auto operations = tiles(engine, family);
  if (!operations) return std::nullopt;
  UnitBounds bounds;
  for (const TileChoices& choices : *operations) bounds.compute += least_cycles(choices, engine, family);
  for (const LoweredOp& operation : operations_)
    if (operation.matrix == nullptr) bounds.compute += vector_bound(layer_of(operation), engine);
  // Thresholds may take the place of scales.
  bounds.load = load_ + (engine.post == accelerators::PostForm::thresholds ? 0 : parameters_);
  return bounds;
}

std::optional<std::vector<TileChoices>> CycleBound::tiles(const accelerators::EngineConfig& engine,
                                                          const accelerators::Family& family) {
  if (!name(family)) return std::nullopt;
  std::vector<TileChoices> all;
  for (const LoweredOp& operation : operations_) {
    if (operation.matrix == nullptr) continue;
    auto choices = tile_choices(layer_of(operation), engine, family);
    if (!choices) return std::nullopt;
    all.push_back(std::move(*choices));
  }
  return all;
}

}  // namespace lutra::compiler
