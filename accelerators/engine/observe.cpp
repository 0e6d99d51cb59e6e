#include "accelerators/engine/engine.h"

namespace lutra::accelerators {

namespace {

using models::Condition;
using models::Detail;

constexpr std::string_view unit_names[] = {"engine.fetch", "engine.load", "engine.compute", "engine.store"};
static_assert(std::size(unit_names) == unit_count);
constexpr std::string_view cause_unit = "engine.why";

constexpr std::string_view load_names[] = {"loads activations",    "loads weights", "loads parameters",
                                           "loads skip values",    "loads outputs", "loads resident weights",
                                           "loads the map memory", "loads commands"};
static_assert(std::size(load_names) == LUTRA_BUFFER_COUNT);

struct RowState {
  Condition condition = Condition::off;
  std::string_view what;
};

constexpr RowState row_state(Cause cause) {
  switch (cause) {
    case Cause::idle:
      return {};
    case Cause::compute:
      return {Condition::busy, "compute"};
    case Cause::load:
      return {Condition::waiting, "load"};
    case Cause::store:
      return {Condition::waiting, "store"};
    case Cause::command:
      return {Condition::waiting, "command"};
  }
  return {};
}

constexpr std::string_view waits_for(Unit unit) {
  constexpr std::string_view names[] = {"waits for a command", "waits for load", "waits for compute",
                                        "waits for store"};
  return names[static_cast<int>(unit)];
}

RowState waiting(Unit unit, State state, Unit full_queue) {
  switch (state) {
    case State::waits_command:
      return {Condition::waiting, waits_for(Unit::fetch)};
    case State::waits_previous:
      return {Condition::waiting, waits_for(neighbours(unit).previous)};
    case State::waits_next:
      return {Condition::waiting, waits_for(neighbours(unit).next)};
    case State::stalled:
      return {Condition::waiting, waits_for(full_queue)};
    default:
      return {};
  }
}

std::string_view tile_name(const lutra_tile& tile) {
  switch (tile.kind) {
    case LUTRA_TILE_MATRIX:
      return "matrix tile";
    case LUTRA_TILE_MAXIMUM:
      return "maximum tile";
    case LUTRA_TILE_SUM:
      return "sum tile";
    default:
      return "elementwise tile";
  }
}

void report_command(models::Observer& observer, Unit unit, const Command& command, std::uint64_t time_ps) {
  if (std::holds_alternative<lutra_operation>(command.body)) return;
  const Detail offset{"stream_offset", command.stream_offset};
  if (const auto* tile = std::get_if<lutra_tile>(&command.body)) {
    const Detail details[] = {offset, {"rows", tile->rows}, {"columns", tile->columns}, {"channels", tile->channels}};
    observer.enter(unit_names[static_cast<int>(unit)], Condition::busy, tile_name(*tile), time_ps, details);
    return;
  }
  const auto& transfer = std::get<lutra_transfer>(command.body);
  const std::uint64_t bytes = std::uint64_t{transfer.rows} * transfer.columns * transfer.element_bytes;
  const Detail details[] = {offset, {"address", transfer.address}, {"bytes", bytes}};
  const std::string_view what = unit == Unit::load ? load_names[transfer.buffer] : "stores outputs";
  observer.enter(unit_names[static_cast<int>(unit)], Condition::busy, what, time_ps, details);
}

}  // namespace

void Engine::observe(models::Observer* observer) {
  observer_ = observer;
  if (observer_ != nullptr) report_all();
}

void Engine::report(Unit unit, const Command* command) const {
  const std::uint64_t time_ps = sc_core::sc_time_stamp().value();
  const auto [why, cause] = row_state(ledger_.cause());
  observer_->enter(cause_unit, why, cause, time_ps, {});
  if (command != nullptr) return report_command(*observer_, unit, *command, time_ps);
  const State state = ledger_.state(unit);
  const RowState does =
      state == State::busy ? RowState{Condition::busy, "fetches commands"} : waiting(unit, state, stalled_on_);
  observer_->enter(unit_names[static_cast<int>(unit)], does.condition, does.what, time_ps, {});
}

void Engine::report_all() const {
  for (const Unit unit : {Unit::fetch, Unit::load, Unit::compute, Unit::store}) report(unit, nullptr);
}

}  // namespace lutra::accelerators
