#include "accelerators/engine/buffers.h"

namespace lutra::accelerators {

std::uint64_t buffer_capacity(const EngineConfig& config, lutra_buffer buffer) {
  switch (buffer) {
    case LUTRA_BUFFER_ACTIVATION:
      return config.activation_buffer_bytes;
    case LUTRA_BUFFER_WEIGHT:
      return config.weight_buffer_bytes;
    case LUTRA_BUFFER_PARAMETER:
      return config.parameter_buffer_bytes;
    case LUTRA_BUFFER_SKIP:
      return config.skip_buffer_bytes;
    case LUTRA_BUFFER_OUTPUT:
      return config.output_buffer_bytes;
    case LUTRA_BUFFER_WEIGHT_MEMORY:
      return config.weight_memory_bytes;
    case LUTRA_BUFFER_MAP_MEMORY:
      return config.map_memory_bytes;
    case LUTRA_BUFFER_COMMAND_MEMORY:
      return config.command_memory_bytes;
    case LUTRA_BUFFER_COUNT:
      break;
  }
  return 0;
}

Buffers::Buffers(const EngineConfig& config) {
  for (int buffer = 0; buffer < LUTRA_BUFFER_COUNT; ++buffer)
    bytes[buffer].resize(buffer_capacity(config, static_cast<lutra_buffer>(buffer)));
  accumulators.resize(static_cast<std::size_t>(config.accumulator_buffer_bytes) / sizeof(std::int32_t));
}

}  // namespace lutra::accelerators
