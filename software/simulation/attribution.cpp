#include "software/simulation/attribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

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

constexpr const char* written_by_loads[] = {"engine.activation_buffer", "engine.weight_buffer",
                                            "engine.parameter_buffer", "engine.skip_buffer", "engine.weight_memory"};
constexpr const char* read_over_the_bus[] = {"dram", "sram", "interconnect"};

bool is_one_of(std::span<const char* const> names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

View view_of(const models::CounterInfo& counter) {
  const auto& [component, event, quantity, description] = counter;
  const bool writes = event.starts_with("write");
  if (component == "engine.load" || component == "engine.command") return View::load;
  if (component == "engine.store") return View::store;
  if (component == "engine.busy" && event != "compute") return event == "store" ? View::store : View::load;
  if (component == "engine.map_memory") return writes ? View::store : View::load;
  if (component == "engine.output_buffer") return writes ? View::compute : View::store;
  if (writes && is_one_of(written_by_loads, component)) return View::load;
  if (is_one_of(read_over_the_bus, component)) return writes ? View::store : View::load;
  return View::compute;
}

FrameMeasurement attribute(const std::vector<models::CounterInfo>& counters, std::size_t op_count, const Marks& marks) {
  const CauseCounters causes(counters);
  FrameMeasurement frame;
  frame.outside.counters.assign(counters.size(), 0);
  frame.ops.assign(op_count, frame.outside);
  const auto op_of = [&](const Mark& mark) -> OpMeasurement& {
    if (mark.op && *mark.op >= op_count)
      throw Error(fmt::format("the software marked operation {} of a program that has {}", *mark.op, op_count));
    return mark.op ? frame.ops[*mark.op] : frame.outside;
  };
  for (std::size_t c = 0; c < counters.size(); ++c) {
    const std::vector<Mark>& seen = marks[static_cast<std::size_t>(view_of(counters[c]))];
    for (std::size_t i = 0; i + 1 < seen.size(); ++i)
      op_of(seen[i]).counters[c] += seen[i + 1].counters[c] - seen[i].counters[c];
  }
  const std::vector<Mark>& computed = marks[static_cast<std::size_t>(View::compute)];
  for (std::size_t i = 0; i + 1 < computed.size(); ++i) {
    const Mark& from = computed[i];
    const Mark& to = computed[i + 1];
    std::vector<std::uint64_t> gained(counters.size());
    for (std::size_t c = 0; c < gained.size(); ++c) gained[c] = to.counters[c] - from.counters[c];
    const std::uint64_t cycles = to.cycle - from.cycle;
    const Causes split = causes.of(gained, cycles);
    if (split.total() != cycles)
      throw Error(fmt::format("the causes of operation {} add up to {} cycles, but it took {}",
                              from.op ? std::to_string(*from.op) : "-", split.total(), cycles));
    OpMeasurement& op = op_of(from);
    op.cycles += cycles;
    op.causes += split;
    frame.cycles += cycles;
  }
  return frame;
}

}  // namespace lutra::simulation
