#include "software/simulation/attribution.h"

#include <fmt/format.h>

#include "software/common/error.h"

namespace lutra::simulation {

namespace {

// The place of each cause among the counters.
class CauseCounters {
 public:
  explicit CauseCounters(const std::vector<models::CounterInfo>& counters) {
    for (std::size_t i = 0; i < counters.size(); ++i) {
      if (counters[i].component != "engine.cause") continue;
      present_ = true;
      for (const Binding& binding : bindings)
        if (counters[i].event == binding.event) places_.push_back({i, binding.cause});
    }
    if (present_ && places_.size() != std::size(bindings))
      throw Error("the engine does not count every cause of its cycles: compute, load, store, command, idle");
  }

  Causes of(const std::vector<std::uint64_t>& gained, std::uint64_t cycles) const {
    Causes causes;
    if (!present_) causes.software = cycles;
    for (const auto& [index, cause] : places_) causes.*cause = gained[index];
    return causes;
  }

 private:
  struct Binding {
    const char* event;
    std::uint64_t Causes::*cause;
  };
  static constexpr Binding bindings[] = {{"compute", &Causes::compute},
                                         {"load", &Causes::load},
                                         {"store", &Causes::store},
                                         {"command", &Causes::command},
                                         {"idle", &Causes::software}};
  struct Place {
    std::size_t index;
    std::uint64_t Causes::*cause;
  };

  std::vector<Place> places_;
  bool present_ = false;
};

void add(OpMeasurement& op, std::uint64_t cycles, const Causes& causes, const std::vector<std::uint64_t>& gained) {
  op.cycles += cycles;
  op.causes += causes;
  for (std::size_t i = 0; i < gained.size(); ++i) op.counters[i] += gained[i];
}

}  // namespace

FrameMeasurement attribute(const std::vector<models::CounterInfo>& counters, std::size_t op_count,
                           const std::vector<Mark>& marks) {
  const CauseCounters causes(counters);
  FrameMeasurement frame;
  frame.outside.counters.assign(counters.size(), 0);
  frame.ops.assign(op_count, frame.outside);
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    const Mark& from = marks[i];
    const Mark& to = marks[i + 1];
    if (from.op && *from.op >= op_count)
      throw Error(fmt::format("the software marked operation {} of a program that has {}", *from.op, op_count));
    std::vector<std::uint64_t> gained(counters.size());
    for (std::size_t c = 0; c < gained.size(); ++c) gained[c] = to.counters[c] - from.counters[c];
    const std::uint64_t cycles = to.cycle - from.cycle;
    const Causes split = causes.of(gained, cycles);
    if (split.total() != cycles)
      throw Error(fmt::format("the causes of operation {} add up to {} cycles, but it took {}",
                              from.op ? std::to_string(*from.op) : "-", split.total(), cycles));
    add(from.op ? frame.ops[*from.op] : frame.outside, cycles, split, gained);
    frame.cycles += cycles;
  }
  return frame;
}

}  // namespace lutra::simulation
