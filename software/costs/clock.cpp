#include "software/costs/clock.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "accelerators/family/engine_knobs.h"
#include "software/common/yaml.h"

namespace lutra::costs {

namespace {

using accelerators::EngineConfig;

constexpr double shortest_ns = 1e-3;
constexpr double longest_ns = 1e6;
constexpr double ns_of_mhz = 1000;

double ns_of(const YamlMapping& keys) { return keys.at("ns").number(shortest_ns, longest_ns); }

int count_of(const YamlMapping& keys, const char* key, int low) {
  return static_cast<int>(keys.at(key).integer(low, 1 << 20));
}

ElementPath read_element(const YamlReader& reader) {
  const YamlMapping keys =
      reader.mapping({"family", "variant", "width_activation", "width_weight", "lanes", "pipeline", "ns"});
  return {keys.at("family").text(),
          keys.at("variant").text(),
          count_of(keys, "width_activation", 1),
          count_of(keys, "width_weight", 1),
          count_of(keys, "lanes", 1),
          count_of(keys, "pipeline", 0),
          ns_of(keys)};
}

BroadcastDelay read_broadcast(const YamlReader& reader) {
  const YamlMapping keys = reader.mapping({"fan_out", "ns"});
  return {count_of(keys, "fan_out", 1), keys.at("ns").number(0, longest_ns)};
}

PostPath read_post(const YamlReader& reader) {
  const YamlMapping keys = reader.mapping({"post", "ns"});
  const std::vector<std::string> forms(accelerators::post_forms.words.begin(), accelerators::post_forms.words.end());
  return {static_cast<accelerators::PostForm>(keys.at("post").choice(forms)), ns_of(keys)};
}

// What a row says the delay of.
auto subject(const ElementPath& path) {
  return std::tie(path.family, path.variant, path.width_activation, path.width_weight, path.lanes, path.pipeline);
}
int subject(const BroadcastDelay& delay) { return delay.fan_out; }
accelerators::PostForm subject(const PostPath& path) { return path.post; }

template <typename Row, typename Read>
std::vector<Row> read_rows(const YamlReader& reader, const Read& read) {
  std::vector<Row> rows;
  for (const YamlReader& item : reader.items()) {
    rows.push_back(read(item));
    if (std::any_of(rows.begin(), rows.end() - 1, [&](const Row& row) { return subject(row) == subject(rows.back()); }))
      item.fail("the same path stands in this table twice; keep one");
  }
  if (rows.empty()) reader.fail("lists no path");
  return rows;
}

// Those of the engine's variant that have the multiplier and the depth that stand for it, by lanes.
std::vector<ElementPath> paths_of(const EngineConfig& engine, const ClockTable& table) {
  std::vector<ElementPath> found;
  std::string variant = engine.variant;
  for (const ElementPath& path : table.elements) {
    if (path.family != engine.family) continue;
    if (variant.empty()) variant = path.variant;  // the family's first
    if (path.variant == variant && path.width_activation >= engine.activation_bits &&
        path.width_weight >= engine.weight_bits && path.pipeline <= engine.pipeline)
      found.push_back(path);
  }
  if (found.empty()) return found;
  const auto area = [](const ElementPath& path) { return path.width_activation * path.width_weight; };
  const ElementPath best = *std::min_element(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    return area(a) != area(b) ? area(a) < area(b) : a.pipeline > b.pipeline;
  });
  std::erase_if(found, [&](const ElementPath& path) {
    return path.width_activation != best.width_activation || path.width_weight != best.width_weight ||
           path.pipeline != best.pipeline;
  });
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.lanes < b.lanes; });
  return found;
}

double at_lanes(const std::vector<ElementPath>& paths, int lanes) {
  if (lanes <= paths.front().lanes || paths.size() == 1) return paths.front().ns;
  std::size_t above = 1;
  while (above + 1 < paths.size() && paths[above].lanes < lanes) ++above;
  const ElementPath& low = paths[above - 1];
  const ElementPath& high = paths[above];
  const double share =
      std::log2(static_cast<double>(lanes) / low.lanes) / std::log2(static_cast<double>(high.lanes) / low.lanes);
  return std::max(low.ns + share * (high.ns - low.ns), std::min(low.ns, high.ns));
}

// Of the least fan-out listed that is not below; the greatest, where there is none.
double broadcast_ns(const ClockTable& table, int fan_out) {
  for (const BroadcastDelay& delay : table.broadcast)
    if (delay.fan_out >= fan_out) return delay.ns;
  return table.broadcast.back().ns;
}

}  // namespace

ClockTable parse_clock_table(const TableText& text) {
  const YamlDocument document = parse_yaml(text.text, text.file);
  const YamlMapping keys = YamlReader(document).mapping({"node", "tool", "library", "elements", "broadcast", "post"});
  ClockTable table;
  table.node = keys.at("node").text();
  table.elements = read_rows<ElementPath>(keys.at("elements"), read_element);
  table.broadcast = read_rows<BroadcastDelay>(keys.at("broadcast"), read_broadcast);
  table.post = read_rows<PostPath>(keys.at("post"), read_post);
  std::sort(table.broadcast.begin(), table.broadcast.end(),
            [](const auto& a, const auto& b) { return a.fan_out < b.fan_out; });
  return table;
}

std::optional<ClosingClock> closing_clock(const EngineConfig& engine, const ClockTable& table) {
  const std::vector<ElementPath> paths = paths_of(engine, table);
  const auto post = std::find_if(table.post.begin(), table.post.end(),
                                 [&](const PostPath& path) { return path.post == engine.post; });
  if (paths.empty() || post == table.post.end()) return std::nullopt;
  const double array_ns = at_lanes(paths, engine.lanes) + broadcast_ns(table, std::max(engine.rows, engine.columns));
  if (array_ns >= post->ns) return ClosingClock{ns_of_mhz / array_ns, "engine.array"};
  return ClosingClock{ns_of_mhz / post->ns, "engine.post"};
}

}  // namespace lutra::costs
