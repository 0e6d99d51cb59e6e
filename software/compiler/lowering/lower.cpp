#include "software/compiler/lowering/lower.h"

#include "software/network/encoding/encoding.h"

namespace lutra::compiler {

namespace {

using network::Edge;
using network::EdgeId;
using network::QuantisedNetwork;

const Edge& edge_of(const QuantisedNetwork& network, EdgeId id) { return network.edges[static_cast<std::size_t>(id)]; }

lutra_requantise requantise_of(const network::Requantise& r) {
  return lutra_requantise_of(r.multiplier, r.bias, r.shift);
}

std::vector<lutra_requantise> requantises_of(const std::vector<network::Requantise>& all) {
  std::vector<lutra_requantise> result;
  for (const auto& r : all) result.push_back(requantise_of(r));
  return result;
}

void set_code_range(lutra_op& op, int low, int high) {
  op.code_low = low;
  op.code_high = high;
}

class Lowering {
 public:
  Lowering(const QuantisedNetwork& network, const std::string& name) : network_(network), name_(name) {}

  std::vector<LoweredOp> operator()(const network::MatrixOp& op) const {
    LoweredOp result = windowed(LUTRA_OP_MATRIX, op.input, op.window, op.post, op.output_channels);
    result.matrix = &op;
    result.op.groups = static_cast<std::uint32_t>(op.groups);
    result.op.weight_bits = static_cast<std::uint16_t>(network::value_bits(op.weights.encoding));
    result.macs = network::multiply_accumulates(network_, {name_, op});
    return {result};
  }

  std::vector<LoweredOp> operator()(const network::PoolOp& op) const {
    const int kind = op.kind == network::PoolKind::maximum ? LUTRA_OP_MAXIMUM : LUTRA_OP_SUM;
    return {windowed(kind, op.input, op.window, op.post, edge_of(network_, op.input).shape.channels)};
  }

  std::vector<LoweredOp> operator()(const network::ElementwiseOp& op) const {
    return {windowed(LUTRA_OP_ELEMENTWISE, op.input, {}, op.post, edge_of(network_, op.input).shape.channels)};
  }

  std::vector<LoweredOp> operator()(const network::ConcatOp& op) const {
    std::vector<LoweredOp> parts;
    int channel = 0;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      const int channels = edge_of(network_, op.inputs[i]).shape.channels;
      LoweredOp part = resample(op.inputs[i], op.output);
      part.op.flags |= LUTRA_OP_REQUANTISE;
      part.op.code_requantise = requantise_of(op.requantise[i]);
      part.op.output_channel = static_cast<std::uint32_t>(channel);
      part.op.input_channels = static_cast<std::uint32_t>(channels);
      channel += channels;
      parts.push_back(part);
    }
    return parts;
  }

  std::vector<LoweredOp> operator()(const network::ResampleOp& op) const {
    LoweredOp result = resample(op.input, op.output);
    result.op.start_channel = op.start[0];
    result.op.start_y = op.start[1];
    result.op.start_x = op.start[2];
    result.op.step_channel = static_cast<std::uint32_t>(op.step[0]);
    result.op.step_y = static_cast<std::uint32_t>(op.step[1]);
    result.op.step_x = static_cast<std::uint32_t>(op.step[2]);
    result.op.input_channels = result.op.codes.channels;
    return {result};
  }

 private:
  LoweredOp windowed(int kind, EdgeId input, const network::Window& window, const network::PostProcess& post,
                     int output_channels) const {
    LoweredOp result;
    result.name = name_;
    lutra_op& op = result.op;
    op.kind = static_cast<std::uint16_t>(kind);
    set_input(result, input);
    op.window_height = static_cast<std::uint16_t>(window.height);
    op.window_width = static_cast<std::uint16_t>(window.width);
    op.stride_y = static_cast<std::uint16_t>(window.stride_y);
    op.stride_x = static_cast<std::uint16_t>(window.stride_x);
    op.dilation_y = static_cast<std::uint16_t>(window.dilation_y);
    op.dilation_x = static_cast<std::uint16_t>(window.dilation_x);
    op.pad_top = static_cast<std::int16_t>(window.pad_top);
    op.pad_left = static_cast<std::int16_t>(window.pad_left);
    op.output_channels = static_cast<std::uint32_t>(output_channels);
    op.groups = 1;
    set_post(result, post);
    return result;
  }

