#include "software/compiler/choose_stripes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "software/compiler/map_memory.h"
#include "software/compiler/mapping/estimate.h"
#include "software/compiler/residency.h"

namespace lutra::compiler {

namespace {

struct Cost {
  std::uint64_t bytes = 0;   // that cross to main memory and back in a frame
  std::uint64_t cycles = 0;  // estimated

  Cost& operator+=(const Cost& other) {
    bytes += other.bytes;
    cycles += other.cycles;
    return *this;
  }
};

// A group with the plans of its operations.
struct Planned {
  StripeGroup group;
  std::vector<LoweredOp> lowered;
  std::vector<Plan> plans;
  Cost cost;  // of constants and of cycles
};

using Groups = std::vector<const Planned*>;  // in order

class StripeChooser {
 public:
  StripeChooser(const network::QuantisedNetwork& network, std::span<const PlannedOp> ops, const MapRoom& room,
                const accelerators::EngineConfig& engine, const accelerators::Family& family)
      : network_(network), ops_(ops), room_(room), engine_(engine), family_(family) {
    for (const PlannedOp& op : ops) lowered_.push_back(*op.lowered);
  }

  std::vector<StripeGroup> choose() {
    Groups chosen;
    MapMemory maps(network_, room_.bytes);
    Cost cost_now = *cost_of(chosen, maps);
    for (bool better = true; better;) {
      better = false;
      Groups next = chosen;
      Cost best = cost_now;
      for (const auto& [first, last] : spans(maps))
        for (int rows = 1; rows < output_height(last_merged(chosen, first, last)); rows *= 2) {
          const auto with = merged(chosen, first, last, rows);
          if (!with) continue;
          MapMemory trial(network_, room_.bytes);
          const auto cost = cost_of(*with, trial);
          if (!cost || cost->bytes >= cost_now.bytes || worth(*cost) >= worth(best)) continue;
          best = *cost;
          next = *with;
          better = true;
        }
      chosen = std::move(next);
      cost_now = best;
      maps = MapMemory(network_, room_.bytes);
      cost_of(chosen, maps);
    }
    std::vector<StripeGroup> groups;
    for (const Planned* group : chosen) groups.push_back(group->group);
    return groups;
  }

 private:
  // Of the maps that have no room: the operations from the first that uses it to the last, where the engine computes
  // all of them.
  std::vector<std::pair<int, int>> spans(const MapMemory& maps) const {
    std::vector<std::pair<int, int>> spans;
    for (const MapPlan& map : maps.plans()) {
      const auto begin = ops_.begin() + map.first;
      const bool on_engine =
          std::all_of(begin, ops_.begin() + map.last + 1, [](const PlannedOp& op) { return op.plan != nullptr; });
      if (maps.lacks_room(map) && on_engine && map.last > map.first) spans.emplace_back(map.first, map.last);
    }
    std::sort(spans.begin(), spans.end());
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
    return spans;
  }

  // Less is better. Bytes count as the cycles for which they take the bus, and about as much energy.
  std::pair<std::uint64_t, std::uint64_t> worth(const Cost& cost) const {
    if (room_.at_any_cost) return {cost.bytes, cost.cycles};
    return {cost.cycles + cost.bytes / assumed_bus_bytes, cost.cycles};
  }

  static bool meet(const Planned& group, int first, int last) {
    return group.group.first <= last && first <= group.group.last;
  }

  int last_merged(const Groups& groups, int first, int last) const {
    int merged = last;
    for (const Planned* group : groups)
      if (meet(*group, first, last)) merged = std::max(merged, group->group.last);
    return merged;
  }

  int output_height(int op) const { return layer_of(lowered_[static_cast<std::size_t>(op)]).output_height; }

  // These groups and one more, which takes in those that it meets.
  std::optional<Groups> merged(const Groups& groups, int first, int last, int rows) {
    Groups result;
    const int end = last_merged(groups, first, last);
    int begin = first;
    for (const Planned* group : groups)
      if (meet(*group, first, last))
        begin = std::min(begin, group->group.first);
      else
        result.push_back(group);
    const Planned* planned = plan(begin, end, rows);
    if (planned == nullptr) return std::nullopt;
    result.push_back(planned);
    std::sort(result.begin(), result.end(),
              [](const Planned* a, const Planned* b) { return a->group.first < b->group.first; });
    return result;
  }

  // Null where there is no such group, or the engine's buffers do not hold its tiles.
  const Planned* plan(int first, int last, int rows) {
    const auto [known, is_new] = known_.try_emplace({first, last, rows});
    if (is_new)
      if (auto group = make_stripe_group(network_, lowered_, first, last, rows); group && has_room(*group))
        known->second = plan(std::move(*group));
    return known->second ? &*known->second : nullptr;
  }

