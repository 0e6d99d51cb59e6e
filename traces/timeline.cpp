#include "traces/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lutra::traces {

namespace {

using models::Condition;
using models::RowState;

constexpr std::string_view data_bus = "dram.data bus";
constexpr std::string_view refresh_row = "dram.refresh";

constexpr std::string_view category(Condition condition) {
  switch (condition) {
    case Condition::busy:
      return "busy";
    case Condition::waiting:
      return "waiting";
    case Condition::off:
      return "off";
  }
  return {};
}

constexpr std::string_view name_of(RowState state) {
  switch (state) {
    case RowState::hit:
      return "row hit";
    case RowState::miss:
      return "row miss";
    case RowState::conflict:
      return "row conflict";
  }
  return {};
}

}  // namespace

Timeline::Timeline(std::filesystem::path path) : file_(std::move(path)) {}

void Timeline::begin(std::uint64_t time_ps) {
  recording_ = true;
  begin_ps_ = time_ps;
}

void Timeline::end(std::uint64_t time_ps) {
  for (const auto& [name, unit] : units_) close(unit, time_ps);
  for (auto& [name, initiator] : initiators_) land(initiator, std::numeric_limits<std::uint64_t>::max());
  recording_ = false;
}

void Timeline::enter(std::string_view name, Condition condition, std::string_view what, std::uint64_t time_ps,
                     std::span<const models::Detail> details) {
  Unit& unit = unit_of(name);
  if (details.empty() && unit.arguments.empty() && unit.condition == condition && unit.what == what) return;
  close(unit, time_ps);
  unit.condition = condition;
  unit.what = what;
  unit.arguments.clear();
  for (const models::Detail& detail : details) unit.arguments.push_back({std::string(detail.name), detail.value, {}});
  unit.since_ps = time_ps;
}

void Timeline::happen(std::string_view unit, std::string_view what, std::uint64_t time_ps) {
  const Place place = row_of(unit);
  if (recording_) file_.instant(place, what, time_ps);
}

// The part of what the unit does that lies in the window.
void Timeline::close(const Unit& unit, std::uint64_t end_ps) {
  if (!recording_ || unit.condition == Condition::off) return;
  const std::uint64_t begin_ps = std::max(unit.since_ps, begin_ps_);
  if (begin_ps < end_ps) file_.span(unit.place, unit.what, category(unit.condition), begin_ps, end_ps, unit.arguments);
}

void Timeline::burst(const models::ObservedBurst& burst) {
  if (!recording_) return;
  const auto [entry, added] = initiators_.try_emplace(std::string(burst.initiator));
  Initiator& initiator = entry->second;
  if (added) initiator.process = process_of(fmt::format("bus: {}", burst.initiator));
  const std::uint64_t asked_ps = std::max(burst.asked_ps, begin_ps_);
  if (asked_ps >= burst.done_ps) return;

  const Argument arguments[] = {{"address", 0, fmt::format("{:#x}", burst.address)},
                                {"bytes", burst.bytes, {}},
                                {"waited_ps", burst.taken_ps - burst.asked_ps, {}}};
  const std::string_view target = burst.target.empty() ? "nothing" : burst.target;
  const std::string name =
      fmt::format("{} {}{}", burst.write ? "write" : "read", target, burst.failed ? ": error" : "");
  file_.span(free_row(initiator, asked_ps, burst.done_ps), name, burst.write ? "write" : "read", asked_ps,
             burst.done_ps, arguments);

  const std::uint64_t taken_ps = std::max(burst.taken_ps, begin_ps_);
  land(initiator, taken_ps);
  initiator.flights.push({burst.done_ps, burst.bytes});
  initiator.bytes_in_flight += burst.bytes;
  count_bytes(initiator, taken_ps);
}

// The first of the initiator's rows that is free from `begin_ps` on.
Place Timeline::free_row(Initiator& initiator, std::uint64_t begin_ps, std::uint64_t end_ps) {
  const auto found = std::find_if(initiator.rows.begin(), initiator.rows.end(),
                                  [&](std::uint64_t free_ps) { return free_ps <= begin_ps; });
  const auto index = static_cast<int>(found - initiator.rows.begin());
  const Place place{initiator.process, index + 1};
  if (found != initiator.rows.end()) {
    *found = end_ps;
  } else {
    initiator.rows.push_back(end_ps);
    file_.name_row(place, fmt::format("burst {}", index + 1));
  }
  return place;
}

// Takes the bursts that are complete by `until_ps` off the counter.
void Timeline::land(Initiator& initiator, std::uint64_t until_ps) {
  while (!initiator.flights.empty() && initiator.flights.top().done_ps <= until_ps) {
    const std::uint64_t done_ps = initiator.flights.top().done_ps;
    for (; !initiator.flights.empty() && initiator.flights.top().done_ps == done_ps; initiator.flights.pop())
      initiator.bytes_in_flight -= initiator.flights.top().bytes;
    if (done_ps != until_ps) count_bytes(initiator, done_ps);
  }
}

void Timeline::count_bytes(const Initiator& initiator, std::uint64_t time_ps) {
  file_.counter(initiator.process, "in flight", "bytes", time_ps, initiator.bytes_in_flight);
}

void Timeline::dram_burst(const models::ObservedDramBurst& burst) {
  if (!recording_) return;
  const Argument arguments[] = {
      {"bank", burst.bank, {}},
      {"row", burst.row, {}},
      {"bytes", burst.bytes, {}},
      {"after_arrival_ps", burst.data_begin_ps - std::min(burst.data_begin_ps, burst.arrived_ps), {}}};
  file_.span(row_of(data_bus), fmt::format("{}, {}", burst.write ? "write" : "read", name_of(burst.row_state)),
             burst.write ? "write" : "read", burst.data_begin_ps, burst.data_end_ps, arguments);
}

void Timeline::dram_refreshes(const models::ObservedRefreshes& refreshes) {
  if (!recording_) return;
  for (std::uint64_t i = 0; i < refreshes.count; ++i) {
    const std::uint64_t begin_ps = refreshes.begin_ps + i * refreshes.interval_ps;
    file_.span(row_of(refresh_row), "refresh", "busy", begin_ps, begin_ps + refreshes.duration_ps, {});
  }
}

int Timeline::process_of(std::string_view name) {
  const auto found = processes_.find(name);
  if (found != processes_.end()) return found->second;
  const int process = static_cast<int>(processes_.size()) + 1;
  processes_.emplace(name, process);
  file_.name_process(process, name);
  return process;
}

Place Timeline::new_row(std::string_view process, std::string_view row) {
  const int number = process_of(process);
  const Place place{number, ++rows_[number]};
  file_.name_row(place, row);
  return place;
}

Timeline::Unit& Timeline::unit_of(std::string_view name) {
  const auto found = units_.find(name);
  if (found != units_.end()) return found->second;
  const std::size_t dot = name.find('.');
  Unit unit;
  unit.place = dot == std::string_view::npos ? new_row(name, name) : new_row(name.substr(0, dot), name.substr(dot + 1));
  return units_.emplace(name, std::move(unit)).first->second;
}

}  // namespace lutra::traces