  LoweredOp resample(EdgeId input, EdgeId output) const {
    LoweredOp result;
    result.name = name_;
    result.op.kind = LUTRA_OP_RESAMPLE;
    result.op.flags = LUTRA_OP_CODES;
    set_input(result, input);
    const Edge& edge = edge_of(network_, output);
    result.codes = output;
    result.op.codes = tensor_of(edge);
    set_code_range(result.op, edge.encoding.lowest(), edge.encoding.highest());
    result.op.step_channel = result.op.step_y = result.op.step_x = 1;
    return result;
  }

  void set_input(LoweredOp& result, EdgeId input) const {
    result.input = input;
    result.activation = edge_of(network_, input).encoding;
    result.op.input = tensor_of(edge_of(network_, input));
    result.op.pad_code = static_cast<std::int16_t>(edge_of(network_, input).encoding.pad_code);
  }

  void set_post(LoweredOp& result, const network::PostProcess& post) const {
    lutra_op& op = result.op;
    const auto flag = [&](lutra_op_flag which) { op.flags = static_cast<std::uint16_t>(op.flags | which); };
    result.scale = requantises_of(post.scale);
    result.prelu = requantises_of(post.prelu);
    if (post.scale.size() == 1) flag(LUTRA_OP_ONE_SCALE);
    if (!post.prelu.empty()) flag(LUTRA_OP_PRELU);
    if (post.prelu.size() == 1) flag(LUTRA_OP_ONE_PRELU);
    if (post.skip) {
      flag(LUTRA_OP_SKIP);
      result.skip = post.skip->edge;
      op.skip = tensor_of(edge_of(network_, post.skip->edge));
      op.skip_stride_y = static_cast<std::uint16_t>(post.skip->stride_y);
      op.skip_stride_x = static_cast<std::uint16_t>(post.skip->stride_x);
      op.skip_channel_offset = static_cast<std::uint32_t>(post.skip->channel_offset);
      op.skip_requantise = requantise_of(post.skip->requantise);
    }
    if (post.stream >= 0) {
      flag(LUTRA_OP_STREAM);
      result.stream = post.stream;
      op.stream = tensor_of(edge_of(network_, post.stream));
    }
    if (post.codes) {
      flag(LUTRA_OP_CODES);
      result.codes = post.codes->edge;
      op.codes = tensor_of(edge_of(network_, post.codes->edge));
      set_code_range(op, post.codes->low, post.codes->high);
      if (post.codes->requantise) {
        flag(LUTRA_OP_REQUANTISE);
        op.code_requantise = requantise_of(*post.codes->requantise);
      }
    }
  }

  const QuantisedNetwork& network_;
  const std::string& name_;
};

LoweredOp normalise(const QuantisedNetwork& network) {
  const Edge& edge = edge_of(network, network.input.edge);
  LoweredOp result;
  result.name = "normalise";
  result.op.kind = LUTRA_OP_NORMALISE;
  result.op.flags = LUTRA_OP_CODES;
  result.codes = network.input.edge;
  result.op.codes = tensor_of(edge);
  result.scale = requantises_of(network.input.channels);
  set_code_range(result.op, edge.encoding.lowest(), edge.encoding.highest());
  return result;
}

}  // namespace

lutra_tensor tensor_of(const Edge& edge) {
  return {.address = 0,
          .channels = static_cast<std::uint32_t>(edge.shape.channels),
          .height = static_cast<std::uint32_t>(edge.shape.height),
          .width = static_cast<std::uint32_t>(edge.shape.width),
          .pixel_bytes = static_cast<std::uint32_t>(packed_bytes(edge.shape.channels, edge.encoding.bits)),
          .bits = static_cast<std::uint8_t>(edge.encoding.bits),
          .is_signed = static_cast<std::uint8_t>(edge.encoding.is_signed),
          .memory = LUTRA_MEMORY_MAIN};
}

std::uint64_t tensor_bytes(const lutra_tensor& tensor) {
  return std::uint64_t{tensor.height} * tensor.width * tensor.pixel_bytes;
}

std::vector<LoweredOp> lower(const QuantisedNetwork& network, bool normalise_on_hart) {
  std::vector<LoweredOp> ops;
  if (normalise_on_hart) ops.push_back(normalise(network));
  for (const network::Operation& operation : network.operations)
    for (LoweredOp& op : std::visit(Lowering(network, operation.name), operation.body)) ops.push_back(std::move(op));
  return ops;
}

}  // namespace lutra::compiler
