#include <fmt/format.h>

#include <variant>

#include "models/interface/memory_map.h"
#include "software/common/error.h"
#include "software/compiler/capability.h"
#include "software/compiler/compiler.h"
#include "software/compiler/emit.h"
#include "software/compiler/image_writer.h"
#include "software/compiler/map_memory.h"
#include "software/compiler/packing.h"
#include "software/compiler/plan.h"
#include "software/compiler/residency.h"
#include "software/compiler/thresholds.h"

namespace lutra::compiler {

namespace {

constexpr std::uint32_t data_alignment =
    64;  // of tensors, weights and streams: a burst, and a multiple of any cache line
constexpr std::uint32_t table_alignment = 8;

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
        maps_(network, options.memory.activations, static_cast<std::uint64_t>(engine.map_memory_bytes)) {}

  Program run() {
    for (LoweredOp& lowered : lower(network_, options_.normalise_on_hart))
      items_.emplace_back().lowered = std::move(lowered);
    for (Item& item : items_) prepare(item);
    do {
      for (Item& item : items_) {
        item.plan.reset();
        item.lowered.resident = false;
      }
      keep_weights();
      for (Item& item : items_) assign(item);
    } while (keep_maps());
    place();
    return {.image = writer_.take(),
            .ops = plans(),
            .maps = maps_.plans(),
            .resident_bytes = resident_.size(),
            .map_bytes = maps_.bytes()};
  }

 private:
  void prepare(Item& item) const {
    item.placement.op = item.lowered.op;
    if (engine_.post == accelerators::PostForm::thresholds) {
      Thresholds thresholds = thresholds_of(item.lowered);
      item.lowered.thresholds = std::move(thresholds.values);
      item.lowered.threshold_entries = thresholds.entries;
      item.lowered.direct = thresholds.direct;
    }
    item.reason = engine_reason(item);
    if (item.reason.empty() && item.lowered.matrix != nullptr) name_weights(item.lowered, *family_);
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
    if (options_.memory.activations == accelerators::MapPlace::dram || family_ == nullptr) return false;
    std::vector<PlannedOp> ops;
    for (const Item& item : items_) ops.push_back({&item.lowered, item.plan ? &*item.plan : nullptr});
    if (!maps_.place(ops)) return false;
    for (Item& item : items_)
      for_each_tensor(item.lowered, item.lowered.op,
                      [&](lutra_tensor& tensor, network::EdgeId id) { tensor.memory = maps_.memory(id); });
    return true;
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
    for (Item& item : items_) place_data(item);
    place_startup();
    // The streams' sizes do not depend on addresses, and activations lie behind them: emit once to know where.
    place_activations(writer_.bytes() + stream_bytes());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Item& item = items_[i];
      if (item.plan) {
        const auto stream = emit_stream(item).finish();
        item.placement.op.commands = writer_.append(stream, data_alignment);
        item.placement.op.command_bytes = static_cast<std::uint32_t>(stream.size());
      }
      writer_.write_value(static_cast<std::uint32_t>(table + i * sizeof(lutra_op)), item.placement.op);
    }
    write_header(header, table);
  }

  StreamBuilder emit_stream(const Item& item) const {
    return emit(layer_of(item.lowered), item.plan->tiling, item.plan->schedule, item.placement, engine_, *family_);
  }

  std::uint64_t stream_bytes() const {
    std::uint64_t bytes = 0;
    for (const Item& item : items_)
      if (item.plan) bytes += align(emit_stream(item).finish().size());
    return bytes + data_alignment;
  }

  void place_data(Item& item) {
    lutra_op& op = item.placement.op;
    if (!item.lowered.scale.empty()) op.scale = writer_.append_array(item.lowered.scale, data_alignment);
    if (!item.lowered.prelu.empty()) op.prelu = writer_.append_array(item.lowered.prelu, data_alignment);
    if (item.plan && !item.lowered.thresholds.empty())
      item.placement.thresholds = writer_.append_array(item.lowered.thresholds, data_alignment);
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
        const auto packed = pack_tile_weights(layer, channels, item.plan->tiling.chunk(channels, chunk), *family_);
        const std::uint32_t address =
            item.lowered.resident ? append_resident(packed.bytes) : writer_.append(packed.bytes, data_alignment);
        item.placement.weights.push_back({.address = address,
                                          .bytes = static_cast<std::uint32_t>(packed.bytes.size()),
                                          .format = packed.format,
                                          .bits = packed.bits});
        item.weight_bytes += packed.bytes.size();
      }
  }

  // Its place in the weight memory.
  std::uint32_t append_resident(const std::vector<std::uint8_t>& bytes) {
    const auto address = static_cast<std::uint32_t>(resident_.size());
    resident_.insert(resident_.end(), bytes.begin(), bytes.end());
    resident_.resize(static_cast<std::size_t>(align_in_buffer(static_cast<std::int64_t>(resident_.size()))));
    return address;
  }

  // The stream that fills the weight memory.
  void place_startup() {
    if (resident_.empty()) return;
    StreamBuilder stream;
    stream.load(block_transfer(LUTRA_BUFFER_WEIGHT_MEMORY, 0, writer_.append(resident_, data_alignment),
                               static_cast<std::int64_t>(resident_.size())));
    const auto commands = stream.finish();
    startup_ = writer_.append(commands, data_alignment);
    startup_bytes_ = static_cast<std::uint32_t>(commands.size());
  }

  static std::uint64_t align(std::uint64_t bytes) {
    return (bytes + data_alignment - 1) / data_alignment * data_alignment;
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
      for_each_tensor(item.lowered, item.placement.op, [&](lutra_tensor& tensor, network::EdgeId id) {
        tensor.address = address(id);
        tensor.memory = maps_.memory(id);
      });
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
                       .startup = startup_,
                       .startup_bytes = startup_bytes_};
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
                  .resident = item.lowered.resident};
      if (item.lowered.matrix != nullptr)
        plan.weight_bits = network::storage_bits(item.lowered.matrix->weights.encoding);
      if (item.plan) {
        plan.mapping = item.plan->mapping(layer_of(item.lowered));
        plan.tiles = static_cast<std::uint32_t>(item.plan->schedule.steps.size());
        plan.array_cycles = item.plan->array_cycles;
        plan.merged_groups = item.plan->tiling.shape.merge;
      }
      plans.push_back(std::move(plan));
    }
    return plans;
  }

  const network::Edge& edge(network::EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }

  const network::QuantisedNetwork& network_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family* family_;
  const CompileOptions& options_;
  std::vector<Item> items_;
  ImageWriter writer_;
  MapMemory maps_;
  std::vector<std::uint8_t> resident_;  // the weight memory's content
  std::uint32_t startup_ = 0;
  std::uint32_t startup_bytes_ = 0;
  std::uint32_t profile_ = 0;
  std::uint32_t frame_ = 0;
  std::uint32_t logits_ = 0;
  std::uint64_t frame_bytes_ = 0;
  std::uint64_t memory_bytes_ = 0;
};

}  // namespace

Program compile(const network::QuantisedNetwork& network, const accelerators::EngineConfig& engine,
                const accelerators::Family* family, const CompileOptions& options) {
  network::validate(network);
  return Compiler(network, engine, family, options).run();
}

}  // namespace lutra::compiler
