#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "software/network/float/graph.h"
#include "software/network/limits.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network {

namespace {

constexpr std::int64_t accumulator_limit = std::int64_t{1} << 31;
constexpr std::int64_t stream_magnitude = 32768;
constexpr std::uint64_t product_limit = std::uint64_t{1} << 62;  // room to add a stream
constexpr int highest_shift = 47;
constexpr std::uint32_t highest_multiplier = (1u << 31) - 1;
constexpr std::uint64_t bias_limit = std::uint64_t{1} << 55;
constexpr int stream_bits = 16;

template <typename... Arguments>
[[noreturn]] void refuse(const std::string& place, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  throw Error(place + ": " + fmt::format(format, std::forward<Arguments>(arguments)...));
}

void check_scale(double scale, const std::string& place) {
  if (!std::isfinite(scale) || scale < 0x1p-100 || scale > 0x1p100)
    refuse(place, "scale {} is not a positive number within 2^-100..2^100", scale);
}

void check_edge(const Edge& edge, const std::string& place) {
  check_shape(edge.shape, place);
  check_scale(edge.scale, place);
  const ActivationEncoding& encoding = edge.encoding;
  if (encoding.bits == stream_bits) {
    if (!encoding.is_signed || !encoding.levels.empty() || encoding.pad_code != 0 || encoding.is_ternary)
      refuse(place, "a {}-bit stream is signed, without levels and with pad code 0", stream_bits);
    return;
  }
  if (encoding.bits < 2 || encoding.bits > 8) refuse(place, "{} bits are not within 2..8 (or 16)", encoding.bits);
  if (encoding.pad_code < encoding.lowest() || encoding.pad_code > encoding.highest())
    refuse(place, "pad code {} is not within {}..{}", encoding.pad_code, encoding.lowest(), encoding.highest());
  if (!encoding.levels.empty() && encoding.levels.size() != std::size_t{1} << encoding.bits)
    refuse(place, "{} levels do not name the values of {} bits", encoding.levels.size(), encoding.bits);
  for (const int level : encoding.levels)
    if (level < -stream_magnitude || level >= stream_magnitude) refuse(place, "level {} is not within 16 bits", level);
  if (encoding.is_ternary && (encoding.bits != 2 || !encoding.is_signed || !encoding.levels.empty()))
    refuse(place, "a ternary edge has two signed bits and no levels");
}

void check_requantise(const Requantise& r, std::int64_t magnitude, const std::string& place) {
  if (r.multiplier > highest_multiplier) refuse(place, "multiplier {} exceeds {}", r.multiplier, highest_multiplier);
  if (r.shift > highest_shift) refuse(place, "shift {} exceeds {}", r.shift, highest_shift);
  const std::uint64_t bias = r.bias < 0 ? -static_cast<std::uint64_t>(r.bias) : static_cast<std::uint64_t>(r.bias);
  if (bias >= bias_limit) refuse(place, "bias {} reaches 2^55", r.bias);
  if (static_cast<std::uint64_t>(magnitude) * r.multiplier + bias >= product_limit)
    refuse(place, "{} * {} + {} may reach 2^62", magnitude, r.multiplier, r.bias);
}

// One for each of `channels`, or a single one for all. `magnitude` bounds what each is applied to.
void check_channel_requantises(const std::vector<Requantise>& all, int channels, std::int64_t magnitude,
                               const char* what, const std::string& place) {
  if (all.size() != 1 && all.size() != static_cast<std::size_t>(channels))
    refuse(place, "{} {} values for {} channels (one each, or a single one)", all.size(), what, channels);
  for (const Requantise& r : all) check_requantise(r, magnitude, place);
}

class Validator {
 public:
  explicit Validator(const QuantisedNetwork& network) : network_(network), written_(network.edges.size(), false) {}

  void run() {
    std::int64_t elements = 0;
    for (std::size_t id = 0; id < network_.edges.size(); ++id) {
      check_edge(network_.edges[id], fmt::format("edge {} '{}'", id, network_.edges[id].name));
      elements += network_.edges[id].shape.elements();
      if (elements > max_elements)
        throw Error(fmt::format("network '{}': its edges hold more than {} elements", network_.name, max_elements));
    }
    check_input();
    for (const Operation& operation : network_.operations) check_operation(operation);
    for (std::size_t id = 0; id < written_.size(); ++id)
      if (!written_[id]) refuse(fmt::format("edge {} '{}'", id, network_.edges[id].name), "no operation writes it");
    read(network_.output, "the network's output");
  }

 private:
  const Edge& read(EdgeId id, const std::string& place) const {
    if (id < 0 || static_cast<std::size_t>(id) >= network_.edges.size())
      refuse(place, "edge {} does not exist among {}", id, network_.edges.size());
    if (!written_[static_cast<std::size_t>(id)])
      refuse(place, "edge {} '{}' is read before it is written", id, network_.edges[static_cast<std::size_t>(id)].name);
    return network_.edges[static_cast<std::size_t>(id)];
  }

