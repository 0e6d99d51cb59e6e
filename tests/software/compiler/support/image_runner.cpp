#include "tests/software/compiler/support/image_runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/interface/registers.h"
#include "software/compiler/lowering/lower.h"
#include "software/reference/executor.h"
#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/memory.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/interpreter.h"

namespace lutra::test {

namespace {

using network::EdgeId;

// Where the image has what a start-up stream loads into the command memory.
struct CommandBlock {
  std::uint32_t& address;
  void operator()(const lutra_command&) const {}
  void operator()(const lutra_tile&) const {}
  void operator()(const lutra_transfer& t) const {
    if (t.buffer == LUTRA_BUFFER_COMMAND_MEMORY) address = t.address - t.offset;
  }
};

class Runner {
 public:
  Runner(const compiler::Program& program, const network::QuantisedNetwork& network,
         std::span<const std::uint8_t> pixels, const compiler::CompileOptions& options)
      : header_(header_of(program.image)),
        ops_(ops_of(program.image)),
        memory_(header_.memory_bytes + 8),
        program_(program),
        plans_(program.ops),
        network_(network),
        reference_(reference::IntegerExecutor(network).run_all(pixels)) {
    std::copy(program.image.begin(), program.image.end(), memory_.begin());
    runtime::memory_base = memory_.data();
    if (options.normalise_on_hart)
      std::copy(pixels.begin(), pixels.end(), runtime::memory(header_.frame));
    else
      deliver_codes(network.input.edge);
  }

  // The first edge that is not the reference's once its last writer has run, or, of one that passes stripe by stripe,
  // the first row that is not once it is written; empty: none.
  std::string run(const accelerators::EngineConfig& engine, const accelerators::Family* family) {
    if (header_.startup != 0)
      interpret(bytes_of(memory_, header_.startup, header_.startup_bytes), memory_, engine, *family, stays_);
    std::string found;
    for (std::size_t i = 0; i < ops_.size() && found.empty(); i += ops_[i].operations) {
      std::size_t done = i;
      std::vector<Turn> turns;
      if (ops_[i].commands != 0) turns = turns_of(i);
      std::size_t turn = 0;
      const auto compare_up_to = [&](std::size_t next) {
        if (turn < turns.size() && found.empty()) found = ring_difference(turns[turn]);
        ++turn;
        for (; done < first_of_group(next); ++done)
          if (found.empty()) found = difference(done);
      };
      if (ops_[i].commands != 0)
        interpret(commands_of(ops_[i]), memory_, engine, *family, stays_, compare_up_to);
      else
        runtime::compute(ops_[i], header_.frame, work_);
      compare_up_to(i + ops_[i].operations);
    }
    return found;
  }

 private:
  // Between two operations that the stream begins: output rows of one.
  struct Turn {
    std::size_t op;
    compiler::Rows rows;
  };

  struct CountRows {
    const std::vector<lutra_op>& ops;
    std::vector<Turn>& turns;
    std::vector<std::uint64_t>& outputs;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_transfer&) const {}
    void operator()(const lutra_operation& begun) const {
      turns.push_back({begun.operation, {rows(begun.operation), 0}});
    }
    void operator()(const lutra_tile& tile) const {
      if (tile.flags & LUTRA_TILE_KEEP) return;
      Turn& turn = turns.back();
      outputs[turn.op] += std::uint64_t{tile.rows} * tile.columns * tile.channels;
      turn.rows.count = rows(turn.op) - turn.rows.first;
    }
    int rows(std::size_t op) const {
      const lutra_tensor& output = ops[op].flags & LUTRA_OP_CODES ? ops[op].codes : ops[op].stream;
      return static_cast<int>(outputs[op] / (std::uint64_t{output.width} * output.channels));
    }
  };

  std::vector<Turn> turns_of(std::size_t op) const {
    std::vector<Turn> turns{{op, {}}};
    std::vector<std::uint64_t> outputs(ops_.size(), 0);
    const std::vector<std::uint8_t> stream = commands_of(ops_[op]);
    for_each_command(stream, CountRows{ops_, turns, outputs});
    return turns;
  }

