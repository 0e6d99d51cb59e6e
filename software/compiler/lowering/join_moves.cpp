#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include "software/compiler/lowering/joins.h"
#include "software/compiler/lowering/layer.h"
#include "software/compiler/lowering/op_edges.h"
#include "software/compiler/lowering/requantise.h"

namespace lutra::compiler {

namespace {

using network::EdgeId;

bool whole_bytes(std::int64_t channels, int bits) { return channels * bits % 8 == 0; }

// Channels [first, first + count) of a tensor, or of a view of one.
lutra_tensor view(lutra_tensor tensor, std::uint32_t first, std::uint32_t count) {
  tensor.address += first * tensor.bits / 8;
  tensor.channels = count;
  return tensor;
}

bool moves(const LoweredOp& op) { return op.op.kind == LUTRA_OP_RESAMPLE; }
bool rescales(const LoweredOp& op) { return (op.op.flags & LUTRA_OP_REQUANTISE) != 0; }

bool same_pixels(const lutra_op& op) {
  return op.step_y == 1 && op.step_x == 1 && op.start_y == 0 && op.start_x == 0 && op.codes.height == op.input.height &&
         op.codes.width == op.input.width;
}

// Whether the channels it reads are a view of its input.
bool reads_view(const lutra_op& op) {
  return op.step_channel == 1 && op.start_channel >= 0 &&
         std::int64_t{op.start_channel} + op.input_channels <= op.input.channels &&
         whole_bytes(op.start_channel, op.input.bits) && whole_bytes(op.input_channels, op.input.bits);
}

// Whether the channels it writes are a view of its output.
bool writes_view(const lutra_op& op) {
  const bool to_the_end = op.output_channel + op.input_channels == op.codes.channels;
  return whole_bytes(op.output_channel, op.codes.bits) && (to_the_end || whole_bytes(op.input_channels, op.codes.bits));
}

lutra_tensor output_view(const lutra_op& op) { return view(op.codes, op.output_channel, op.input_channels); }

std::int64_t requantised(const lutra_op& move, std::int64_t code) {
  return std::clamp<std::int64_t>(requantise(move.code_requantise, code), move.code_low, move.code_high);
}

bool changes_nothing(const lutra_op& move, int low, int high) {
  for (int code = low; code <= high; ++code)
    if (requantised(move, code) != code) return false;
  return true;
}

// The writer of a concatenation's input with its codes where `part` would put them; empty where it cannot.
std::optional<LoweredOp> in_place(const LoweredOp& writer, const LoweredOp& part) {
  LoweredOp result = writer;
  lutra_op& op = result.op;
  if (!changes_nothing(part.op, op.code_low, op.code_high)) {
    if (rescales(writer) || !writer.joined.empty()) return std::nullopt;
    op.code_low = static_cast<std::int32_t>(requantised(part.op, op.code_low));
    op.code_high = static_cast<std::int32_t>(requantised(part.op, op.code_high));
    op.code_requantise = part.op.code_requantise;
    op.flags |= LUTRA_OP_REQUANTISE;
  }
  op.codes = output_view(part.op);
  result.codes = part.codes;
  result.codes_channel = static_cast<int>(part.op.output_channel);
  return result;
}

// Of a concatenation's part: who writes its input, codes alone or beside a stream.
LoweredOp* writer_of(std::vector<LoweredOp>& ops, const LoweredOp& part, const network::QuantisedNetwork& network) {
  if (part.input == network.output || part.input == network.input.edge) return nullptr;
  LoweredOp* writer = sole_writer_of(ops, part.input);
  const bool writes_codes = writer != nullptr && writer->codes == part.input && has_tile(*writer);
  return writes_codes && is_whole(writer->op.codes) ? writer : nullptr;
}

bool shares_encoding(const network::QuantisedNetwork& network, EdgeId a, EdgeId b) {
  return network.edges[static_cast<std::size_t>(a)].encoding == network.edges[static_cast<std::size_t>(b)].encoding;
}

// Everybody who reads `edge` reads this part of another.
void redirect(std::vector<LoweredOp>& ops, EdgeId edge, EdgeId to, const lutra_tensor& part) {
  const auto turn = [&](EdgeId& read, lutra_tensor& tensor) {
    if (read != edge) return;
    read = to;
    const std::uint32_t within = tensor.address;  // where it was a view already
    const std::uint32_t channels = tensor.channels;
    tensor = part;
    tensor.address += within;
    tensor.channels = channels;
  };
  for (LoweredOp& op : ops) {
    turn(op.input, op.op.input);
    turn(op.skip, op.op.skip);
  }
}

// Whether starts and steps have room where a window has its padding and its strides.
bool fits_window(const lutra_op& op) {
  constexpr int furthest = std::numeric_limits<std::int16_t>::max();
  constexpr unsigned widest = std::numeric_limits<std::uint16_t>::max();
  return std::abs(op.start_y) <= furthest && std::abs(op.start_x) <= furthest && op.step_y <= widest &&
         op.step_x <= widest;
}

// The same as a sum over windows of one value; empty where padding would have another code, or channels are no view.
std::optional<LoweredOp> as_sum(const LoweredOp& move) {
  LoweredOp result = move;
  lutra_op& op = result.op;
  if (!reads_view(move.op) || !writes_view(move.op) || !fits_window(move.op)) return std::nullopt;
  const auto inside = [](std::int32_t start, std::uint32_t step, std::uint32_t count, std::uint32_t size) {
    return start >= 0 && start + std::int64_t{step} * (count - 1) < size;
  };
  const bool padded = !inside(op.start_y, op.step_y, op.codes.height, op.input.height) ||
                      !inside(op.start_x, op.step_x, op.codes.width, op.input.width);
  if (padded && op.pad_code != 0) return std::nullopt;
  result.scale = {rescales(move) ? op.code_requantise : lutra_requantise{0, 0, 1, 0, 0}};
  result.codes_channel = static_cast<int>(op.output_channel);
  op.input = view(op.input, static_cast<std::uint32_t>(op.start_channel), op.input_channels);
  op.codes = output_view(op);
  op.kind = LUTRA_OP_SUM;
  op.flags = LUTRA_OP_CODES | LUTRA_OP_ONE_SCALE;
  op.code_requantise = {};
  op.window_height = op.window_width = op.dilation_y = op.dilation_x = 1;
  op.stride_y = static_cast<std::uint16_t>(op.step_y);
  op.stride_x = static_cast<std::uint16_t>(op.step_x);
  op.pad_top = static_cast<std::int16_t>(-op.start_y);
  op.pad_left = static_cast<std::int16_t>(-op.start_x);
  op.output_channels = op.input_channels;
  op.groups = 1;
  return result;
}

}  // namespace

void read_in_place(std::vector<LoweredOp>& ops, EdgeId output) {
  for (std::size_t i = 0; i < ops.size();) {
    const LoweredOp move = ops[i];
    const bool is_view = moves(move) && !rescales(move) && same_pixels(move.op) && reads_view(move.op);
    if (!is_view || move.codes == output) {
      ++i;
      continue;
    }
    erase(ops, i);
    redirect(ops, move.codes, move.input,
             view(move.op.input, static_cast<std::uint32_t>(move.op.start_channel), move.op.input_channels));
  }
}

void write_in_place(std::vector<LoweredOp>& ops, const network::QuantisedNetwork& network, const OnEngine& on_engine) {
  for (std::size_t i = 0; i < ops.size();) {
    const LoweredOp part = ops[i];
    const bool is_part = moves(part) && rescales(part) && is_whole(part.op.input) && writes_view(part.op);
    LoweredOp* writer = is_part ? writer_of(ops, part, network) : nullptr;
    const bool alone = readers_of(ops, part.input) == 1;
    const auto placed = writer == nullptr ? std::nullopt : in_place(*writer, part);
    const bool as_it_is = placed && placed->op.flags == writer->op.flags &&
                          whole_bytes(part.op.input_channels, part.op.codes.bits) &&
                          shares_encoding(network, part.input, part.codes);
    if (!placed || !(alone || as_it_is) || (on_engine(*writer) && !on_engine(*placed))) {
      ++i;
      continue;
    }
    *writer = *placed;
    erase(ops, i);
    redirect(ops, part.input, part.codes, output_view(part.op));
  }
}

void copy_on_engine(std::vector<LoweredOp>& ops, const OnEngine& on_engine) {
  for (LoweredOp& op : ops)
    if (moves(op))
      if (const auto sum = as_sum(op); sum && on_engine(*sum)) op = *sum;
  for (LoweredOp& op : ops)
    if (moves(op) && rescales(op) && op.op.input.bits == op.op.codes.bits &&
        changes_nothing(op.op, op.activation.lowest(), op.activation.highest()))
      op.op.flags &= static_cast<std::uint16_t>(~LUTRA_OP_REQUANTISE);
}

}  // namespace lutra::compiler