  const Edge& write(EdgeId id, const std::string& place) {
    if (id < 0 || static_cast<std::size_t>(id) >= network_.edges.size())
      refuse(place, "edge {} does not exist among {}", id, network_.edges.size());
    const Edge& edge = network_.edges[static_cast<std::size_t>(id)];
    if (written_[static_cast<std::size_t>(id)]) refuse(place, "edge {} '{}' is written twice", id, edge.name);
    written_[static_cast<std::size_t>(id)] = true;
    return edge;
  }

  const Edge& write(EdgeId id, const Shape& shape, const std::string& place) {
    const Edge& edge = write(id, place);
    if (edge.shape != shape)
      refuse(place, "edge '{}' is {} where the result is {}", edge.name, to_string(edge.shape), to_string(shape));
    return edge;
  }

  void check_input() {
    const std::string place = "the input transform";
    const Edge& edge = write(network_.input.edge, place);
    if (edge.encoding.bits == stream_bits) refuse(place, "the input has codes of 2..8 bits, not a stream");
    if (network_.input.channels.size() != static_cast<std::size_t>(edge.shape.channels))
      refuse(place, "{} requantise values for {} channels", network_.input.channels.size(), edge.shape.channels);
    for (const Requantise& r : network_.input.channels) check_requantise(r, 255, place);
  }

  void check_operation(const Operation& operation) {
    const std::string place = fmt::format("operation '{}'", operation.name);
    std::visit([&](const auto& op) { check(op, operation, place); }, operation.body);
  }

  void check(const MatrixOp& op, const Operation& operation, const std::string& place) {
    const Edge& in = read(op.input, place);
    check_window(op.window, in.shape, place);
    if (op.groups < 1 || op.output_channels < 1 || op.output_channels > max_dimension ||
        in.shape.channels % op.groups != 0 || op.output_channels % op.groups != 0)
      refuse(place, "{} groups do not divide {} input and {} output channels", op.groups, in.shape.channels,
             op.output_channels);
    const Window& window = op.window;
    if (saturating_product({in.shape.channels, in.shape.height + window.pad_top + window.pad_bottom,
                            in.shape.width + window.pad_left + window.pad_right}) > max_elements)
      refuse(place, "its padded input has more than {} elements", max_elements);
    check_weights(op, in, place);
    check_post(op.post, output_shape(network_, operation), accumulator_bound(op, in, place), place);
  }

  static void check_weights(const MatrixOp& op, const Edge& in, const std::string& place) {
    const Weights& weights = op.weights;
    try {
      check_encoding(weights.encoding, op.output_channels);
    } catch (const Error& error) {
      refuse(place, "{}", error.what());
    }
    const std::int64_t count =
        saturating_product({op.output_channels, in.shape.channels / op.groups, op.window.height, op.window.width});
    if (static_cast<std::int64_t>(weights.values.size()) != count)
      refuse(place, "{} weights where its window and channels need {}", weights.values.size(), count);
    const std::size_t per_channel = weights.values.size() / static_cast<std::size_t>(op.output_channels);
    std::vector<int> values;
    for (std::size_t i = 0; i < weights.values.size(); ++i) {
      if (i % per_channel == 0) values = weight_values(weights.encoding, static_cast<int>(i / per_channel));
      if (!std::binary_search(values.begin(), values.end(), weights.values[i]))
        refuse(place, "weight {} of output channel {} is none that its {} hold (within {}..{})", weights.values[i],
               i / per_channel, encoding_name(weights.encoding), values.front(), values.back());
    }
    if (weights.scales.size() != static_cast<std::size_t>(op.output_channels))
      refuse(place, "{} weight scales for {} output channels", weights.scales.size(), op.output_channels);
    for (const double scale : weights.scales) check_scale(scale, place);
  }

