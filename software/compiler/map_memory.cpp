#include "software/compiler/map_memory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lutra::compiler {

namespace {

MapPlan plan_of(const FeatureMap& map, std::string name) {
  const Interval& lives = map.candidate.interval;
  return {.edge = map.edge,
          .name = std::move(name),
          .first = lives.first,
          .last = lives.last,
          .bytes = lives.bytes,
          .stays = false,
          .offset = 0,
          .elsewhere = map.elsewhere,
          .ring = map.ring};
}

// Maps that lie in one place, each over the one before: as one that lives as long as all of them.
struct Place {
  std::vector<network::EdgeId> edges;
  Candidate candidate;
};

std::vector<Place> places_of(const std::vector<FeatureMap>& maps) {
  std::vector<Place> places;
  for (const FeatureMap& map : maps) {
    if (!map.elsewhere.empty()) continue;
    const auto over = std::find_if(places.begin(), places.end(), [&](const Place& place) {
      return map.overwrites >= 0 && place.edges.back() == map.overwrites;
    });
    if (over == places.end()) {
      places.push_back({{map.edge}, map.candidate});
      continue;
    }
    over->edges.push_back(map.edge);
    over->candidate.interval.last = map.candidate.interval.last;
    over->candidate.saved += map.candidate.saved;
    over->candidate.must |= map.candidate.must;
  }
  return places;
}

}  // namespace

std::optional<std::uint64_t> MapMemory::offset(network::EdgeId edge) const {
  return offsets_.empty() ? std::nullopt : offsets_[static_cast<std::size_t>(edge)];
}

bool MapMemory::place(std::span<const PlannedOp> ops, std::uint64_t reserved) {
  const std::vector<FeatureMap> maps = feature_maps(*network_, ops);
  const bool holds = std::none_of(maps.begin(), maps.end(),
                                  [&](const FeatureMap& map) { return offset(map.edge) && !map.elsewhere.empty(); });
  if (!offsets_.empty() && holds) return false;

  const std::vector<Place> places = places_of(maps);
  std::vector<Candidate> candidates;
  std::vector<Interval> all;
  for (const Place& place : places) {
    candidates.push_back(place.candidate);
    all.push_back(place.candidate.interval);
  }
  needed_ = reserved + pack(all).bytes;
  const std::vector<bool> chosen = choose_packable(candidates, capacity_ - reserved);
  std::vector<const Place*> kept;
  std::vector<Interval> intervals;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!chosen[i]) continue;
    kept.push_back(&places[i]);
    intervals.push_back(all[i]);
  }
  const Packing packing = pack(intervals);
  bytes_ = reserved + packing.bytes;
  offsets_.assign(network_->edges.size(), std::nullopt);
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (const network::EdgeId edge : kept[i]->edges)
      offsets_[static_cast<std::size_t>(edge)] = reserved + packing.offsets[i];

  plans_.clear();
  spilled_ = 0;
  for (const FeatureMap& map : maps) {
    MapPlan& plan = plans_.emplace_back(plan_of(map, network_->edges[static_cast<std::size_t>(map.edge)].name));
    plan.stays = offset(map.edge).has_value();
    plan.offset = offset(map.edge).value_or(0);
    if (!plan.stays && plan.elsewhere.empty()) plan.elsewhere = no_room;
    if (!plan.stays) spilled_ += map.candidate.saved;
    plan.in_place = plan.stays && map.overwrites >= 0 && offset(map.overwrites) == offset(map.edge);
  }
  return true;
}

bool MapMemory::lacks_room() const {
  return std::any_of(plans_.begin(), plans_.end(), [&](const MapPlan& plan) { return lacks_room(plan); });
}

bool MapMemory::holds_rings() const {
  return std::all_of(plans_.begin(), plans_.end(),
                     [](const MapPlan& plan) { return plan.ring.rows == 0 || plan.stays; });
}

std::string maps_text(const Program& program) {
  std::size_t stay = 0;
  std::vector<std::string> others;
  std::vector<Interval> intervals;
  for (const MapPlan& map : program.maps)
    if (map.stays) {
      ++stay;
      intervals.push_back({map.first + map.in_place, map.last, map.bytes});
    } else {
      others.push_back(fmt::format("{} ({})", map.name, map.elsewhere));
    }
  if (program.maps.empty()) return "every feature map goes through main memory";
  std::string kept = fmt::format("{} of {} feature maps stay on chip, in {} bytes ({} live at once)", stay,
                                 program.maps.size(), program.map_bytes, living_bytes(intervals));
  for (const StripePlan& group : program.stripes) {
    const auto name = [&](int op) { return program.ops[static_cast<std::size_t>(op)].name; };
    kept += fmt::format("; {} to {} run in {} stripes of {} rows", name(group.first), name(group.last), group.stripes,
                        group.rows);
  }
  if (others.empty()) return kept;
  return fmt::format("{}; through main memory: {}", kept, fmt::join(others, ", "));
}

}  // namespace lutra::compiler