  // The operation itself where it is in no group of stripes.
  std::size_t first_of_group(std::size_t op) const {
    for (const compiler::StripePlan& group : program_.stripes)
      if (static_cast<int>(op) > group.first && static_cast<int>(op) <= group.last)
        return static_cast<std::size_t>(group.first);
    return op;
  }

  const compiler::RowRing* ring_of(EdgeId edge) const {
    for (const compiler::MapPlan& map : program_.maps)
      if (map.edge == edge && map.ring.rows > 0) return &map.ring;
    return nullptr;
  }

  // Of the rows that a turn has written, each at its one or two places.
  std::string ring_difference(const Turn& turn) {
    const lutra_op& op = ops_[turn.op];
    const compiler::OpPlan& plan = plans_[turn.op];
    const auto of = [&](EdgeId edge, lutra_tensor tensor, int from) -> std::string {
      const compiler::RowRing* ring = edge < 0 ? nullptr : ring_of(edge);
      if (ring == nullptr) return {};
      const std::uint32_t address = tensor.address;
      tensor.height = 1;
      // The ring may have turned within two turns of one operation, which no command parts.
      for (int row = std::max(turn.rows.first, turn.rows.end() - ring->rows); row < turn.rows.end(); ++row)
        for (const compiler::RowsAt& at : compiler::places_of({row, 1}, *ring)) {
          tensor.address = address + static_cast<std::uint32_t>(at.place) * tensor.width * tensor.pixel_bytes;
          std::string found = difference(edge, tensor, {0, tensor.channels}, from, static_cast<std::uint32_t>(row));
          if (!found.empty()) return fmt::format("operation {} '{}': {}", turn.op, plan.name, found);
        }
      return {};
    };
    std::string found = of(plan.codes, op.codes, plan.codes_channel);
    return found.empty() ? of(plan.stream, op.stream, 0) : found;
  }

  // Of what this operation has written, which may be a part of an edge.
  std::string difference(std::size_t op) {
    const compiler::OpPlan& plan = plans_[op];
    const bool moves = ops_[op].kind == LUTRA_OP_RESAMPLE;
    const std::uint32_t first = moves ? ops_[op].output_channel : 0;
    const std::uint32_t count = moves ? ops_[op].input_channels : ops_[op].codes.channels;
    std::string found;
    if (plan.codes >= 0 && ring_of(plan.codes) == nullptr)
      found = difference(plan.codes, ops_[op].codes, {first, count}, plan.codes_channel);
    if (found.empty() && plan.stream >= 0 && ring_of(plan.stream) == nullptr)
      found = difference(plan.stream, ops_[op].stream, {0, ops_[op].stream.channels}, 0);
    return found.empty() ? found : fmt::format("operation {} '{}': {}", op, plan.name, found);
  }

  // What the engine would fetch.
  std::vector<std::uint8_t> commands_of(const lutra_op& op) const {
    const bool resident = (op.commands & LUTRA_STREAM_RESIDENT) != 0;
    const std::span<const std::uint8_t> stream =
        resident ? std::span(stays_.commands).subspan(op.commands - LUTRA_STREAM_RESIDENT, op.command_bytes)
                 : stream_of(memory_, op);
    return {stream.begin(), stream.end()};
  }

  void deliver_codes(EdgeId edge) {
    lutra_tensor tensor = compiler::tensor_of(network_.edges[static_cast<std::size_t>(edge)]);
    tensor.address = header_.frame;
    const auto& codes = reference_[static_cast<std::size_t>(edge)];
    for (std::uint32_t y = 0; y < tensor.height; ++y)
      for (std::uint32_t x = 0; x < tensor.width; ++x)
        for (std::uint32_t c = 0; c < tensor.channels; ++c)
          runtime::store_code(runtime::pixel(tensor, y, x), c, tensor.bits,
                              codes[(std::size_t{y} * tensor.width + x) * tensor.channels + c]);
  }

  struct Channels {
    std::uint32_t first;
    std::uint32_t count;
  };

