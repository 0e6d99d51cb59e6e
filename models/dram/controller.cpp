#include "models/dram/controller.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace lutra::models {

std::span<const DramEvent> dram_events() {
  static constexpr DramEvent events[] = {
      {"activate", &DramCounts::activates, Quantity::events, "rows opened"},
      {"precharge", &DramCounts::precharges, Quantity::events, "rows closed"},
      {"read_burst", &DramCounts::read_bursts, Quantity::events, "read commands"},
      {"write_burst", &DramCounts::write_bursts, Quantity::events, "write commands"},
      {"refresh", &DramCounts::refreshes, Quantity::events, "all-bank refreshes"},
      {"row_hit", &DramCounts::row_hits, Quantity::events, "bursts to the open row"},
      {"row_miss", &DramCounts::row_misses, Quantity::events, "bursts to a bank without an open row"},
      {"row_conflict", &DramCounts::row_conflicts, Quantity::events, "bursts to a bank with another open row"},
      {"active_standby", &DramCounts::active_standby, Quantity::cycles, "DRAM clocks with an open row"},
      {"precharge_standby", &DramCounts::precharge_standby, Quantity::cycles, "DRAM clocks without an open row"},
      {"active_power_down", &DramCounts::active_power_down, Quantity::cycles,
       "DRAM clocks powered down with an open row"},
      {"precharge_power_down", &DramCounts::precharge_power_down, Quantity::cycles,
       "DRAM clocks powered down without an open row"}};
  return events;
}

DramController::DramController(const DramTiming& timing)
    : timing_(timing),
      burst_shift_(static_cast<std::uint32_t>(std::countr_zero(timing.burst_bytes()))),
      row_shift_(static_cast<std::uint32_t>(std::countr_zero(timing.columns / timing.burst_length))),
      bank_shift_(static_cast<std::uint32_t>(std::countr_zero(timing.banks_per_group()))),
      group_shift_(static_cast<std::uint32_t>(std::countr_zero(timing.bank_groups))),
      banks_(timing.banks),
      groups_(timing.bank_groups),
      next_refresh_(timing.refi - timing.refi * timing.refresh_phase / 100) {}

DramController::Location DramController::locate(std::uint64_t address) const {
  const std::uint64_t burst = address >> burst_shift_;
  std::uint64_t bank = 0;
  std::uint64_t row = 0;
  switch (timing_.mapping) {
    case DramMapping::row_bank_column: {
      const std::uint64_t page = burst >> row_shift_;
      bank = page & (timing_.banks - 1);
      row = page >> bank_shift_ >> group_shift_;
      break;
    }
    case DramMapping::bank_row_column: {
      const std::uint64_t page = burst >> row_shift_;
      bank = page / timing_.rows & (timing_.banks - 1);
      row = page % timing_.rows;
      break;
    }
    case DramMapping::row_bank_column_group: {
      const std::uint64_t page = burst >> group_shift_ >> row_shift_;
      bank = (page & (timing_.banks_per_group() - 1)) << group_shift_ | (burst & (timing_.bank_groups - 1));
      row = page >> bank_shift_;
      break;
    }
  }
  if (timing_.bank_xor && timing_.banks > 1)
    for (std::uint64_t rest = row; rest != 0; rest /= timing_.banks) bank ^= rest & (timing_.banks - 1);
  return {static_cast<std::uint32_t>(bank), row};
}

std::uint64_t DramController::access(std::uint64_t time_ps, std::uint64_t address, std::uint64_t bytes, bool write) {
  std::uint64_t done = time_ps;
  while (bytes > 0) {
    const std::uint64_t part = std::min(bytes, timing_.burst_bytes() - address % timing_.burst_bytes());
    done = burst(time_ps, address, part, write);
    address += part;
    bytes -= part;
  }
  return done;
}

