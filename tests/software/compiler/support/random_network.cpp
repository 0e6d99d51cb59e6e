#include "tests/software/compiler/support/random_network.h"

#include <algorithm>
#include <bit>
#include <string>

#include "software/network/encoding/encoding.h"

namespace lutra::test {

namespace {

using namespace network;

class Builder {
 public:
  Builder(std::uint64_t seed, const NetworkOptions& options) : random_(seed), options_(options) {}

  QuantisedNetwork build() {
    network_.name = "random";
    network_.scheme = "random";
    const Shape shape{random_.within(1, options_.most_channels), random_.within(1, options_.most_side),
                      random_.within(1, options_.most_side)};
    network_.input.edge = add_edge(shape, random_codes());
    for (int c = 0; c < shape.channels; ++c) network_.input.channels.push_back(requantise(255, 128));
    for (int i = 0; i < options_.operations; ++i) add_operation(i);
    network_.output = network_.edges.size() - 1;
    return std::move(network_);
  }

 private:
  const Edge& edge(EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }

  EdgeId add_edge(Shape shape, ActivationEncoding encoding) {
    network_.edges.push_back({"edge" + std::to_string(network_.edges.size()), shape, encoding, 1.0});
    return network_.edges.size() - 1;
  }

  EdgeId any_edge() { return random_.within(0, static_cast<int>(network_.edges.size()) - 1); }

  ActivationEncoding random_codes() {
    ActivationEncoding encoding;
    encoding.bits = random_.chance(50) ? 8 : random_.within(2, 8);
    encoding.is_signed = random_.chance(40);
    if (!options_.pads) return encoding;
    if (random_.chance(30)) {
      encoding.bits = 2;
      encoding.is_signed = encoding.is_ternary = true;
    }
    encoding.pad_code = random_.within(encoding.lowest(), encoding.is_ternary ? 1 : encoding.highest());
    return encoding;
  }

  static ActivationEncoding stream() {
    ActivationEncoding encoding;
    encoding.bits = 16;
    encoding.is_signed = true;
    return encoding;
  }

  // Maps about [-from, from] to about [-to, to].
  Requantise requantise(std::int64_t from, int to) {
    Requantise r;
    const int shift = random_.within(4, 30);
    std::int64_t multiplier = (std::int64_t{to} << shift) / std::max<std::int64_t>(from, 1);
    multiplier = std::clamp<std::int64_t>(multiplier * random_.within(50, 300) / 100, 0, 65535);
    r.multiplier = static_cast<std::uint16_t>(multiplier);
    if (options_.shifts) r.multiplier = std::bit_floor(r.multiplier);
    r.shift = static_cast<std::uint8_t>(shift);
    r.bias = (std::int64_t{1} << (shift - 1)) + random_.within(-to, to) * (std::int64_t{1} << shift) / 4;
    return r;
  }

  Window window_for(const Shape& in) {
    Window w;
    do {
      w.height = random_.within(1, 4);
      w.width = random_.within(1, 4);
      w.stride_y = random_.within(1, 3);
      w.stride_x = random_.within(1, 3);
      w.dilation_y = random_.chance(20) ? random_.within(1, 3) : 1;
      w.dilation_x = random_.chance(20) ? random_.within(1, 3) : 1;
      w.pad_top = random_.within(0, 2);
      w.pad_left = random_.within(0, 2);
      w.pad_bottom = random_.within(0, 3);
      w.pad_right = random_.within(0, 3);
    } while (w.output_height(in.height) < 1 || w.output_width(in.width) < 1);
    return w;
  }

  void add_operation(int index) {
    const int kind = random_.within(0, options_.moves ? 11 : 9);
    Operation operation;
    operation.name = "op" + std::to_string(index);
    if (kind <= 5)
      operation.body = matrix();
    else if (kind <= 7)
      operation.body = pool();
    else if (kind <= 9)
      operation.body = elementwise();
    else if (kind == 10)
      operation.body = concat();
    else
      operation.body = resample();
    network_.operations.push_back(operation);
  }

  MatrixOp matrix() {
    MatrixOp op;
    op.input = any_edge();
    if (edge(op.input).encoding.bits == 16 && random_.chance(80)) op.input = network_.input.edge;
    const Shape in = edge(op.input).shape;
    op.window = random_.chance(15) ? Window{in.height, in.width} : window_for(in);
    std::vector<int> groups{1};
    for (int g = 2; g <= in.channels; ++g)
      if (in.channels % g == 0) groups.push_back(g);
    op.groups = random_.chance(60) ? 1 : random_.one_of(groups);
    op.output_channels = op.groups * random_.within(1, std::max(1, options_.most_channels / op.groups));
    UniformWeights encoding;
    encoding.bits = random_.chance(50) ? 8 : random_.within(2, 8);
    op.weights.encoding = encoding;
    const std::int64_t per_channel = std::int64_t{in.channels / op.groups} * op.window.height * op.window.width;
    const int half = 1 << (encoding.bits - 1);
    for (std::int64_t i = 0; i < per_channel * op.output_channels; ++i)
      op.weights.values.push_back(static_cast<std::int16_t>(random_.within(-half, half - 1)));
    op.weights.scales.assign(static_cast<std::size_t>(op.output_channels), 1.0);
    const std::int64_t typical = value_range(edge(op.input).encoding).magnitude() * half * (per_channel + 3) / 4;
    const Shape out{op.output_channels, op.window.output_height(in.height), op.window.output_width(in.width)};
    op.post = post(out, typical);
    return op;
  }