  // For its rings alone, which live all at once: most groups that find no room need no plan to tell.
  bool has_room(const StripeGroup& group) const {
    std::map<network::EdgeId, std::uint64_t> bytes;
    const auto include = [&](network::EdgeId edge, const RowRing& ring) {
      if (ring.rows == 0) return;
      lutra_tensor tensor = tensor_of(network_.edges[static_cast<std::size_t>(edge)]);
      tensor.height = static_cast<std::uint32_t>(ring.places());
      bytes[edge] = tensor_bytes(tensor);
    };
    for (std::size_t i = 0; i < group.stripes.size(); ++i) {
      const LoweredOp& op = lowered_[static_cast<std::size_t>(group.first) + i];
      include(op.codes, group.stripes[i].codes);
      include(op.stream, group.stripes[i].stream);
    }
    std::uint64_t together = room_.reserved;
    for (const auto& [edge, of_ring] : bytes) together += of_ring;
    return together <= room_.bytes;
  }

  std::optional<Planned> plan(StripeGroup group) {
    Planned planned{std::move(group), {}, {}, {}};
    const auto count = static_cast<std::size_t>(planned.group.operations());
    planned.plans.resize(count);
    std::vector<LoweredOp*> ops;
    std::vector<const Plan*> plans;
    for (std::size_t i = 0; i < count; ++i) {
      planned.lowered.push_back(lowered_[static_cast<std::size_t>(planned.group.first) + i]);
      join_group(planned.group, planned.group.first + static_cast<int>(i), planned.lowered.back());
    }
    for (std::size_t i = 0; i < count; ++i) {
      ops.push_back(&planned.lowered[i]);
      plans.push_back(&planned.plans[i]);
    }
    do {
      for (std::size_t i = 0; i < count; ++i) {
        auto plan = make_plan(layer_of(planned.lowered[i]), engine_, family_);
        if (!std::holds_alternative<Plan>(plan)) return std::nullopt;
        planned.plans[i] = std::get<Plan>(std::move(plan));
      }
    } while (share_buffers(ops, plans, engine_));
    for (std::size_t i = 0; i < count; ++i) planned.cost += cost_of({ops[i], plans[i]});
    return planned;
  }

  // Of its constants and its cycles.
  Cost cost_of(const PlannedOp& op) const {
    if (op.plan == nullptr) return {};
    return {loaded_constants(layer_of(*op.lowered), *op.plan, family_), op.plan->estimated_cycles};
  }

  // Empty where the rows that must stay have no room.
  std::optional<Cost> cost_of(const Groups& groups, MapMemory& maps) const {
    std::vector<PlannedOp> ops(ops_.begin(), ops_.end());
    for (const Planned* group : groups)
      for (std::size_t i = 0; i < group->plans.size(); ++i)
        ops[static_cast<std::size_t>(group->group.first) + i] = {&group->lowered[i], &group->plans[i]};
    maps.place(ops, room_.reserved);
    if (!maps.holds_rings()) return std::nullopt;
    Cost cost{maps.spilled_bytes(), 0};
    for (const Planned* group : groups) cost += group->cost;
    for (const PlannedOp& op : ops)
      if (op.lowered->stripes.bands.empty()) cost += cost_of(op);
    return cost;
  }

  const network::QuantisedNetwork& network_;
  std::span<const PlannedOp> ops_;
  MapRoom room_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::vector<LoweredOp> lowered_;
  std::map<std::tuple<int, int, int>, std::optional<Planned>> known_;  // by first and last operation, and rows
};

}  // namespace

std::vector<StripeGroup> choose_stripes(const network::QuantisedNetwork& network, std::span<const PlannedOp> ops,
                                        const MapRoom& room, const accelerators::EngineConfig& engine,
                                        const accelerators::Family& family) {
  return StripeChooser(network, ops, room, engine, family).choose();
}

void join_group(const StripeGroup& group, int op, LoweredOp& lowered) {
  lowered.stripes = group.stripes[static_cast<std::size_t>(op - group.first)];
  const auto keep = [](const RowRing& ring, lutra_tensor& tensor) {
    if (ring.rows > 0) tensor.memory = LUTRA_MEMORY_MAPS;
  };
  keep(lowered.stripes.input, lowered.op.input);
  keep(lowered.stripes.skip, lowered.op.skip);
  keep(lowered.stripes.codes, lowered.op.codes);
  keep(lowered.stripes.stream, lowered.op.stream);
}

bool share_buffers(std::span<LoweredOp* const> ops, std::span<const Plan* const> plans,
                   const accelerators::EngineConfig& engine) {
  const BufferBytes capacity = capacities(engine);
  bool changed = false;
  for (const lutra_buffer buffer : {LUTRA_BUFFER_WEIGHT, LUTRA_BUFFER_PARAMETER}) {
    std::int64_t together = 0;
    for (const Plan* plan : plans) together += plan->schedule.bytes(buffer);
    if (ops.front()->stripes.shared[buffer] || together <= capacity[buffer]) continue;
    for (LoweredOp* op : ops) op->stripes.shared[buffer] = true;
    changed = true;
  }
  return changed;
}

}  // namespace lutra::compiler
