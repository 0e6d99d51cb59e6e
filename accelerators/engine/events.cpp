#include "accelerators/engine/events.h"

#include <algorithm>
#include <span>

#include "accelerators/family/timing.h"

namespace lutra::accelerators {

namespace {

using models::Quantity;

constexpr const char* buffer_names[] = {"activation_buffer", "weight_buffer", "parameter_buffer", "skip_buffer",
                                        "output_buffer",     "weight_memory", "map_memory",       "command_memory"};
static_assert(std::size(buffer_names) == LUTRA_BUFFER_COUNT);

struct Name {
  const char* event;
  const char* description;
};

constexpr Name post_events[] = {
    {"window_value", "value compared or added by a pool, sum or elementwise tile"},
    {"scale", "sum multiplied by its scale, shifted and saturated"},
    {"skip_add", "skip value requantised and added"},
    {"prelu", "stream value through the PReLU multiplier"},
    {"code_requantise", "code requantised from the stream"},
    {"compare_sum", "sum compared with a threshold"},
    {"compare_stream", "stream value compared with a threshold"},
};

// The same of a post-processor without multipliers.
constexpr Name shift_events[] = {
    {"window_value", "value compared or added by a pool, sum or elementwise tile"},
    {"shift_scale", "sum shifted to its scale and saturated"},
    {"shift_skip_add", "skip value shifted and added"},
    {"shift_prelu", "stream value shifted by the PReLU"},
    {"shift_code", "code shifted from the stream"},
    {"compare_sum", "sum compared with a threshold"},
    {"compare_stream", "stream value compared with a threshold"},
};

constexpr std::size_t comparisons = 2;  // the last two of either
static_assert(std::size(post_events) == std::size(shift_events));

std::span<const Name> post_events_of(const EngineConfig& config) {
  const std::span<const Name> all = config.post == PostForm::shift ? std::span(shift_events) : std::span(post_events);
  return most_thresholds(config) > 0 ? all : all.first(all.size() - comparisons);
}

constexpr Name causes[] = {
    {"idle", "no command stream runs"},
    {"compute", "the compute unit works"},
    {"load", "compute waits for data from memory"},
    {"store", "compute waits for room in the output buffer, or only stores remain"},
    {"command", "compute waits for commands"},
};
static_assert(std::size(causes) == cause_count);

constexpr Name units[] = {
    {"fetch", "the command processor fetches and dispatches"},
    {"load", "the load unit moves data"},
    {"compute", "the array or the post-processor works"},
    {"store", "the store unit moves data"},
};
static_assert(std::size(units) == unit_count);

}  // namespace

EventCounters::EventCounters(const EngineConfig& config, const Family& family, models::Statistics& statistics) {
  const auto add = [&](const std::string& component, const std::string& event, Quantity quantity,
                       const std::string& description) {
    return &statistics.add({component, event, quantity, description});
  };
  const auto add_port = [&](const std::string& name) {
    const std::string component = "engine." + name;
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    return Port{add(component, "read_bytes", Quantity::bytes, "read from the " + words),
                add(component, "write_bytes", Quantity::bytes, "written to the " + words)};
  };
  for (std::size_t i = 0; i < LUTRA_BUFFER_WEIGHT_MEMORY; ++i) buffers_[i] = add_port(buffer_names[i]);
  accumulators_ = add_port("accumulator_buffer");
  for (const lutra_buffer memory : {LUTRA_BUFFER_WEIGHT_MEMORY, LUTRA_BUFFER_MAP_MEMORY, LUTRA_BUFFER_COMMAND_MEMORY})
    if (buffer_capacity(config, memory) > 0) buffers_[memory] = add_port(buffer_names[memory]);
  for (const EventInfo& info : family.events())
    array_.push_back(add("engine.array", info.event, Quantity::events, info.description));
  for (const Name& name : post_events_of(config))
    post_.push_back(add("engine.post", name.event, Quantity::events, name.description));
  for (std::size_t i = 0; i < causes_.size(); ++i)
    causes_[i] = add("engine.cause", causes[i].event, Quantity::cycles, causes[i].description);
  for (std::size_t i = 0; i < busy_.size(); ++i)
    busy_[i] = add("engine.busy", units[i].event, Quantity::cycles, units[i].description);
  commands_ = add("engine.command", "commands", Quantity::events, "commands dispatched");
  for (const auto& [unit, component] : {std::pair{Unit::fetch, "engine.command"}, std::pair{Unit::load, "engine.load"},
                                        std::pair{Unit::store, "engine.store"}}) {
    bursts_[static_cast<int>(unit)] = add(component, "bursts", Quantity::events, "bursts on the memory port");
    burst_bytes_[static_cast<int>(unit)] = add(component, "bytes", Quantity::bytes, "bytes over the memory port");
  }
}

void EventCounters::count_tile(const TileEvents& tile) {
  *buffers_[LUTRA_BUFFER_ACTIVATION].read += tile.activation_read_bytes;
  *buffers_[LUTRA_BUFFER_WEIGHT].read += tile.weight_read_bytes;
  if (tile.weight_memory_read_bytes > 0) *buffers_[LUTRA_BUFFER_WEIGHT_MEMORY].read += tile.weight_memory_read_bytes;
  *buffers_[LUTRA_BUFFER_PARAMETER].read += tile.parameter_read_bytes;
  *buffers_[LUTRA_BUFFER_SKIP].read += tile.skip_read_bytes;
  *buffers_[LUTRA_BUFFER_OUTPUT].write += tile.output_write_bytes;
  *accumulators_.read += tile.accumulator_read_bytes;
  *accumulators_.write += tile.accumulator_write_bytes;
  for (std::size_t i = 0; i < tile.array.size(); ++i) *array_[i] += tile.array[i];
  const std::uint64_t post[] = {tile.window_values,    tile.scales,          tile.skip_adds,         tile.prelus,
                                tile.code_requantises, tile.sum_comparisons, tile.stream_comparisons};
  static_assert(std::size(post) == std::size(post_events));
  for (std::size_t i = 0; i < post_.size(); ++i) *post_[i] += post[i];
}

void EventCounters::count_burst(Unit unit, lutra_buffer buffer, std::uint64_t bytes) {
  ++*bursts_[static_cast<int>(unit)];
  *burst_bytes_[static_cast<int>(unit)] += bytes;
  *(unit == Unit::load ? buffers_[buffer].write : buffers_[buffer].read) += bytes;
}

void EventCounters::count_map_transfer(Unit unit, lutra_buffer buffer, std::uint64_t bytes) {
  const Port& maps = buffers_[LUTRA_BUFFER_MAP_MEMORY];
  *(unit == Unit::load ? maps.read : maps.write) += bytes;
  *(unit == Unit::load ? buffers_[buffer].write : buffers_[buffer].read) += bytes;
}

void EventCounters::count_padding(lutra_buffer buffer, std::uint64_t bytes) { *buffers_[buffer].write += bytes; }

void EventCounters::count_fetch(std::uint64_t bytes) {
  ++*bursts_[static_cast<int>(Unit::fetch)];
  *burst_bytes_[static_cast<int>(Unit::fetch)] += bytes;
}

void EventCounters::count_resident_fetch(std::uint64_t bytes) { *buffers_[LUTRA_BUFFER_COMMAND_MEMORY].read += bytes; }

void EventCounters::count_command() { ++*commands_; }

void EventCounters::set_cycles(const Ledger& ledger) {
  for (int i = 0; i < cause_count; ++i) *causes_[i] = ledger.cycles(static_cast<Cause>(i));
  for (int i = 0; i < unit_count; ++i) *busy_[i] = ledger.busy_cycles(static_cast<Unit>(i));
}

}  // namespace lutra::accelerators
