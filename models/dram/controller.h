#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/base/observer.h"
#include "models/base/statistics.h"
#include "models/dram/timing.h"

namespace lutra::models {

struct DramCounts {
  std::uint64_t activates = 0;
  std::uint64_t precharges = 0;  // of one bank; a refresh precharges every open one
  std::uint64_t read_bursts = 0;
  std::uint64_t write_bursts = 0;
  std::uint64_t refreshes = 0;  // of all banks
  std::uint64_t row_hits = 0;
  std::uint64_t row_misses = 0;     // the bank had no open row
  std::uint64_t row_conflicts = 0;  // it had another
  // Clocks with a row open somewhere, or none, in standby or powered down. They add up to the time accounted for.
  std::uint64_t active_standby = 0;
  std::uint64_t precharge_standby = 0;
  std::uint64_t active_power_down = 0;
  std::uint64_t precharge_power_down = 0;
};

// What the counters of the component "dram" are called, but for bytes.
struct DramEvent {
  const char* event;
  std::uint64_t DramCounts::*value;
  Quantity quantity;
  const char* description;
};
std::span<const DramEvent> dram_events();

// The timing of one DRAM channel behind an in-order, open-page controller: activates and column commands in the order
// of the requests, each as early as JEDEC's constraints allow, an all-bank refresh every tREFI before any request that
// could not start earlier, power-down when idle. The command bus is no constraint. Plain C++; times are absolute, in
// picoseconds, and commands are issued on clock edges.
//
// Example, a read of a closed row that arrives at time 0: ACT at clock 0, RD at tRCD, last data at tRCD + RL + tDQSCK +
// BL/2.
class DramController {
 public:
  explicit DramController(const DramTiming& timing);

  // The time the last data has crossed the bus. Arrivals may go back in time; service keeps the order of the calls.
  std::uint64_t access(std::uint64_t time_ps, std::uint64_t address, std::uint64_t bytes, bool write);

  // The same for what lies in one burst. A write of less than a whole burst is a masked write.
  std::uint64_t burst(std::uint64_t time_ps, std::uint64_t address, std::uint64_t bytes, bool write);

  // Refreshes and counts up to this time; no access may arrive earlier any more.
  void advance(std::uint64_t time_ps);

  // Tells `observer` from now on of bursts, refreshes and, under "dram.bank <n>", open rows. Null: nobody.
  void observe(Observer* observer);

  const DramTiming& timing() const { return timing_; }
  const DramCounts& counts() const { return counts_; }

 private:
  using Clock = std::uint64_t;

  struct Bank {
    bool open = false;
    std::uint64_t row = 0;
    Clock activate = 0;  // earliest, here and below
    Clock column = 0;
    Clock masked_write = 0;
    Clock precharge = 0;
  };
  struct Group {
    Clock activate = 0;  // earliest, here and below
    Clock read = 0;
    Clock write = 0;
  };
  struct Location {
    std::uint32_t bank;
    std::uint64_t row;
  };

  Location locate(std::uint64_t address) const;
  // Bank `n` lies in group `n` modulo the number of groups.
  std::size_t group_index(const Bank& bank) const {
    return static_cast<std::size_t>(&bank - banks_.data()) & (groups_.size() - 1);
  }
  Group& group_of(const Bank& bank) { return groups_[group_index(bank)]; }
  const Group& group_of(const Bank& bank) const { return groups_[group_index(bank)]; }
  Clock to_clock(std::uint64_t time_ps) const { return (time_ps + timing_.clock_ps - 1) / timing_.clock_ps; }
  Clock awake(Clock arrival) const;
  Clock activate_time(const Bank& bank, Clock from) const;
  Clock column_time(const Bank& bank, Clock from, bool write, bool masked) const;
  void open_row(Bank& bank, std::uint64_t row, Clock from);
  void report_row(const Bank& bank, Clock time) const;
  void report_burst(const Location& where, std::uint64_t bytes, bool write, RowState state, Clock arrival,
                    Clock done) const;
  void report_refreshes(Clock begin, std::uint64_t count) const;
  void refresh();
  void refresh_until(Clock limit);
  void skip(std::uint64_t intervals, const DramCounts& before);
  void wake(Clock from);
  void account(Clock until);
  void busy_until(Clock end);

  DramTiming timing_;
  std::uint32_t burst_shift_;
  std::uint32_t row_shift_;   // bursts in a row
  std::uint32_t bank_shift_;  // banks in a group
  std::uint32_t group_shift_;
  std::vector<Bank> banks_;
  std::vector<Group> groups_;
  std::uint32_t open_banks_ = 0;
  std::array<Clock, 4> last_activates_{};  // ring
  std::uint32_t next_activate_ = 0;
  std::uint64_t activates_since_start_ = 0;
  Clock last_read_ = 0;  // of any bank
  Clock last_write_ = 0;
  bool any_read_ = false;
  bool any_write_ = false;
  Clock next_refresh_;
  Clock idle_since_ = 0;
  Clock accounted_ = 0;
  Clock last_refresh_ = 0;
  DramCounts counts_;
  Observer* observer_ = nullptr;
  std::vector<std::string> bank_units_;  // while somebody watches
};

}  // namespace lutra::models
