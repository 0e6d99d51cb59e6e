#pragma once

#include <cstdint>
#include <map>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/observer.h"
#include "traces/trace_file.h"

namespace lutra::traces {

// Draws what a simulation does between begin() and end() into a trace file: a row per unit and per DRAM bank, the
// DRAM's data bus and refreshes, and per initiator as many rows as it has bursts in flight at once, with a counter of
// their bytes. No two spans of a row overlap. What runs at begin() and at end() is cut there; bursts belong to the
// window in which they are asked for, whenever they end. README.md lists rows, categories and arguments.
class Timeline final : public models::Observer {
 public:
  // Throws Error naming the file when it cannot be written.
  explicit Timeline(std::filesystem::path path);

  void begin(std::uint64_t time_ps);  // once
  void end(std::uint64_t time_ps);

  // Puts the file into its place. Throws Error when anything could not be written.
  void commit() { file_.commit(); }

  void enter(std::string_view unit, models::Condition condition, std::string_view what, std::uint64_t time_ps,
             std::span<const models::Detail> details) override;
  void happen(std::string_view unit, std::string_view what, std::uint64_t time_ps) override;
  void burst(const models::ObservedBurst& burst) override;
  void dram_burst(const models::ObservedDramBurst& burst) override;
  void dram_refreshes(const models::ObservedRefreshes& refreshes) override;

 private:
  struct Unit {
    Place place;
    models::Condition condition = models::Condition::off;
    std::string what;
    std::vector<Argument> arguments;
    std::uint64_t since_ps = 0;
  };
  struct Flight {
    std::uint64_t done_ps;
    std::uint64_t bytes;
    bool operator>(const Flight& other) const { return done_ps > other.done_ps; }
  };
  struct Initiator {
    int process = 0;
    std::vector<std::uint64_t> rows;  // when each is free again
    std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flights;
    std::uint64_t bytes_in_flight = 0;
  };

  int process_of(std::string_view name);
  Place new_row(std::string_view process, std::string_view row);
  Unit& unit_of(std::string_view name);
  Place row_of(std::string_view unit) { return unit_of(unit).place; }
  void close(const Unit& unit, std::uint64_t end_ps);
  Place free_row(Initiator& initiator, std::uint64_t begin_ps, std::uint64_t end_ps);
  void land(Initiator& initiator, std::uint64_t until_ps);
  void count_bytes(const Initiator& initiator, std::uint64_t time_ps);

  TraceFile file_;
  bool recording_ = false;
  std::uint64_t begin_ps_ = 0;
  std::map<std::string, int, std::less<>> processes_;
  std::map<int, int> rows_;  // of each process
  std::map<std::string, Unit, std::less<>> units_;
  std::map<std::string, Initiator, std::less<>> initiators_;
};

}  // namespace lutra::traces
