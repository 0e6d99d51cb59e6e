#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <variant>

#include "accelerators/family/activation_layout.h"
#include "accelerators/interface/registers.h"
#include "models/interface/memory_map.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"
#include "software/compiler/choose_stripes.h"
#include "software/compiler/compiler.h"
#include "software/compiler/image_writer.h"
#include "software/compiler/lowering/capability.h"
#include "software/compiler/lowering/joins.h"
#include "software/compiler/lowering/thresholds.h"
#include "software/compiler/map_memory.h"
#include "software/compiler/mapping/emit.h"
#include "software/compiler/mapping/packing.h"
#include "software/compiler/mapping/plan.h"
#include "software/compiler/residency.h"
#include "software/compiler/startup.h"

namespace lutra::compiler {

namespace {

constexpr std::uint32_t data_alignment =
    64;  // of tensors, weights and streams: a burst, and a multiple of any cache line
constexpr std::uint32_t table_alignment = 8;
constexpr std::uint32_t weight_alignment = align_in_buffer(1);
constexpr std::uint32_t memory_word = accelerators::transfer_port_bytes;  // of the map and the command memory

// One entry of the op table on its way into the image.
struct Item {
  LoweredOp lowered;
  std::optional<Plan> plan;  // absent: the hart computes it
  std::string reason;
  bool lacks_room = false;  // the reason is a buffer
  Placement placement;
  std::uint64_t weight_bytes = 0;
};

class Compiler {
 public:
  Compiler(const network::QuantisedNetwork& network, const accelerators::EngineConfig& engine,
           const accelerators::Family* family, const CompileOptions& options)
      : network_(network),
        engine_(engine),
        family_(family),
        options_(options),
        maps_(network_, static_cast<std::uint64_t>(engine.map_memory_bytes)) {}

  Program run() {
    for (LoweredOp& lowered : operations()) items_.emplace_back().lowered = std::move(lowered);
    for (Item& item : items_) prepare(item);
    plan();
    const std::uint64_t whole_maps = maps_.needed();
    if (find_stripes()) plan();
    require_room(std::min(whole_maps, maps_.needed()));
    place();
    return {.image = writer_.take(),
            .ops = plans(),
            .maps = maps_.plans(),
            .stripes = stripe_plans(),
            .resident_bytes = startup_.bytes(LUTRA_BUFFER_WEIGHT_MEMORY),
            .map_bytes = std::max(maps_.bytes(), startup_.bytes(LUTRA_BUFFER_MAP_MEMORY)),
            .parameter_bytes = startup_.bytes(LUTRA_BUFFER_MAP_MEMORY),
            .command_bytes = startup_.bytes(LUTRA_BUFFER_COMMAND_MEMORY)};
  }

 private:
  std::vector<LoweredOp> operations() {
    std::vector<LoweredOp> ops = lower(network_, options_.normalise_on_hart);
    const OnEngine can = [this](const LoweredOp& op) { return on_engine(op); };
    const bool on_chip = options_.memory.activations != accelerators::MapPlace::dram;
    if (family_ != nullptr) join_recodings(ops, network_, on_chip, engine_, can);
    read_in_place(ops, network_.output);
    write_in_place(ops, network_, can);
    copy_on_engine(ops, can);
    return ops;
  }

  bool on_engine(LoweredOp lowered) const {
    if (family_ == nullptr || !engine_refuses(network_, lowered, engine_, *family_).empty()) return false;
    if (lowered.matrix != nullptr) name_weights(lowered, *family_);
    return std::holds_alternative<Plan>(make_plan(layer_of(lowered), engine_, *family_));
  }

  void prepare(Item& item) const {
    item.placement.op = item.lowered.op;
    if (engine_.post == accelerators::PostForm::thresholds && item.lowered.joined.empty()) {
      Thresholds thresholds = thresholds_of(item.lowered);
      item.lowered.thresholds = std::move(thresholds.values);
      item.lowered.threshold_entries = thresholds.entries;
      item.lowered.direct = thresholds.direct;
    }
    item.lowered.resident_parameters = parameters_stay();
    item.reason = engine_reason(item);
    if (item.reason.empty() && item.lowered.matrix != nullptr) name_weights(item.lowered, *family_);
  }

