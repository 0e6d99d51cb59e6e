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

  EdgeId any_edge() {
    const int last = static_cast<int>(network_.edges.size()) - 1;
    return options_.recent && random_.chance(80) ? last : random_.within(0, last);
  }

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

  void add(std::variant<MatrixOp, PoolOp, ElementwiseOp, ConcatOp, ResampleOp> body) {
    network_.operations.push_back({"op" + std::to_string(network_.operations.size()), std::move(body)});
  }

  void add_operation(int index) {
    if (options_.joins && random_.chance(60)) return random_.chance(50) ? add_block() : add_fire();
    const int kind = random_.within(0, options_.moves ? 11 : 9);
    Operation operation;
    operation.name = "op" + std::to_string(options_.joins ? static_cast<int>(network_.operations.size()) : index);
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

  // A 1 x 1 or 3 x 3 convolution that keeps the pixels.
  MatrixOp same_pixels(EdgeId input, int channels) {
    MatrixOp op;
    op.input = input;
    if (random_.chance(50)) op.window = {.height = 3, .width = 3};
    op.window.pad_top = op.window.pad_left = op.window.pad_bottom = op.window.pad_right = op.window.height / 2;
    op.output_channels = channels;
    UniformWeights encoding;
    encoding.bits = random_.within(2, 8);
    op.weights.encoding = encoding;
    const int half = 1 << (encoding.bits - 1);
    const int per_channel = edge(input).shape.channels * op.window.height * op.window.width;
    for (int i = 0; i < per_channel * channels; ++i)
      op.weights.values.push_back(static_cast<std::int16_t>(random_.within(-half, half - 1)));
    op.weights.scales.assign(static_cast<std::size_t>(channels), 1.0);
    return op;
  }

  std::int64_t typical(const MatrixOp& op) const {
    const auto count = static_cast<std::int64_t>(op.weights.values.size()) / op.output_channels;
    return value_range(edge(op.input).encoding).magnitude() * count * 4;
  }

  // Codes of few values, as a normalisation in front of a convolution makes them.
  ActivationEncoding narrow_codes() {
    ActivationEncoding encoding;
    encoding.bits = random_.chance(80) ? 2 : random_.within(3, 4);
    encoding.is_signed = encoding.is_ternary = encoding.bits == 2 && random_.chance(60);
    return encoding;
  }

  void add_recoding(EdgeId input) {
    ElementwiseOp op;
    op.input = input;
    const ActivationEncoding codes = narrow_codes();
    const Shape shape = edge(input).shape;
    const int high = codes.is_ternary ? 1 : codes.highest();
    op.post.scale = per_channel(shape.channels, value_range(edge(input).encoding).magnitude(), high + 1);
    op.post.codes = {.edge = add_edge(shape, codes), .requantise = {}, .low = codes.is_ternary ? -1 : 0, .high = high};
    add(std::move(op));
  }

  // Two convolutions, each with codes and perhaps a stream, which the second adds; between them codes become narrow.
  void add_block() {
    const EdgeId input = codes_edge();
    const int channels = random_.within(1, options_.most_channels);
    MatrixOp first = same_pixels(input, channels);
    const Shape shape{channels, edge(input).shape.height, edge(input).shape.width};
    const auto finish = [&](MatrixOp& op, bool streams) {
      ActivationEncoding codes;
      codes.is_signed = true;
      op.post.scale = per_channel(channels, typical(op), 20000);
      if (random_.chance(50)) op.post.prelu = per_channel(channels, 1000, 300);
      op.post.codes = {.edge = add_edge(shape, codes),
                       .requantise = requantise(20000, 127),
                       .low = codes.lowest(),
                       .high = codes.highest()};
      if (streams) op.post.stream = add_edge(shape, stream());
    };
    const bool streams = random_.chance(70);
    finish(first, streams);
    const EdgeId wide = first.post.codes->edge;
    const EdgeId stream_edge = first.post.stream;
    add(std::move(first));
    if (random_.chance(30)) {
      PoolOp pool;
      pool.input = wide;
      if (shape.height > 1 && shape.width > 1) pool.window = {.height = 2, .width = 2, .stride_y = 2, .stride_x = 2};
      const Shape out{channels, pool.window.output_height(shape.height), pool.window.output_width(shape.width)};
      pool.post.scale = {requantise(127, 20000)};
      pool.post.stream = add_edge(out, stream());
      add(std::move(pool));
    }
    add_recoding(wide);
    MatrixOp second = same_pixels(network_.edges.size() - 1, channels);
    if (streams) second.post.skip = Skip{.edge = stream_edge, .requantise = requantise(1000, 1000)};
    finish(second, true);
    add(std::move(second));
  }

  // Convolutions of one edge side by side, what they wrote as one, and perhaps a part of that.
  void add_fire() {
    const EdgeId input = codes_edge();
    ConcatOp op;
    Shape shape{0, edge(input).shape.height, edge(input).shape.width};
    ActivationEncoding out = random_codes();
    for (int i = random_.within(1, 3); i > 0; --i) {
      MatrixOp branch = same_pixels(input, random_.within(1, 6) * (random_.chance(70) ? 4 : 1));
      const ActivationEncoding codes = random_.chance(50) ? out : random_codes();
      const Shape of{branch.output_channels, shape.height, shape.width};
      branch.post.scale = per_channel(branch.output_channels, typical(branch), codes.highest() + 2);
      branch.post.codes = {
          .edge = add_edge(of, codes), .requantise = {}, .low = codes.lowest(), .high = codes.highest()};
      op.inputs.push_back(branch.post.codes->edge);
      op.requantise.push_back(codes == out ? Requantise{} : requantise(codes.highest() + 1, out.highest()));
      shape.channels += branch.output_channels;
      add(std::move(branch));
      if (random_.chance(20)) add(same_pixels_of_codes(op.inputs.back()));
    }
    op.output = add_edge(shape, out);
    const EdgeId whole = op.output;
    add(std::move(op));
    if (random_.chance(50)) return;
    ResampleOp slice;
    slice.input = whole;
    slice.start[0] = random_.within(0, shape.channels - 1) / 4 * 4;
    slice.output = add_edge({random_.within(1, shape.channels - slice.start[0]), shape.height, shape.width}, out);
    const EdgeId part = slice.output;
    add(std::move(slice));
    add(same_pixels_of_codes(part));
  }

  MatrixOp same_pixels_of_codes(EdgeId input) {
    MatrixOp op = same_pixels(input, random_.within(1, options_.most_channels));
    op.post = post({op.output_channels, edge(input).shape.height, edge(input).shape.width}, typical(op));
    return op;
  }

  EdgeId codes_edge() {
    const EdgeId id = any_edge();
    return edge(id).encoding.bits == 16 ? network_.input.edge : id;
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