  // The largest |acc| any input can cause.
  static std::int64_t accumulator_bound(const MatrixOp& op, const Edge& in, const std::string& place) {
    const std::int64_t activation = value_range(in.encoding).magnitude();
    const std::size_t per_channel = op.weights.values.size() / static_cast<std::size_t>(op.output_channels);
    std::int64_t largest = 0;
    for (int channel = 0; channel < op.output_channels; ++channel) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < per_channel; ++i)
        sum += std::abs(int{op.weights.values[static_cast<std::size_t>(channel) * per_channel + i]});
      const std::int64_t bound = saturating_product({sum, activation});
      if (bound >= accumulator_limit)
        refuse(place,
               "the accumulator of output channel {} may reach {}, beyond int32; use narrower weights or activations",
               channel, bound);
      largest = std::max(largest, bound);
    }
    return largest;
  }

  void check(const PoolOp& op, const Operation& operation, const std::string& place) {
    const Edge& in = read(op.input, place);
    infer_shape(MaxPool{op.window}, {in.shape}, place);
    const std::int64_t values = op.kind == PoolKind::sum ? std::int64_t{op.window.height} * op.window.width : 1;
    const std::int64_t bound = saturating_product({values, value_range(in.encoding).magnitude()});
    if (bound >= accumulator_limit) refuse(place, "the sum of a window may reach {}, beyond int32", bound);
    check_post(op.post, output_shape(network_, operation), bound, place);
  }

  void check(const ElementwiseOp& op, const Operation&, const std::string& place) {
    const Edge& in = read(op.input, place);
    check_post(op.post, in.shape, value_range(in.encoding).magnitude(), place);
  }

  void check(const ConcatOp& op, const Operation&, const std::string& place) {
    if (op.inputs.empty()) refuse(place, "has no inputs");
    if (op.requantise.size() != op.inputs.size())
      refuse(place, "{} requantise values for {} inputs", op.requantise.size(), op.inputs.size());
    Shape sum = read(op.inputs.front(), place).shape;
    sum.channels = 0;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      const Edge& in = read(op.inputs[i], place);
      if (in.shape.height != sum.height || in.shape.width != sum.width)
        refuse(place, "its inputs differ in height or width: {}", to_string(in.shape));
      sum.channels += in.shape.channels;
      check_requantise(op.requantise[i], value_range(in.encoding).magnitude(), place);
    }
    write(op.output, sum, place);
  }

  void check(const ResampleOp& op, const Operation&, const std::string& place) {
    const Edge& in = read(op.input, place);
    for (const int step : op.step)
      if (step < 1 || step > max_dimension) refuse(place, "step {} is not within 1..{}", step, max_dimension);
    for (const int start : op.start)
      if (start < -max_dimension || start > max_dimension)
        refuse(place, "start {} is not within {}..{}", start, -max_dimension, max_dimension);
    if (write(op.output, place).encoding != in.encoding) refuse(place, "its input and its output differ in encoding");
  }

  void check_post(const PostProcess& post, const Shape& shape, std::int64_t accumulator, const std::string& place) {
    check_channel_requantises(post.scale, shape.channels, accumulator, "scale", place);
    if (post.skip) check_skip(*post.skip, shape, place);
    if (!post.prelu.empty()) check_channel_requantises(post.prelu, shape.channels, stream_magnitude, "PReLU", place);
    if (!post.codes && post.stream < 0) refuse(place, "writes neither codes nor a stream");
    if (post.codes) check_codes(*post.codes, write(post.codes->edge, shape, place), place);
    if (post.stream < -1) refuse(place, "edge {} does not exist", post.stream);
    if (post.stream >= 0 && write(post.stream, shape, place).encoding.bits != stream_bits)
      refuse(place, "its stream needs an edge of {} bits", stream_bits);
  }

  void check_skip(const Skip& skip, const Shape& shape, const std::string& place) const {
    const Edge& edge = read(skip.edge, place);
    for (const int stride : {skip.stride_y, skip.stride_x})
      if (stride < 1 || stride > max_window_side)
        refuse(place, "skip stride {} is not within 1..{}", stride, max_window_side);
    const bool fits = skip.channel_offset >= 0 &&
                      skip.channel_offset + std::int64_t{edge.shape.channels} <= shape.channels &&
                      std::int64_t{shape.height - 1} * skip.stride_y < edge.shape.height &&
                      std::int64_t{shape.width - 1} * skip.stride_x < edge.shape.width;
    if (!fits)
      refuse(place, "the skip of {} (stride {}x{}, channel offset {}) does not cover {}", to_string(edge.shape),
             skip.stride_y, skip.stride_x, skip.channel_offset, to_string(shape));
    check_requantise(skip.requantise, value_range(edge.encoding).magnitude(), place);
  }

  static void check_codes(const CodeOutput& codes, const Edge& edge, const std::string& place) {
    const ActivationEncoding& encoding = edge.encoding;
    if (encoding.bits == stream_bits) refuse(place, "its codes need an edge of 2..8 bits");
    if (codes.low > codes.high || codes.low < encoding.lowest() || codes.high > encoding.highest())
      refuse(place, "codes {}..{} are not within {}..{}", codes.low, codes.high, encoding.lowest(), encoding.highest());
    if (codes.requantise) check_requantise(*codes.requantise, stream_magnitude, place);
  }

  const QuantisedNetwork& network_;
  std::vector<bool> written_;
};

}  // namespace

void validate(const QuantisedNetwork& network) { Validator(network).run(); }

}  // namespace lutra::network