  // Plans every operation, until the places of its maps are those that its plan knows.
  void plan() {
    do {
      plan_with_weights();
      if (!plan_groups()) {
        leave_groups();
        plan_with_weights();
      }
      for (Item& item : items_) assign(item);
    } while (share_buffers() || keep_maps());
  }

  void plan_with_weights() {
    for (Item& item : items_) {
      item.plan.reset();
      item.lowered.resident = false;
    }
    keep_weights();
  }

  // False where the engine's buffers hold no tile of an operation in its stripes: weights that stayed when its group
  // was chosen stay no longer.
  bool plan_groups() {
    for (const StripeGroup& group : groups_)
      for (int i = group.first; i <= group.last; ++i) {
        Item& item = items_[static_cast<std::size_t>(i)];
        if (item.plan) continue;
        auto plan = plan_of(item, false);
        if (!std::holds_alternative<Plan>(plan)) return false;
        item.plan = std::get<Plan>(std::move(plan));
      }
    return true;
  }

  void leave_groups() {
    groups_.clear();
    for (Item& item : items_) item.lowered.stripes = {};
    forget_places();
  }

  void forget_places() {
    maps_ = MapMemory(network_, static_cast<std::uint64_t>(engine_.map_memory_bytes));
    for (Item& item : items_)
      for_each_tensor(item.lowered, item.lowered.op,
                      [](lutra_tensor& tensor, network::EdgeId) { tensor.memory = LUTRA_MEMORY_MAIN; });
  }

  // Where maps have no room: operations that are to run stripe by stripe; true where there are some, not yet planned.
  bool find_stripes() {
    if (options_.memory.stripes == accelerators::StripeUse::none || !maps_.lacks_room()) return false;
    const MapRoom room{.bytes = static_cast<std::uint64_t>(engine_.map_memory_bytes),
                       .reserved = reserved_bytes(),
                       .at_any_cost = options_.memory.activations == accelerators::MapPlace::on_chip};
    groups_ = choose_stripes(network_, planned_ops(), room, engine_, *family_);
    if (groups_.empty()) return false;
    for (const StripeGroup& group : groups_)
      for (int i = group.first; i <= group.last; ++i) join_group(group, i, items_[static_cast<std::size_t>(i)].lowered);
    maps_ = MapMemory(network_, room.bytes);
    return true;
  }

  // True where operations of a group are to be planned again, for their buffers do not hold what all of them keep.
  bool share_buffers() {
    bool changed = false;
    for (const StripeGroup& group : groups_) {
      std::vector<LoweredOp*> ops;
      std::vector<const Plan*> plans;
      for (int i = group.first; i <= group.last; ++i) {
        ops.push_back(&items_[static_cast<std::size_t>(i)].lowered);
        plans.push_back(&*items_[static_cast<std::size_t>(i)].plan);
      }
      changed |= compiler::share_buffers(ops, plans, engine_);
    }
    return changed;
  }

  std::vector<PlannedOp> planned_ops() const {
    std::vector<PlannedOp> ops;
    for (const Item& item : items_) ops.push_back({&item.lowered, item.plan ? &*item.plan : nullptr});
    return ops;
  }

  std::uint64_t reserved_bytes() const { return parameters_stay() ? parameter_bytes() : 0; }

  void require_room(std::uint64_t needed) const {
    if (options_.memory.activations != accelerators::MapPlace::on_chip || !maps_.lacks_room()) return;
    throw NoRoom(
        fmt::format("engine.map_memory_bytes: the feature maps of network '{}' need {} bytes to stay on chip, and {} "
                    "are given; `memory: {{activations: auto}}` keeps what fits",
                    network_.name, needed, engine_.map_memory_bytes));
  }

  std::vector<StripePlan> stripe_plans() const {
    std::vector<StripePlan> plans;
    for (const StripeGroup& group : groups_) plans.push_back({group.first, group.last, group.rows, group.count});
    return plans;
  }

