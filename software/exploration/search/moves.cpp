#include "software/exploration/search/moves.h"

#include <algorithm>

#include "accelerators/family/engine_knobs.h"

namespace lutra::exploration {

namespace {

using accelerators::ConstantPlace;
using accelerators::EngineConfig;
using accelerators::MapPlace;
using accelerators::WeightPlace;

constexpr int smallest_buffer = 256;
constexpr int largest_buffer = 1 << 20;
constexpr int smallest_memory = 2048;

constexpr int EngineConfig::*buffers[] = {
    &EngineConfig::activation_buffer_bytes, &EngineConfig::weight_buffer_bytes,
    &EngineConfig::parameter_buffer_bytes,  &EngineConfig::skip_buffer_bytes,
    &EngineConfig::output_buffer_bytes,     &EngineConfig::accumulator_buffer_bytes};

// An axis of the array's shape.
struct Extent {
  int EngineConfig::*value;
  const std::vector<int>& (*choices)(const SearchSpace& space);
};
constexpr Extent extents[] = {
    {&EngineConfig::rows, [](const SearchSpace& space) -> const std::vector<int>& { return space.rows; }},
    {&EngineConfig::columns, [](const SearchSpace& space) -> const std::vector<int>& { return space.columns; }},
    {&EngineConfig::lanes, [](const SearchSpace& space) -> const std::vector<int>& { return space.lanes; }},
    {&EngineConfig::post_lanes, [](const SearchSpace& space) -> const std::vector<int>& { return space.post_lanes; }}};

// The next larger choice (steps 1), the next smaller one (-1); `value` itself where there is none.
int neighbour(const std::vector<int>& choices, int value, int step) {
  int found = value;
  for (const int choice : choices) {
    if (step > 0 && choice > value && (found == value || choice < found)) found = choice;
    if (step < 0 && choice < value && (found == value || choice > found)) found = choice;
  }
  return found;
}

bool weights_free(const Design& design, const SearchSpace& space) {
  return space.free_memories && design.memory.weights != WeightPlace::resident;
}

bool maps_free(const Design& design, const SearchSpace& space) {
  return space.free_memories && design.memory.activations != MapPlace::on_chip;
}

// Of this size; 0: none.
Design with_weights(Design design, int bytes) {
  design.engine.weight_memory_bytes = bytes;
  design.memory.weights = bytes > 0 ? WeightPlace::automatic : WeightPlace::streamed;
  return design;
}

Design with_maps(Design design, int bytes) {
  design.engine.map_memory_bytes = bytes;
  design.memory.activations = bytes > 0 ? MapPlace::automatic : MapPlace::dram;
  if (bytes == 0) design.memory.parameters = ConstantPlace::streamed;
  return design;
}

Design with_commands(Design design, bool resident) {
  design.engine.command_memory_bytes = resident ? accelerators::largest_buffer_bytes : 0;
  design.memory.commands = resident ? ConstantPlace::resident : ConstantPlace::streamed;
  return design;
}

int larger_memory(int bytes) { return bytes == 0 ? smallest_memory : 2 * bytes; }
int smaller_memory(int bytes) { return bytes <= smallest_memory ? 0 : bytes / 2; }

void change_memories(const Design& design, const SearchSpace& space, std::vector<Design>& changed) {
  constexpr int all = accelerators::largest_buffer_bytes;
  if (maps_free(design, space)) {
    changed.push_back(with_maps(design, all));
    changed.push_back(with_maps(design, larger_memory(design.engine.map_memory_bytes)));
    if (design.memory.parameters == ConstantPlace::streamed) {
      Design parameters = with_maps(design, all);
      parameters.memory.parameters = ConstantPlace::resident;
      changed.push_back(std::move(parameters));
    }
  }
  if (weights_free(design, space)) {
    changed.push_back(with_weights(design, all));
    changed.push_back(with_weights(design, larger_memory(design.engine.weight_memory_bytes)));
  }
  if (space.free_memories && design.memory.commands == ConstantPlace::streamed)
    changed.push_back(with_commands(design, true));
}

void change_shape(const Design& design, const SearchSpace& space, std::vector<Design>& changed) {
  for (const Extent& up : extents) {
    Design larger = design;
    larger.engine.*up.value = neighbour(up.choices(space), design.engine.*up.value, 1);
    if (larger.engine.*up.value == design.engine.*up.value) continue;
    changed.push_back(larger);
    for (const Extent& down : extents) {
      if (down.value == up.value) continue;
      Design traded = larger;
      traded.engine.*down.value = neighbour(down.choices(space), design.engine.*down.value, -1);
      if (traded.engine.*down.value != design.engine.*down.value) changed.push_back(std::move(traded));
    }
  }
  for (const accelerators::Dataflow dataflow : space.dataflows)
    if (dataflow != design.engine.dataflow) {
      changed.push_back(design);
      changed.back().engine.dataflow = dataflow;
    }
  for (const int step : {1, -1}) {
    const int width = neighbour(space.bus_bytes, static_cast<int>(design.bus_bytes), step);
    if (width == static_cast<int>(design.bus_bytes)) continue;
    changed.push_back(design);
    changed.back().bus_bytes = static_cast<std::uint32_t>(width);
  }
}

}  // namespace

std::vector<Design> changes(const Design& design, const SearchSpace& space) {
  std::vector<Design> changed;
  change_memories(design, space, changed);
  change_shape(design, space, changed);
  for (const auto buffer : buffers) {
    if (design.engine.*buffer >= largest_buffer) continue;
    changed.push_back(design);
    changed.back().engine.*buffer *= 2;
  }
  return changed;
}

std::vector<Design> smaller(const Design& design, const SearchSpace& space) {
  std::vector<Design> changed;
  for (const auto buffer : buffers) {
    if (design.engine.*buffer / 2 < smallest_buffer) continue;
    changed.push_back(design);
    changed.back().engine.*buffer /= 2;
  }
  if (weights_free(design, space) && design.engine.weight_memory_bytes > 0)
    changed.push_back(with_weights(design, smaller_memory(design.engine.weight_memory_bytes)));
  if (maps_free(design, space) && design.engine.map_memory_bytes > 0)
    changed.push_back(with_maps(design, smaller_memory(design.engine.map_memory_bytes)));
  if (space.free_memories && design.engine.command_memory_bytes > 0) changed.push_back(with_commands(design, false));
  return changed;
}

Design without_memories(Design design, const SearchSpace& space) {
  if (weights_free(design, space)) design = with_weights(std::move(design), 0);
  if (maps_free(design, space)) design = with_maps(std::move(design), 0);
  return space.free_memories ? with_commands(std::move(design), false) : design;
}

Design smallest(Design design, const SearchSpace& space) {
  for (const auto buffer : buffers) design.engine.*buffer = std::min(design.engine.*buffer, smallest_buffer);
  return without_memories(std::move(design), space);
}

Design on_chip(Design design, const SearchSpace& space) {
  constexpr int all = accelerators::largest_buffer_bytes;
  if (weights_free(design, space)) design = with_weights(std::move(design), all);
  if (maps_free(design, space)) {
    design = with_maps(std::move(design), all);
    design.memory.parameters = ConstantPlace::resident;
  }
  return space.free_memories ? with_commands(std::move(design), true) : design;
}

Design with_buffers(Design design, const Design& sizes, int divisor) {
  for (const auto buffer : buffers) design.engine.*buffer = std::max(sizes.engine.*buffer / divisor, smallest_buffer);
  design.memory = sizes.memory;
  for (const auto memory :
       {&EngineConfig::weight_memory_bytes, &EngineConfig::map_memory_bytes, &EngineConfig::command_memory_bytes})
    design.engine.*memory = sizes.engine.*memory;
  if (design.memory.commands == ConstantPlace::resident)
    design.engine.command_memory_bytes = accelerators::largest_buffer_bytes;
  return design;
}

}  // namespace lutra::exploration