std::uint64_t DramController::burst(std::uint64_t time_ps, std::uint64_t address, std::uint64_t bytes, bool write) {
  const Location where = locate(address);
  const bool masked = write && bytes < timing_.burst_bytes();
  const Clock arrival = to_clock(time_ps);
  Bank& bank = banks_[where.bank];
  refresh_until(arrival);
  Clock from = 0;
  while (true) {
    from = awake(arrival);
    const bool hit = bank.open && bank.row == where.row;
    const Clock first = hit         ? column_time(bank, from, write, masked)
                        : bank.open ? std::max(from, bank.precharge)
                                    : activate_time(bank, from);
    if (first < next_refresh_) break;
    refresh();
  }
  wake(from);
  RowState state = RowState::hit;
  if (bank.open && bank.row == where.row) {
    ++counts_.row_hits;
  } else {
    state = bank.open ? RowState::conflict : RowState::miss;
    ++(bank.open ? counts_.row_conflicts : counts_.row_misses);
    open_row(bank, where.row, from);
  }
  const Clock column = column_time(bank, from, write, masked);
  Group& group = group_of(bank);
  Clock done = 0;
  if (write) {
    ++counts_.write_bursts;
    last_write_ = column;
    any_write_ = true;
    bank.masked_write = column + timing_.ccdmw;
    group.write = column + timing_.ccd_l;
    group.read = column + timing_.write_to_read_in_group();
    bank.precharge = std::max(bank.precharge, column + timing_.write_to_precharge());
    done = column + timing_.write_data();
    busy_until(done + timing_.wr);
  } else {
    ++counts_.read_bursts;
    last_read_ = column;
    any_read_ = true;
    group.read = std::max(group.read, column + timing_.ccd_l);
    group.write = std::max(group.write, column + timing_.ccd_l);
    bank.precharge = std::max(bank.precharge, column + timing_.read_to_precharge());
    done = column + timing_.read_data();
    busy_until(done);
  }
  if (observer_ != nullptr) report_burst(where, bytes, write, state, arrival, done);
  return done * timing_.clock_ps;
}

// The first clock at which a command can be issued for what arrives at `arrival`: later where the DRAM is powered down.
DramController::Clock DramController::awake(Clock arrival) const {
  const Clock entered = idle_since_ + timing_.power_down_after;
  if (timing_.power_down_after == 0 || arrival <= entered) return arrival;
  return std::max(arrival, entered + timing_.cke) + timing_.xp;
}

DramController::Clock DramController::activate_time(const Bank& bank, Clock from) const {
  Clock time = std::max({from, bank.activate, group_of(bank).activate});
  const Clock last = last_activates_[(next_activate_ + 3) % 4];
  if (activates_since_start_ >= 1) time = std::max(time, last + timing_.rrd);
  if (activates_since_start_ >= 4) time = std::max(time, last_activates_[next_activate_] + timing_.faw);
  return time;
}

DramController::Clock DramController::column_time(const Bank& bank, Clock from, bool write, bool masked) const {
  Clock time = std::max({from, bank.column, write ? group_of(bank).write : group_of(bank).read});
  if (any_read_) time = std::max(time, last_read_ + (write ? timing_.read_to_write() : timing_.ccd));
  if (any_write_) time = std::max(time, last_write_ + (write ? timing_.ccd : timing_.write_to_read()));
  return masked ? std::max(time, bank.masked_write) : time;
}

void DramController::open_row(Bank& bank, std::uint64_t row, Clock from) {
  if (bank.open) {
    const Clock precharge = std::max(from, bank.precharge);
    ++counts_.precharges;
    --open_banks_;
    bank.open = false;
    if (observer_ != nullptr) report_row(bank, precharge);
    bank.activate = precharge + timing_.rppb;
  } else if (open_banks_ == 0) {
    account(activate_time(bank, from));
  }
  const Clock activate = activate_time(bank, from);
  last_activates_[next_activate_] = activate;
  next_activate_ = (next_activate_ + 1) % 4;
  ++activates_since_start_;
  ++counts_.activates;
  ++open_banks_;
  bank.open = true;
  bank.row = row;
  bank.column = activate + timing_.rcd;
  group_of(bank).activate = activate + timing_.rrd_l;
  bank.precharge = activate + timing_.ras;
  if (observer_ != nullptr) report_row(bank, activate);
}

void DramController::refresh() {
  const Clock from = awake(next_refresh_);
  wake(from);
  Clock precharge = from;
  Clock closed = from;
  for (const Bank& bank : banks_) {
    Clock& earliest = bank.open ? precharge : closed;
    earliest = std::max(earliest, bank.open ? bank.precharge : bank.activate);
  }
  Clock start = closed;
  if (open_banks_ > 0) {
    account(precharge);
    counts_.precharges += open_banks_;
    open_banks_ = 0;
    start = std::max(start, precharge + timing_.rpab);
  }
  account(start);
  for (Bank& bank : banks_) {
    const bool was_open = std::exchange(bank.open, false);
    if (was_open && observer_ != nullptr) report_row(bank, precharge);
    bank.activate = start + timing_.rfcab;
  }
  ++counts_.refreshes;
  last_refresh_ = start;
  if (observer_ != nullptr) report_refreshes(start, 1);
  next_refresh_ += timing_.refi;
  busy_until(start + timing_.rfcab);
}