  // Makes those operations resident whose weights are to stay in the weight memory.
  void keep_weights() {
    using accelerators::WeightPlace;
    const WeightPlace place = options_.memory.weights;
    if (place == WeightPlace::streamed || family_ == nullptr) return;
    std::vector<Item*> items;
    std::vector<Plan> plans;
    std::vector<Keepable> weights;
    std::uint64_t needed = 0;
    for (Item& item : items_) {
      if (!item.reason.empty() || item.lowered.matrix == nullptr) continue;
      auto plan = plan_of(item, true);
      if (!std::holds_alternative<Plan>(plan)) continue;
      items.push_back(&item);
      plans.push_back(std::get<Plan>(std::move(plan)));
      weights.push_back({held_bytes(layer_of(item.lowered), plans.back().tiling, *family_), 0});
      needed += weights.back().held_bytes;
    }
    const auto capacity = static_cast<std::uint64_t>(engine_.weight_memory_bytes);
    if (place == WeightPlace::resident && needed > capacity)
      throw NoRoom(
          fmt::format("engine.weight_memory_bytes: the weights of network '{}' need {} bytes to be resident, "
                      "and {} are given; `memory: {{weights: auto}}` keeps what fits and streams the rest",
                      network_.name, needed, capacity));
    for (std::size_t i = 0; needed > capacity && i < items.size(); ++i) {
      const auto streamed = plan_of(*items[i], false);
      const auto* plan = std::get_if<Plan>(&streamed);
      weights[i].saved_bytes =
          plan == nullptr ? weights[i].held_bytes : loaded_bytes(layer_of(items[i]->lowered), *plan, *family_);
    }
    const std::vector<bool> chosen = choose_resident(weights, capacity);
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i]->lowered.resident = chosen[i];
      if (chosen[i]) items[i]->plan = std::move(plans[i]);
    }
  }

  // Gives feature maps a place in the map memory; true where plans are to be made again for it.
  bool keep_maps() {
    const std::uint64_t parameters = reserved_bytes();
    if (parameters > static_cast<std::uint64_t>(engine_.map_memory_bytes))
      throw NoRoom(
          fmt::format("engine.map_memory_bytes: the parameters of network '{}' need {} bytes to stay on chip, "
                      "and {} are given; `memory: {{parameters: streamed}}` needs none",
                      network_.name, parameters, engine_.map_memory_bytes));
    if (options_.memory.activations == accelerators::MapPlace::dram || family_ == nullptr) return false;
    if (!maps_.place(planned_ops(), parameters)) return false;
    for (Item& item : items_)
      for_each_tensor(item.lowered, item.lowered.op,
                      [&](lutra_tensor& tensor, network::EdgeId id) { tensor.memory = maps_.memory(id); });
    return true;
  }

  // Of the operations that the engine computes.
  std::uint64_t parameter_bytes() const {
    std::uint64_t bytes = 0;
    for (const Item& item : items_)
      if (item.plan)
        bytes += align(bytes_of(item.lowered.scale).size(), memory_word) +
                 align(bytes_of(item.lowered.prelu).size(), memory_word) +
                 align(bytes_of(item.lowered.thresholds).size(), memory_word);
    return bytes;
  }

  std::variant<Plan, std::string> plan_of(const Item& item, bool resident) const {
    Layer layer = layer_of(item.lowered);
    layer.resident = resident;
    return make_plan(layer, engine_, *family_);
  }

  void assign(Item& item) const {
    if (!item.plan && item.reason.empty()) try_engine(item);
    if (item.plan) return;
    const std::string place = fmt::format("operation '{}'", item.lowered.name);
    const bool software = family_ == nullptr || item.lowered.op.kind == LUTRA_OP_NORMALISE;
    if (!software && !options_.allow_cpu_fallback) {
      const std::string message =
          fmt::format("{}: the engine cannot compute it: {}; `fallback: cpu` lets the hart do it", place, item.reason);
      if (item.lacks_room) throw NoRoom(message);
      throw Error(message);
    }
    if (const std::string reason = hart_refuses(network_, item.lowered); !reason.empty())
      throw Error(fmt::format("{}: the hart cannot compute it either: {}", place, reason));
  }

  // Why the engine cannot compute it, room aside.
  std::string engine_reason(const Item& item) const {
    if (family_ == nullptr) return "engine: none";
    return engine_refuses(network_, item.lowered, engine_, *family_);
  }

  // Sets the plan, or the reason where there is none.
  void try_engine(Item& item) const {
    auto plan = plan_of(item, false);
    if (auto* found = std::get_if<Plan>(&plan)) {
      item.plan = std::move(*found);
      return;
    }
    item.lacks_room = true;
    item.reason = std::get<std::string>(plan);
  }

