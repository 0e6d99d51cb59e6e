#include "software/compiler/mapping/cycle_bound.h"

#include <algorithm>
#include <limits>

#include "accelerators/family/timing.h"
#include "software/common/arithmetic.h"
#include "software/compiler/mapping/emit.h"
#include "software/compiler/mapping/packing.h"
#include "software/compiler/mapping/plan.h"

namespace lutra::compiler {

namespace {

std::optional<std::uint64_t> matrix_bound(const Layer& layer, const accelerators::EngineConfig& engine,
                                          const accelerators::Family& family) {
  std::vector<int> merges = merge_candidates(layer, engine, family);
  merges.push_back(1);
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  bool tiles_exist = false;
  for (const int merge : merges) {
    const auto tiling = cut(layer, {.channels = layer.output_channels,
                                    .rows = layer.output_height,
                                    .columns = layer.output_width,
                                    .chunk = layer.input_channels,
                                    .merge = merge});
    if (!tiling) continue;
    tiles_exist = true;
    std::uint64_t cycles = 0;
    for (std::size_t channels = 0; channels < tiling->channels.size(); ++channels) {
      Step step;
      step.index.channels = static_cast<int>(channels);
      step.first = step.last = true;
      const lutra_tile tile = make_tile(layer, *tiling, step);
      if (!family.refuses_tile(accelerators::matrix_tile(tile)).empty()) return std::nullopt;
      cycles += accelerators::tile_cycles(tile, engine, family);
    }
    least = std::min(least, cycles);
  }
  return tiles_exist ? least : 0;
}

std::uint64_t vector_bound(const Layer& layer, const accelerators::EngineConfig& engine) {
  const std::uint64_t outputs =
      static_cast<std::uint64_t>(layer.output_channels) * layer.output_height * layer.output_width;
  return divide_up(outputs, static_cast<std::uint64_t>(engine.post_lanes)) * layer.window_height * layer.window_width;
}

}  // namespace

CycleBound::CycleBound(const network::QuantisedNetwork& network, bool normalise_on_hart)
    : operations_(lower(network, normalise_on_hart)) {
  std::erase_if(operations_, [](const LoweredOp& operation) { return !has_tile(operation); });
}

std::optional<std::uint64_t> CycleBound::cycles(const accelerators::EngineConfig& engine,
                                                const accelerators::Family& family) {
  for (LoweredOp& operation : operations_) {
    if (operation.matrix == nullptr) continue;
    if (!family.refuses(operation.activation, operation.matrix->weights.encoding).empty()) return std::nullopt;
    if (!named_) name_weights(operation, family);
  }
  named_ = true;
  std::uint64_t cycles = 0;
  for (const LoweredOp& operation : operations_) {
    const Layer layer = layer_of(operation);
    if (layer.kind == LUTRA_TILE_ELEMENTWISE) continue;  // a join may take it away
    const auto bound = layer.matrix() ? matrix_bound(layer, engine, family) : vector_bound(layer, engine);
    if (!bound) return std::nullopt;
    cycles += *bound;
  }
  return cycles;
}

}  // namespace lutra::compiler