  PoolOp pool() {
    PoolOp op;
    op.input = any_edge();
    const Shape in = edge(op.input).shape;
    op.window = random_.chance(25) ? Window{in.height, in.width} : window_for(in);
    Window& w = op.window;
    // A window that sees padding alone has no maximum.
    w.dilation_y = std::min(w.dilation_y, in.height);
    w.dilation_x = std::min(w.dilation_x, in.width);
    w.pad_top = std::min(w.pad_top, w.height - 1);
    w.pad_left = std::min(w.pad_left, w.width - 1);
    w.pad_bottom = std::min(w.pad_bottom, w.height - 1);
    w.pad_right = std::min(w.pad_right, w.width - 1);
    if (w.output_height(in.height) < 1 || w.output_width(in.width) < 1) w = Window{};
    op.kind = random_.chance(50) ? PoolKind::maximum : PoolKind::sum;
    const Shape out{in.channels, w.output_height(in.height), w.output_width(in.width)};
    const std::int64_t values = op.kind == PoolKind::sum ? std::int64_t{w.height} * w.width : 1;
    op.post = post(out, value_range(edge(op.input).encoding).magnitude() * values);
    return op;
  }

  ElementwiseOp elementwise() {
    ElementwiseOp op;
    op.input = any_edge();
    op.post = post(edge(op.input).shape, value_range(edge(op.input).encoding).magnitude());
    return op;
  }

  ConcatOp concat() {
    ConcatOp op;
    const EdgeId first = any_edge();
    const Shape shape = edge(first).shape;
    op.inputs.push_back(first);
    for (std::size_t id = 0; id < network_.edges.size(); ++id)
      if (edge(id).shape.height == shape.height && edge(id).shape.width == shape.width && op.inputs.size() < 4)
        op.inputs.push_back(id);
    Shape out = shape;
    out.channels = 0;
    const ActivationEncoding encoding = random_.chance(15) ? stream() : random_codes();
    for (const EdgeId id : op.inputs) {
      out.channels += edge(id).shape.channels;
      op.requantise.push_back(requantise(value_range(edge(id).encoding).magnitude(), encoding.highest()));
    }
    op.output = add_edge(out, encoding);
    return op;
  }

  ResampleOp resample() {
    ResampleOp op;
    op.input = any_edge();
    const Shape in = edge(op.input).shape;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      op.start[axis] = random_.within(-2, 2);
      op.step[axis] = random_.within(1, 3);
    }
    const Shape out{random_.within(1, in.channels + 2), random_.within(1, in.height + 2),
                    random_.within(1, in.width + 2)};
    op.output = add_edge(out, edge(op.input).encoding);
    return op;
  }

  std::vector<Requantise> per_channel(int channels, std::int64_t from, int to) {
    std::vector<Requantise> all;
    const int count = random_.chance(25) ? 1 : channels;
    for (int i = 0; i < count; ++i) all.push_back(requantise(from, to));
    return all;
  }

  PostProcess post(Shape out, std::int64_t typical) {  // by value: edges are added meanwhile
    PostProcess post;
    const bool wide = random_.chance(30);
    const ActivationEncoding codes = random_codes();
    const int stream_range = wide ? 20000 : codes.highest() + 2;
    post.scale = per_channel(out.channels, typical, stream_range);
    if (random_.chance(40)) post.skip = skip(out, stream_range);
    if (random_.chance(25)) post.prelu = per_channel(out.channels, 1000, 300);
    const bool both = random_.chance(20);
    if (both || random_.chance(75)) {
      CodeOutput output;
      output.low = random_.chance(50) ? codes.lowest() : random_.within(codes.lowest(), 0);
      output.high = random_.chance(70) ? codes.highest() : random_.within(output.low, codes.highest());
      if (wide || random_.chance(30)) output.requantise = requantise(stream_range, codes.highest());
      output.edge = add_edge(out, codes);
      post.codes = output;
    }
    if (both || !post.codes) post.stream = add_edge(out, stream());
    return post;
  }

  std::optional<Skip> skip(const Shape& out, int range) {
    for (int attempt = 0; attempt < 10; ++attempt) {
      Skip skip;
      skip.edge = any_edge();
      skip.stride_y = random_.within(1, 3);
      skip.stride_x = random_.within(1, 3);
      const Shape shape = edge(skip.edge).shape;
      if (shape.channels > out.channels || (out.height - 1) * skip.stride_y >= shape.height ||
          (out.width - 1) * skip.stride_x >= shape.width)
        continue;
      skip.channel_offset = random_.within(0, out.channels - shape.channels);
      skip.requantise = requantise(value_range(edge(skip.edge).encoding).magnitude(), range);
      return skip;
    }
    return std::nullopt;
  }

  Random random_;
  NetworkOptions options_;
  QuantisedNetwork network_;
};

}  // namespace

std::vector<std::uint8_t> Random::bytes(std::int64_t count) {
  std::vector<std::uint8_t> bytes;
  for (std::int64_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(within(0, 255)));
  return bytes;
}

QuantisedNetwork random_network(std::uint64_t seed, const NetworkOptions& options) {
  return Builder(seed, options).build();
}

}  // namespace lutra::test