  void place() {
    const std::uint32_t header = writer_.reserve(sizeof(lutra_image), data_alignment);
    const std::uint32_t table = writer_.reserve(items_.size() * sizeof(lutra_op), table_alignment);
    for (Item& item : items_) {
      for_each_tensor(item.lowered, item.placement.op,
                      [&](lutra_tensor& tensor, network::EdgeId id) { tensor.memory = maps_.memory(id); });
      place_data(item);
    }
    if (commands_stay()) reserve_commands();
    place_startup();
    // The streams' sizes do not depend on addresses, and activations lie behind them: emit once to know where.
    const std::uint64_t behind =
        writer_.bytes() + (commands_stay() ? 0 : stream_bytes(data_alignment) + data_alignment);
    place_activations(behind);
    for_each_chain([&](std::size_t first, std::size_t end) { place_stream(first, end); });
    if (writer_.bytes() > behind) throw std::logic_error("command streams grew when addresses became known");
    for (std::size_t i = 0; i < items_.size(); ++i) {
      lutra_op& op = items_[i].placement.op;
      if (!items_[i].plan) op.operations = 1;
      writer_.write_value(static_cast<std::uint32_t>(table + i * sizeof(lutra_op)), op);
    }
    write_header(header, table);
  }

  // Calls visit(first, end) for each run of operations that the engine computes one after another.
  template <typename Visit>
  void for_each_chain(const Visit& visit) const {
    for (std::size_t first = 0; first < items_.size(); ++first) {
      std::size_t end = first;
      while (end < items_.size() && items_[end].plan) ++end;
      if (end > first) visit(first, end);
      first = end;
    }
  }

  std::vector<std::uint8_t> emit_stream(std::size_t first, std::size_t end) const {
    Chain chain(engine_, *family_);
    for (std::size_t i = first; i < end;) {
      const auto group = std::find_if(groups_.begin(), groups_.end(),
                                      [&](const StripeGroup& each) { return each.first == static_cast<int>(i); });
      if (group == groups_.end()) {
        chain.add(chain_op(i++));
        continue;
      }
      std::vector<ChainOp> ops;
      for (; i <= static_cast<std::size_t>(group->last); ++i) ops.push_back(chain_op(i));
      chain.add(ops, group->turns);
    }
    return chain.finish();
  }

  ChainOp chain_op(std::size_t i) const {
    const Item& item = items_[i];
    return {.number = static_cast<std::uint32_t>(i),
            .layer = layer_of(item.lowered),
            .tiling = &item.plan->tiling,
            .schedule = &item.plan->schedule,
            .placement = &item.placement};
  }

  std::uint64_t stream_bytes(std::uint32_t alignment) const {
    std::uint64_t bytes = 0;
    for_each_chain(
        [&](std::size_t first, std::size_t end) { bytes += align(emit_stream(first, end).size(), alignment); });
    return bytes;
  }

  bool commands_stay() const {
    return options_.memory.commands == accelerators::ConstantPlace::resident && family_ != nullptr;
  }

  bool parameters_stay() const {
    return options_.memory.parameters == accelerators::ConstantPlace::resident && family_ != nullptr;
  }

  // Room for the streams in the command memory's block, to be filled when addresses are known.
  void reserve_commands() {
    const std::uint64_t needed = stream_bytes(memory_word);
    if (needed > static_cast<std::uint64_t>(engine_.command_memory_bytes))
      throw NoRoom(
          fmt::format("engine.command_memory_bytes: the command streams of network '{}' need {} bytes to stay "
                      "on chip, and {} are given; `memory: {{commands: streamed}}` needs none",
                      network_.name, needed, engine_.command_memory_bytes));
    startup_.add(LUTRA_BUFFER_COMMAND_MEMORY, std::vector<std::uint8_t>(needed), memory_word);
  }

  void place_stream(std::size_t first, std::size_t end) {
    const auto stream = emit_stream(first, end);
    lutra_op& op = items_[first].placement.op;
    op.operations = static_cast<std::uint32_t>(end - first);
    op.command_bytes = static_cast<std::uint32_t>(stream.size());
    if (!commands_stay()) {
      op.commands = writer_.append(stream, data_alignment);
      return;
    }
    if (next_stream_ + stream.size() > startup_.bytes(LUTRA_BUFFER_COMMAND_MEMORY))
      throw std::logic_error("a command stream grew when addresses became known");
    writer_.write(startup_.block(LUTRA_BUFFER_COMMAND_MEMORY) + next_stream_, stream);
    op.commands = next_stream_ | LUTRA_STREAM_RESIDENT;
    next_stream_ += static_cast<std::uint32_t>(align(stream.size(), memory_word));
  }

