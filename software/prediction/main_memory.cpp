#include "software/prediction/main_memory.h"

#include <algorithm>
#include <cmath>

#include "models/dram/timing.h"
#include "models/interface/memory_map.h"
#include "software/common/arithmetic.h"

namespace lutra::prediction {

namespace {

constexpr double ps_per_us = 1e6;
constexpr std::uint64_t word_bytes = 4;

std::optional<models::DramPort> dram_of(const models::SocConfig& soc, std::uint64_t period) {
  if (soc.main_memory.kind == "sram") return std::nullopt;
  models::DramTiming timing = models::embedded_dram_timing(soc.main_memory.kind);
  timing.bank_xor = soc.main_memory.bank_xor;
  timing.refresh_phase = soc.main_memory.refresh_phase;
  return models::DramPort(timing, soc.interconnect.width_bytes, period);
}

models::Channel channel(const models::SocConfig& soc, std::uint64_t period) {
  return {soc.interconnect.arbitration, soc.interconnect.port_depth, period};
}

}  // namespace

MainMemory::MainMemory(const models::SocConfig& soc, Scheduler& scheduler)
    : scheduler_(scheduler),
      period_(static_cast<std::uint64_t>(std::llround(ps_per_us / soc.clock_mhz))),
      latency_(soc.interconnect.latency_cycles * period_),
      width_bytes_(soc.interconnect.width_bytes),
      sram_latency_(soc.sram.latency_cycles * period_),
      dram_(dram_of(soc, period_)),
      read_(channel(soc, period_)),
      write_(channel(soc, period_)) {}

std::uint64_t MainMemory::carry(std::uint32_t initiator, bool read, std::uint32_t slot, std::uint64_t address,
                                std::uint32_t bytes) {
  models::Channel& channel = read ? read_ : write_;
  std::uint64_t& link_free = read ? links_[initiator].read_free : links_[initiator].write_free;
  const std::uint64_t beats = (address + bytes - 1) / width_bytes_ - address / width_bytes_ + 1;
  const std::uint64_t now = scheduler_.now();
  *bus_bytes_[read ? 0 : 1] += bytes;
  *words_[read ? 0 : 1] += divide_up((address % word_bytes) + bytes, word_bytes);
  std::uint64_t arrival = now + latency_;
  if (!read) {
    arrival = std::max({arrival, channel.data_free(), link_free}) + beats * period_;
    channel.occupy_data(arrival);
    link_free = arrival;
  }
  std::uint64_t end = arrival + sram_latency_;
  if (dram_) {
    const std::uint64_t place = address - LUTRA_MAIN_BASE;
    dram_->serve_writes_until(now);
    end = read ? dram_->read(arrival, place, bytes) : dram_->write(arrival, place, bytes);
  }
  end = next_edge(end);
  if (read) {
    end = std::max({end, channel.data_free(), link_free}) + beats * period_;
    channel.occupy_data(end);
    link_free = end;
  }
  end += latency_;
  channel.finish(slot, end);
  return end;
}

void MainMemory::count(models::Statistics& statistics) {
  const auto add = [&](const char* component, const char* event, models::Quantity quantity) {
    return &statistics.add({component, event, quantity, ""});
  };
  bus_bytes_ = {add("interconnect", "read_bytes", models::Quantity::bytes),
                add("interconnect", "write_bytes", models::Quantity::bytes)};
  if (!dram_) {
    words_ = {add("main_memory", "read", models::Quantity::events),
              add("main_memory", "write", models::Quantity::events)};
    return;
  }
  std::vector<std::uint64_t*> counters;
  for (const models::DramEvent& event : models::dram_events())
    counters.push_back(add("dram", event.event, event.quantity));
  statistics.before_snapshot([this, counters] {
    dram_->serve_writes_until(scheduler_.now());
    dram_->controller().advance(scheduler_.now());
    for (std::size_t i = 0; i < counters.size(); ++i)
      *counters[i] = dram_->controller().counts().*(models::dram_events()[i].value);
  });
}

std::uint64_t MainMemory::settle() {
  std::uint64_t next = Scheduler::never;
  for (models::Channel* channel : {&read_, &write_}) {
    if (const models::Channel::Request* granted = channel->arbitrate(scheduler_.now()))
      scheduler_.wake(*static_cast<std::coroutine_handle<>*>(granted->owner));
    if (channel->waiting()) next = std::min(next, channel->earliest_grant());
  }
  return next;
}

std::uint64_t MainMemory::next_edge(std::uint64_t time) const {
  const std::uint64_t beyond = time % period_;
  return beyond == 0 ? time : time + (period_ - beyond);
}

}  // namespace lutra::prediction
