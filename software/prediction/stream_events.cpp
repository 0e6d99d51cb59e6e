#include "software/prediction/stream_events.h"

#include <algorithm>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/engine/transfer.h"
#include "software/prediction/command_stream.h"

namespace lutra::prediction {

namespace {

using accelerators::Unit;

void count_transfer(const lutra_transfer& transfer, Unit unit, std::uint32_t burst_bytes,
                    accelerators::EventCounters& counters) {
  const auto buffer = static_cast<lutra_buffer>(transfer.buffer);
  const std::uint64_t data = accelerators::data_bytes(transfer);
  if (transfer.memory == LUTRA_MEMORY_MAPS) {
    counters.count_map_transfer(unit, buffer, data);
  } else {
    accelerators::Bursts bursts(transfer, burst_bytes);
    while (const auto burst = bursts.next()) counters.count_burst(unit, buffer, burst->bytes);
  }
  if (unit == Unit::load) counters.count_padding(buffer, accelerators::footprint_bytes(transfer) - data);
}

void count_fetches(std::uint64_t address, std::uint64_t bytes, std::uint64_t block,
                   accelerators::EventCounters& counters) {
  for (std::uint64_t taken = 0; bytes > 0; address += taken, bytes -= taken) {
    taken = std::min(bytes, block - address % block);
    counters.count_fetch(taken);
  }
}

}  // namespace

void count_stream(std::span<const std::uint8_t> stream, std::uint32_t address, double share,
                  const accelerators::EngineConfig& config, const accelerators::Family& family,
                  accelerators::EventCounters& counters) {
  if ((address & LUTRA_STREAM_RESIDENT) != 0)
    counters.count_resident_fetch(stream.size());
  else
    count_fetches(address, stream.size(), static_cast<std::uint64_t>(config.burst_bytes), counters);
  for_each_command(stream, config, family, [&](const accelerators::Command& command, std::uint32_t) {
    counters.count_command();
    if (const auto* tile = std::get_if<lutra_tile>(&command.body))
      counters.count_tile(accelerators::expected_events(*tile, config, family, share));
    if (const auto* transfer = std::get_if<lutra_transfer>(&command.body))
      count_transfer(*transfer, command.unit, static_cast<std::uint32_t>(config.burst_bytes), counters);
  });
}

}  // namespace lutra::prediction