  void place_data(Item& item) {
    lutra_op& op = item.placement.op;
    const bool stay = item.plan && parameters_stay();
    const auto place = [&](const auto& values) -> std::uint32_t {
      if (values.empty()) return 0;
      if (stay) return startup_.add(LUTRA_BUFFER_MAP_MEMORY, bytes_of(values), memory_word);
      return writer_.append(bytes_of(values), data_alignment);
    };
    PlacedParameters& parameters = item.placement.parameters;
    parameters.memory = stay ? LUTRA_MEMORY_MAPS : LUTRA_MEMORY_MAIN;
    op.scale = parameters.scale = place(item.lowered.scale);
    op.prelu = parameters.prelu = place(item.lowered.prelu);
    if (item.plan) parameters.thresholds = place(item.lowered.thresholds);
    if (item.lowered.matrix == nullptr) return;
    if (!item.plan) {
      const auto weights = pack_hart_weights(item.lowered);
      op.weights = writer_.append(weights, data_alignment);
      item.weight_bytes = weights.size();
      return;
    }
    const Layer layer = layer_of(item.lowered);
    for (const ChannelTile& channels : item.plan->tiling.channels)
      for (int chunk = 0; chunk < item.plan->tiling.chunks; ++chunk) {
        const auto packed = pack(layer, channels, item.plan->tiling.chunk(channels, chunk));
        const std::uint32_t address = item.lowered.resident
                                          ? startup_.add(LUTRA_BUFFER_WEIGHT_MEMORY, packed.bytes, weight_alignment)
                                          : writer_.append(packed.bytes, data_alignment);
        item.placement.weights.push_back({.address = address,
                                          .bytes = static_cast<std::uint32_t>(packed.bytes.size()),
                                          .format = packed.format,
                                          .bits = packed.bits});
        item.weight_bytes += packed.bytes.size();
      }
  }

  accelerators::PackedWeights pack(const Layer& layer, const ChannelTile& channels, const Chunk& chunk) const {
    if (!options_.outline) return pack_tile_weights(layer, channels, chunk, *family_);
    accelerators::PackedWeights zeros;
    zeros.bytes.resize(static_cast<std::size_t>(packed_weight_bytes(layer, channels, chunk, *family_)));
    zeros.format = layer.source->weight_format;
    zeros.bits = layer.source->weight_bits;
    return zeros;
  }

  // The op table names the image's copy of parameters that stay.
  void place_startup() {
    startup_.place(writer_, data_alignment);
    for (Item& item : items_)
      if (item.placement.parameters.memory == LUTRA_MEMORY_MAPS)
        for (std::uint32_t* address : {&item.placement.op.scale, &item.placement.op.prelu})
          *address += startup_.block(LUTRA_BUFFER_MAP_MEMORY);
  }

  template <typename T>
  static std::span<const std::uint8_t> bytes_of(const std::vector<T>& values) {
    return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
  }

  static std::uint64_t align(std::uint64_t bytes, std::uint32_t alignment = data_alignment) {
    return round_up(bytes, std::uint64_t{alignment});
  }

  void place_activations(std::uint64_t behind) {
    std::uint64_t end = align(behind);
    const auto reserve = [&](std::uint64_t bytes) {
      const std::uint64_t begin = LUTRA_IMAGE_ADDRESS + end;
      end = align(end + bytes);
      const std::uint64_t room = LUTRA_MAIN_BASE + std::uint64_t{options_.main_memory_bytes};
      if (LUTRA_IMAGE_ADDRESS + end > room)
        throw NoRoom(fmt::format("soc.main_memory.bytes: network '{}' needs {} bytes or more, and {} are given",
                                 network_.name, LUTRA_IMAGE_ADDRESS + end - LUTRA_MAIN_BASE,
                                 options_.main_memory_bytes));
      return static_cast<std::uint32_t>(begin);
    };
    profile_ = reserve((items_.size() + 1) * sizeof(lutra_profile));
    const auto pixels = static_cast<std::uint64_t>(edge(network_.input.edge).shape.elements());
    if (options_.normalise_on_hart) frame_ = reserve(pixels);
    std::vector<std::uint32_t> addresses;
    for (std::size_t id = 0; id < network_.edges.size(); ++id) {
      const auto offset = maps_.offset(id);
      addresses.push_back(offset ? static_cast<std::uint32_t>(*offset) : reserve(tensor_bytes(tensor_of(edge(id)))));
    }
    const auto address = [&](network::EdgeId id) { return addresses[static_cast<std::size_t>(id)]; };
    if (!options_.normalise_on_hart) frame_ = address(network_.input.edge);
    frame_bytes_ = options_.normalise_on_hart ? pixels : tensor_bytes(tensor_of(edge(network_.input.edge)));
    logits_ = address(network_.output);
    for (Item& item : items_)
      for_each_tensor(item.lowered, item.placement.op,
                      [&](lutra_tensor& tensor, network::EdgeId id) { tensor.address += address(id); });
    memory_bytes_ = end;
  }

