#include "software/prediction/engine_replay.h"

#include <algorithm>

#include "accelerators/engine/transfer.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/interface/registers.h"

namespace lutra::prediction {

namespace {

using accelerators::Unit;

constexpr Unit working_units[] = {Unit::load, Unit::compute, Unit::store};

// Of MainMemory; the hart is 0.
std::uint32_t initiator(Unit unit) { return unit == Unit::fetch ? 1 : unit == Unit::load ? 2 : 3; }

std::uint64_t stream_bytes(std::span<const Work> stream) {
  std::uint64_t bytes = 0;
  for (const Work& work : stream) bytes += work.bytes;
  return bytes;
}

}  // namespace

EngineReplay::EngineReplay(const accelerators::EngineConfig& config, MainMemory& memory, Scheduler& scheduler)
    : config_(config),
      memory_(memory),
      scheduler_(scheduler),
      period_(memory.period()),
      queue_space_(scheduler),
      lanes_{Lane(scheduler), Lane(scheduler), Lane(scheduler), Lane(scheduler)} {}

void EngineReplay::run(std::uint32_t address, std::span<const Work> stream) {
  std::vector<Process> processes;
  processes.push_back(fetch(address, stream));
  for (const Unit each : working_units)
    processes.push_back(unit(each, static_cast<std::size_t>(std::count_if(
                                       stream.begin(), stream.end(), [&](const Work& w) { return w.unit == each; }))));
  for (const Process& process : processes) scheduler_.wake(process.handle());
  scheduler_.run([this] { return memory_.settle(); });
  tokens_ = {};
}

Process EngineReplay::fetch(std::uint32_t address, std::span<const Work> stream) {
  const bool resident = (address & LUTRA_STREAM_RESIDENT) != 0;
  Asked asked{.next = address & ~(resident ? LUTRA_STREAM_RESIDENT : 0U),
              .left = stream_bytes(stream),
              .block = resident ? accelerators::transfer_port_bytes : static_cast<std::uint64_t>(config_.burst_bytes)};
  bool first = true;
  std::uint64_t fetched = 0;  // and not yet decoded
  Port port;
  std::deque<std::uint32_t> arriving;
  for (const Work& work : stream) {
    while (fetched < work.bytes && resident) {
      co_await scheduler_.until(scheduler_.now() + (first ? 1 + accelerators::memory_latency : 1) * period_);
      first = false;
      fetched += asked.take();
    }
    while (fetched < work.bytes) {
      while (asked.left > 0 && !full(port)) {
        co_await scheduler_.until(port.next_issue);
        const std::uint32_t slot = co_await memory_.grant(initiator(Unit::fetch), true);
        const std::uint64_t at = asked.next;
        arriving.push_back(asked.take());
        issued(port, memory_.carry(initiator(Unit::fetch), true, slot, at, arriving.back()));
      }
      co_await scheduler_.until(port.completions.front());
      port.completions.pop_front();
      fetched += arriving.front();
      arriving.pop_front();
    }
    fetched -= work.bytes;
    if (work.unit != Unit::fetch) {
      Lane& target = lane(work.unit);
      while (target.queue.size() >= static_cast<std::size_t>(config_.command_queue)) co_await queue_space_;
      target.queue.push_back(&work);
      target.changed.notify();
    }
    co_await scheduler_.until(scheduler_.now() + period_);
  }
}

Process EngineReplay::unit(Unit unit, std::size_t count) {
  const auto [previous, next] = accelerators::neighbours(unit);
  Lane& own = lane(unit);
  const bool loads = unit == Unit::load;
  Port port;
  for (; count > 0; --count) {
    while (own.queue.empty()) co_await own.changed;
    const Work& work = *own.queue.front();
    own.queue.pop_front();
    queue_space_.notify();
    for (const auto& [flag, from] : {std::pair{LUTRA_WAIT_PREVIOUS, previous}, std::pair{LUTRA_WAIT_NEXT, next}}) {
      if ((work.tokens & flag) == 0) continue;
      int& token = tokens(from, unit);
      while (token == 0) co_await own.changed;
      --token;
    }
    const std::uint64_t begin = scheduler_.now();
    if (work.over_bus) {
      if (!loads) port.next_issue = begin + period_;  // the first read of the buffer
      accelerators::Bursts bursts(*work.over_bus, static_cast<std::uint32_t>(config_.burst_bytes));
      while (const auto burst = bursts.next()) {
        co_await scheduler_.until(room(port));
        const std::uint32_t slot = co_await memory_.grant(initiator(unit), loads);
        issued(port, memory_.carry(initiator(unit), loads, slot, burst->address, burst->bytes));
      }
      co_await scheduler_.until(port.completions.back());
      port.completions.clear();
    }
    co_await scheduler_.until(begin + work.cycles * period_);
    for (const auto& [flag, to] : {std::pair{LUTRA_SIGNAL_PREVIOUS, previous}, std::pair{LUTRA_SIGNAL_NEXT, next}}) {
      if ((work.tokens & flag) == 0) continue;
      ++tokens(unit, to);
      lane(to).changed.notify();
    }
  }
}

std::uint32_t EngineReplay::Asked::take() {
  const std::uint64_t bytes = std::min(left, block - next % block);
  next += bytes;
  left -= bytes;
  return static_cast<std::uint32_t>(bytes);
}

bool EngineReplay::full(const Port& port) const {
  return port.completions.size() == static_cast<std::size_t>(config_.outstanding);
}

std::uint64_t EngineReplay::room(const Port& port) const {
  return full(port) ? std::max(port.completions.front(), port.next_issue) : port.next_issue;
}

void EngineReplay::issued(Port& port, std::uint64_t completion) {
  port.next_issue = scheduler_.now() + period_;
  if (full(port)) port.completions.pop_front();
  // They retire in the order of issue.
  if (!port.completions.empty()) completion = std::max(completion, port.completions.back());
  port.completions.push_back(completion);
}

}  // namespace lutra::prediction
