#include "software/compiler/residency.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/compiler/compiler.h"
#include "software/compiler/mapping/estimate.h"
#include "software/compiler/mapping/packing.h"

namespace lutra::compiler {

namespace {

constexpr auto word = static_cast<std::uint64_t>(align_in_buffer(1));

}  // namespace

std::vector<bool> choose_resident(const std::vector<Keepable>& weights, std::uint64_t capacity) {
  std::uint64_t all = 0;
  for (const Keepable& each : weights) all += each.held_bytes;
  if (all <= capacity) return std::vector<bool>(weights.size(), true);
  const auto words = static_cast<std::size_t>(capacity / word);
  std::vector<std::uint64_t> saved(words + 1, 0);  // the most that the weights so far save in so many words
  std::vector<std::vector<bool>> keeps(weights.size(), std::vector<bool>(words + 1));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto held = static_cast<std::size_t>(weights[i].held_bytes / word);
    for (std::size_t room = words + 1; room-- > held;) {
      const std::uint64_t with = saved[room - held] + weights[i].saved_bytes;
      if (with <= saved[room]) continue;
      saved[room] = with;
      keeps[i][room] = true;
    }
  }
  std::vector<bool> chosen(weights.size());
  auto room = static_cast<std::size_t>(std::find(saved.begin(), saved.end(), saved[words]) - saved.begin());
  for (std::size_t i = weights.size(); i-- > 0;) {
    chosen[i] = keeps[i][room];
    if (chosen[i]) room -= static_cast<std::size_t>(weights[i].held_bytes / word);
  }
  return chosen;
}

std::uint64_t held_bytes(const Layer& layer, const Tiling& tiling, const accelerators::Family& family) {
  std::int64_t bytes = 0;
  for (const ChannelTile& channels : tiling.channels)
    for (int chunk = 0; chunk < tiling.chunks; ++chunk)
      bytes += align_in_buffer(packed_weight_bytes(layer, channels, tiling.chunk(channels, chunk), family));
  return static_cast<std::uint64_t>(bytes);
}

std::uint64_t loaded_bytes(const Layer& layer, const Plan& plan, const accelerators::Family& family) {
  std::int64_t bytes = 0;
  for (const Step& step : plan.schedule.steps) {
    if (!step.load[LUTRA_BUFFER_WEIGHT]) continue;
    const ChannelTile& channels = plan.tiling.channels[static_cast<std::size_t>(step.index.channels)];
    bytes += packed_weight_bytes(layer, channels, plan.tiling.chunk(channels, step.index.chunk), family);
  }
  return static_cast<std::uint64_t>(bytes);
}

std::uint64_t loaded_constants(const Layer& layer, const Plan& plan, const accelerators::Family& family) {
  std::int64_t parameters = 0;
  for (const Step& step : plan.schedule.steps)
    if (step.load[LUTRA_BUFFER_PARAMETER] && !layer.resident_parameters)
      parameters += parameter_bytes(layer, plan.tiling.channels[static_cast<std::size_t>(step.index.channels)]);
  return loaded_bytes(layer, plan, family) + static_cast<std::uint64_t>(parameters);
}

std::string residency_text(const std::vector<OpPlan>& ops) {
  std::uint64_t resident = 0;
  std::uint64_t streamed = 0;
  std::vector<std::string> streamed_names;
  for (const OpPlan& op : ops) {
    (op.resident ? resident : streamed) += op.weight_bytes;
    if (!op.resident && op.weight_bytes > 0) streamed_names.push_back(op.name);
  }
  if (resident == 0) return "streamed per frame: every weight is read from main memory for every image";
  const std::string kept = fmt::format(
      "resident: {} of {} bytes of weights stay in the engine's weight memory, loaded "
      "in the first frame",
      resident, resident + streamed);
  if (streamed == 0) return kept;
  return fmt::format("{}; {} are read from main memory for every image: {}", kept, streamed,
                     fmt::join(streamed_names, ", "));
}

}  // namespace lutra::compiler
