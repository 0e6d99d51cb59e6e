#include "software/prediction/command_stream.h"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "accelerators/engine/decode.h"
#include "accelerators/engine/transfer.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/family/timing.h"
#include "software/common/arithmetic.h"

namespace lutra::prediction {

namespace {

using accelerators::Unit;

// As the load and the store unit take them: accelerators/engine/README.md.
std::uint64_t transfer_cycles(const lutra_transfer& transfer, bool loads, const accelerators::ActivationBanks& banks) {
  const std::uint64_t port =
      loads && transfer.buffer == LUTRA_BUFFER_ACTIVATION
          ? accelerators::write_cycles(transfer, banks)
          : divide_up(accelerators::footprint_bytes(transfer), accelerators::transfer_port_bytes);
  if (transfer.memory != LUTRA_MEMORY_MAPS) return port;
  accelerators::Bursts words(transfer, accelerators::transfer_port_bytes);
  std::uint64_t cycles = accelerators::memory_latency;
  while (words.next()) ++cycles;
  return std::max(port, cycles);
}

}  // namespace

void for_each_command(std::span<const std::uint8_t> stream, const accelerators::EngineConfig& config,
                      const accelerators::Family& family,
                      const std::function<void(const accelerators::Command&, std::uint32_t bytes)>& visit) {
  accelerators::Decoder decoder(config, family);
  for (std::size_t at = 0, bytes = 0; at < stream.size(); at += bytes) {
    bytes = accelerators::command_bytes(stream.subspan(at).first<sizeof(lutra_command)>());
    if (bytes == 0) throw std::logic_error("a command stream holds no command");
    const accelerators::Command command = decoder.decode(stream.subspan(at, bytes), static_cast<std::uint32_t>(at));
    if (command.error != LUTRA_ERROR_NONE) throw std::logic_error("a command stream holds what the engine refuses");
    visit(command, static_cast<std::uint32_t>(bytes));
  }
}

std::vector<Work> read_stream(std::span<const std::uint8_t> stream, const accelerators::EngineConfig& config,
                              const accelerators::Family& family) {
  const accelerators::ActivationBanks banks = accelerators::activation_banks(config, family);
  std::vector<Work> work;
  for_each_command(stream, config, family, [&](const accelerators::Command& command, std::uint32_t bytes) {
    Work& added = work.emplace_back();
    added.unit = command.unit;
    added.tokens = command.tokens;
    added.bytes = bytes;
    if (const auto* tile = std::get_if<lutra_tile>(&command.body))
      added.cycles = accelerators::tile_cycles(*tile, config, family);
    if (const auto* transfer = std::get_if<lutra_transfer>(&command.body)) {
      added.cycles = transfer_cycles(*transfer, command.unit == Unit::load, banks);
      if (transfer->memory == LUTRA_MEMORY_MAIN) added.over_bus = *transfer;
    }
  });
  return work;
}

}  // namespace lutra::prediction
