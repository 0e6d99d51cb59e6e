#include <algorithm>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/engine/engine.h"
#include "accelerators/engine/transfer.h"
#include "accelerators/family/activation_layout.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators {

void Engine::run_unit(Unit unit) {
  for (;;) {
    const Command command = next_command(unit);
    come_to(unit, command.operation);
    if (!take_tokens(unit, command)) continue;
    enter(unit, State::busy, &command);
    const lutra_engine_error error = run(command);
    if (error != LUTRA_ERROR_NONE)
      fail(error, command.stream_offset);
    else
      give_tokens(unit, command);
  }
}

Command Engine::next_command(Unit unit) {
  Lane& own = lane(unit);
  if (ledger_.running()) {
    enter(unit, State::waits_command);
    look_for_deadlock();
  }
  while (own.queue.empty()) sc_core::wait(own.changed);
  Command command = std::move(own.queue.front());
  own.queue.pop_front();
  queue_space_.notify(sc_core::SC_ZERO_TIME);
  return command;
}

void Engine::come_to(Unit unit, std::optional<std::uint32_t> operation) {
  std::optional<std::uint32_t>& at = operations_[static_cast<int>(unit)];
  if (at == operation) return;
  at = operation;
  if (operation && on_operation_) on_operation_(unit, *operation);
}

bool Engine::take_tokens(Unit unit, const Command& command) {
  const auto [previous, next] = neighbours(unit);
  const bool from_previous = (command.tokens & LUTRA_WAIT_PREVIOUS) != 0;
  if (from_previous && !take_token(unit, State::waits_previous, tokens(previous, unit))) return false;
  const bool from_next = (command.tokens & LUTRA_WAIT_NEXT) != 0;
  return !from_next || take_token(unit, State::waits_next, tokens(next, unit));
}

bool Engine::take_token(Unit unit, State state, int& token) {
  Lane& own = lane(unit);
  own.token = &token;
  enter(unit, state);
  look_for_deadlock();
  while (token == 0 && !failed_) sc_core::wait(own.changed);
  own.token = nullptr;
  if (failed_) return false;
  --token;
  return true;
}

void Engine::give_tokens(Unit unit, const Command& command) {
  const auto [previous, next] = neighbours(unit);
  const auto give = [&](Unit to) {
    ++tokens(unit, to);
    lane(to).changed.notify(sc_core::SC_ZERO_TIME);
  };
  if ((command.tokens & LUTRA_SIGNAL_PREVIOUS) != 0) give(previous);
  if ((command.tokens & LUTRA_SIGNAL_NEXT) != 0) give(next);
}

lutra_engine_error Engine::run(const Command& command) {
  if (const auto* tile = std::get_if<lutra_tile>(&command.body)) return run_tile(*tile);
  if (std::holds_alternative<lutra_operation>(command.body)) return LUTRA_ERROR_NONE;
  return run_transfer(std::get<lutra_transfer>(command.body), command.unit);
}

lutra_engine_error Engine::run_transfer(const lutra_transfer& transfer, Unit unit) {
  const sc_core::sc_time begin = sc_core::sc_time_stamp();
  const auto name = static_cast<lutra_buffer>(transfer.buffer);
  const std::span<std::uint8_t> buffer = buffers_.bytes[name];
  const bool loads = unit == Unit::load;
  const bool resident = name == LUTRA_BUFFER_WEIGHT_MEMORY;
  if (resident && transfer.offset > buffers_.weight_level) {
    sc_core::wait(period_);
    return LUTRA_ERROR_UNWRITTEN;
  }
  if (loads) fill_padding(transfer, buffer);

  const bool maps = transfer.memory == LUTRA_MEMORY_MAPS;
  const std::uint64_t map_cycles = maps ? move_in_maps(transfer, unit) : 0;
  if (!maps && !move_over_bus(transfer, unit)) return LUTRA_ERROR_BUS;
  if (failed_) return LUTRA_ERROR_NONE;

  const std::uint64_t footprint = footprint_bytes(transfer);
  if (resident)
    buffers_.weight_level = std::max(buffers_.weight_level, static_cast<std::uint32_t>(transfer.offset + footprint));
  if (loads) events_.count_padding(name, footprint - data_bytes(transfer));
  const std::uint64_t port_cycles = loads && name == LUTRA_BUFFER_ACTIVATION
                                        ? write_cycles(transfer, activation_banks(config_, *family_))
                                        : divide_up(footprint, transfer_port_bytes);
  const sc_core::sc_time port_done =
      begin + sc_core::sc_time::from_value(std::max(port_cycles, map_cycles) * period_.value());
  if (port_done > sc_core::sc_time_stamp()) sc_core::wait(port_done - sc_core::sc_time_stamp());
  return LUTRA_ERROR_NONE;
}

bool Engine::move_over_bus(const lutra_transfer& transfer, Unit unit) {
  const bool loads = unit == Unit::load;
  const auto name = static_cast<lutra_buffer>(transfer.buffer);
  const std::span<std::uint8_t> buffer = buffers_.bytes[name];
  BurstPort& port = loads ? load_port_ : store_port_;
  Bursts bursts(transfer, static_cast<std::uint32_t>(config_.burst_bytes));
  std::vector<std::uint8_t> data(static_cast<std::size_t>(config_.burst_bytes));
  bool accepted = true;
  if (!loads) sc_core::wait(period_);  // the first read of the buffer
  while (const auto burst = bursts.next()) {
    accepted = port.make_room() && accepted;
    if (failed_ || !accepted) break;
    const auto bytes = std::span(data).first(burst->bytes);
    if (!loads) gather(transfer, burst->first, bytes, buffer);
    const bool brings = port.issue(loads ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, burst->address, bytes);
    if (loads && brings) scatter(transfer, burst->first, bytes, buffer);
    events_.count_burst(unit, name, burst->bytes);
  }
  return port.retire_all() && accepted;
}

std::uint64_t Engine::move_in_maps(const lutra_transfer& transfer, Unit unit) {
  const auto name = static_cast<lutra_buffer>(transfer.buffer);
  const std::span<std::uint8_t> buffer = buffers_.bytes[name];
  const std::span<std::uint8_t> maps = buffers_.bytes[LUTRA_BUFFER_MAP_MEMORY];
  Bursts words(transfer, static_cast<std::uint32_t>(transfer_port_bytes));
  std::uint64_t cycles = memory_latency;
  for (; const auto word = words.next(); ++cycles) {
    const std::span<std::uint8_t> bytes = maps.subspan(word->address, word->bytes);
    if (unit == Unit::load)
      scatter(transfer, word->first, bytes, buffer);
    else
      gather(transfer, word->first, bytes, buffer);
  }
  events_.count_map_transfer(unit, name, data_bytes(transfer));
  return cycles;
}

lutra_engine_error Engine::run_tile(const lutra_tile& tile) {
  const TileResult result = compute_tile(tile, config_, *family_, buffers_);
  if (result.error != LUTRA_ERROR_NONE) return result.error;
  sc_core::wait(sc_core::sc_time::from_value(result.cycles * period_.value()));
  commit(tile, result, buffers_);
  events_.count_tile(result.events);
  return LUTRA_ERROR_NONE;
}

}  // namespace lutra::accelerators