  // Channels of a tensor whose first is `from` of the edge, and whose first row is `row`.
  std::string difference(EdgeId edge, lutra_tensor tensor, Channels channels, int from, std::uint32_t row = 0) {
    if (static_cast<std::size_t>(edge) >= reference_.size()) return {};  // the compiler's own
    // Read where the hart's kernels could: what lies on chip is looked at as if it lay in memory.
    std::vector<std::uint8_t> maps;
    if (tensor.memory == LUTRA_MEMORY_MAPS) {
      maps = stays_.maps;
      maps.resize(maps.size() + 8);
      runtime::memory_base = maps.data();
      tensor.address += LUTRA_IMAGE_ADDRESS;
    }
    std::string found = compare(edge, tensor, channels, static_cast<std::uint32_t>(from), row);
    runtime::memory_base = memory_.data();
    return found;
  }

  std::string compare(EdgeId edge, const lutra_tensor& tensor, Channels channels, std::uint32_t from,
                      std::uint32_t row) const {
    const auto& expected = reference_[static_cast<std::size_t>(edge)];
    const auto edge_channels =
        static_cast<std::uint32_t>(network_.edges[static_cast<std::size_t>(edge)].shape.channels);
    for (std::uint32_t y = 0; y < tensor.height; ++y)
      for (std::uint32_t x = 0; x < tensor.width; ++x)
        for (std::uint32_t c = channels.first; c < channels.first + channels.count; ++c) {
          const std::int32_t found =
              runtime::code_at(runtime::pixel(tensor, y, x), c, tensor.bits, tensor.is_signed != 0);
          const std::size_t index = (std::size_t{row + y} * tensor.width + x) * edge_channels + from + c;
          if (found != expected[index])
            return fmt::format("edge {} (channel {}, row {}, column {}) is {} and not {}", edge, from + c, row + y, x,
                               found, expected[index]);
        }
    return {};
  }

  lutra_image header_;
  std::vector<lutra_op> ops_;
  std::vector<std::uint8_t> memory_;
  const compiler::Program& program_;
  const std::vector<compiler::OpPlan>& plans_;
  const network::QuantisedNetwork& network_;
  std::vector<std::vector<std::int32_t>> reference_;
  OnChip stays_;
  alignas(16) std::uint8_t work_[LUTRA_HART_WORK_BYTES];
};

}  // namespace

lutra_image header_of(std::span<const std::uint8_t> image) { return read_struct<lutra_image>(image, 0); }

std::vector<lutra_op> ops_of(std::span<const std::uint8_t> image) {
  const lutra_image header = header_of(image);
  std::vector<lutra_op> ops;
  for (std::uint32_t i = 0; i < header.op_count; ++i)
    ops.push_back(read_struct<lutra_op>(image, header.ops - LUTRA_IMAGE_ADDRESS + i * sizeof(lutra_op)));
  return ops;
}

std::span<const std::uint8_t> bytes_of(std::span<const std::uint8_t> image, std::uint32_t address,
                                       std::uint32_t bytes) {
  return image.subspan(address - LUTRA_IMAGE_ADDRESS, bytes);
}

std::span<const std::uint8_t> stream_of(std::span<const std::uint8_t> image, const lutra_op& op) {
  if ((op.commands & LUTRA_STREAM_RESIDENT) != 0) {
    const lutra_image header = header_of(image);
    std::uint32_t block = 0;
    for_each_command(bytes_of(image, header.startup, header.startup_bytes), CommandBlock{block});
    return bytes_of(image, block + op.commands - LUTRA_STREAM_RESIDENT, op.command_bytes);
  }
  return bytes_of(image, op.commands, op.command_bytes);
}

std::string difference_from_reference(const compiler::Program& program, const network::QuantisedNetwork& network,
                                      std::span<const std::uint8_t> pixels, const compiler::CompileOptions& options,
                                      const accelerators::EngineConfig& engine, const accelerators::Family* family) {
  Runner runner(program, network, pixels, options);
  return runner.run(engine, family);
}

}  // namespace lutra::test