void DramController::refresh_until(Clock limit) {
  while (next_refresh_ <= limit) {
    const DramCounts counts = counts_;
    const Clock accounted = accounted_;
    const Clock idle_since = idle_since_;
    const bool idle = open_banks_ == 0;
    refresh();
    // Two refreshes of an idle DRAM exactly one interval apart: so are all that follow, and need no walking through.
    const bool steady = idle && accounted_ - accounted == timing_.refi && idle_since_ - idle_since == timing_.refi;
    if (steady && next_refresh_ <= limit) skip((limit - next_refresh_) / timing_.refi, counts);
  }
}

// Repeats the last refresh interval, which began with the counts `before`.
void DramController::skip(std::uint64_t intervals, const DramCounts& before) {
  for (const auto field : {&DramCounts::refreshes, &DramCounts::precharge_standby, &DramCounts::precharge_power_down}) {
    counts_.*field += intervals * (counts_.*field - before.*field);
  }
  const Clock skipped = intervals * timing_.refi;
  next_refresh_ += skipped;
  idle_since_ += skipped;
  accounted_ += skipped;
  for (Bank& bank : banks_) bank.activate += skipped;
  if (observer_ != nullptr && intervals > 0) report_refreshes(last_refresh_ + timing_.refi, intervals);
  last_refresh_ += skipped;
}

void DramController::advance(std::uint64_t time_ps) {
  const Clock now = time_ps / timing_.clock_ps;
  refresh_until(now);
  account(now);
}

// Powered down up to `from` less tXP, in standby from there on.
void DramController::wake(Clock from) {
  const Clock left = from - std::min(from, timing_.xp);
  account(left);
  idle_since_ = std::max(idle_since_, left);
}

// Books the clocks from the last booking to `until`, during which no bank opened or closed.
void DramController::account(Clock until) {
  if (until <= accounted_) return;
  const Clock entered = timing_.power_down_after == 0 ? until : idle_since_ + timing_.power_down_after;
  const Clock standby_end = std::clamp(entered, accounted_, until);
  (open_banks_ > 0 ? counts_.active_standby : counts_.precharge_standby) += standby_end - accounted_;
  (open_banks_ > 0 ? counts_.active_power_down : counts_.precharge_power_down) += until - standby_end;
  accounted_ = until;
}

void DramController::busy_until(Clock end) { idle_since_ = std::max(idle_since_, end); }

void DramController::observe(Observer* observer) {
  observer_ = observer;
  bank_units_.clear();
  if (observer == nullptr) return;
  for (std::size_t bank = 0; bank < banks_.size(); ++bank) {
    bank_units_.push_back(fmt::format("dram.bank {}", bank));
    report_row(banks_[bank], accounted_);
  }
}

void DramController::report_row(const Bank& bank, Clock time) const {
  const std::string& unit = bank_units_[static_cast<std::size_t>(&bank - banks_.data())];
  const std::uint64_t time_ps = time * timing_.clock_ps;
  if (bank.open)
    observer_->enter(unit, Condition::busy, fmt::format("row {}", bank.row), time_ps, {});
  else
    observer_->enter(unit, Condition::off, "", time_ps, {});
}

void DramController::report_burst(const Location& where, std::uint64_t bytes, bool write, RowState state, Clock arrival,
                                  Clock done) const {
  observer_->dram_burst({.bank = where.bank,
                         .row = where.row,
                         .bytes = bytes,
                         .write = write,
                         .row_state = state,
                         .arrived_ps = arrival * timing_.clock_ps,
                         .data_begin_ps = (done - timing_.burst_clocks()) * timing_.clock_ps,
                         .data_end_ps = done * timing_.clock_ps});
}

void DramController::report_refreshes(Clock begin, std::uint64_t count) const {
  observer_->dram_refreshes({.begin_ps = begin * timing_.clock_ps,
                             .duration_ps = timing_.rfcab * timing_.clock_ps,
                             .interval_ps = timing_.refi * timing_.clock_ps,
                             .count = count});
}

}  // namespace lutra::models