  void write_header(std::uint32_t address, std::uint32_t table) {
    lutra_image header{.magic = LUTRA_IMAGE_MAGIC,
                       .version = LUTRA_IMAGE_VERSION,
                       .header_bytes = sizeof(lutra_image),
                       .op_bytes = sizeof(lutra_op),
                       .image_bytes = writer_.bytes(),
                       .checksum = 0,
                       .memory_bytes = static_cast<std::uint32_t>(memory_bytes_),
                       .op_count = static_cast<std::uint32_t>(items_.size()),
                       .ops = table,
                       .profile = profile_,
                       .frame = frame_,
                       .frame_bytes = static_cast<std::uint32_t>(frame_bytes_),
                       .logits = logits_,
                       .logits_bytes = static_cast<std::uint32_t>(tensor_bytes(tensor_of(edge(network_.output)))),
                       .startup = startup_.stream(),
                       .startup_bytes = startup_.stream_bytes()};
    writer_.write_value(address, header);
    header.checksum = image_checksum(writer_.view());
    writer_.write_value(address, header);
  }

  std::vector<OpPlan> plans() const {
    std::vector<OpPlan> plans;
    for (const Item& item : items_) {
      OpPlan plan{.name = item.lowered.name,
                  .on_engine = item.plan.has_value(),
                  .reason = item.reason,
                  .mapping = {},
                  .macs = item.lowered.macs,
                  .tiles = 0,
                  .array_cycles = 0,
                  .weight_bytes = item.weight_bytes,
                  .resident = item.lowered.resident,
                  .joined = item.lowered.joined,
                  .codes = item.lowered.codes,
                  .codes_channel = item.lowered.codes_channel,
                  .stream = item.lowered.stream};
      if (item.lowered.matrix != nullptr)
        plan.weight_bits = network::storage_bits(item.lowered.matrix->weights.encoding);
      if (item.plan) {
        plan.mapping = item.plan->mapping(layer_of(item.lowered));
        if (!plan.joined.empty()) plan.mapping += fmt::format("; and the work of {}", fmt::join(plan.joined, ", "));
        plan.tiles = static_cast<std::uint32_t>(item.plan->schedule.steps.size());
        plan.array_cycles = item.plan->array_cycles;
        plan.merged_groups = item.plan->tiling.shape.merge;
      }
      plans.push_back(std::move(plan));
    }
    return plans;
  }

  const network::Edge& edge(network::EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }

  network::QuantisedNetwork network_;  // with the edges that joins add
  const accelerators::EngineConfig& engine_;
  const accelerators::Family* family_;
  const CompileOptions& options_;
  std::vector<Item> items_;
  ImageWriter writer_;
  MapMemory maps_;
  std::vector<StripeGroup> groups_;
  Startup startup_;
  std::uint32_t next_stream_ = 0;  // its place in the command memory
  std::uint32_t profile_ = 0;
  std::uint32_t frame_ = 0;
  std::uint32_t logits_ = 0;
  std::uint64_t frame_bytes_ = 0;
  std::uint64_t memory_bytes_ = 0;
};

}  // namespace

Program compile(const network::QuantisedNetwork& network, const accelerators::EngineConfig& engine,
                const accelerators::Family* family, const CompileOptions& options) {
  if (!options.outline) network::validate(network);
  return Compiler(network, engine, family, options).run();
}

}  // namespace lutra::compiler
