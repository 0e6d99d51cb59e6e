#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "software/network/encoding/encoding.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::test {

// Valid quantised networks at random: every kind of operation, encoding and post-processing, small shapes. The same
// seed gives the same network.
class QuantisedNetworkDraw {
 public:
  explicit QuantisedNetworkDraw(unsigned seed) : engine_(seed) {}

  network::QuantisedNetwork network(int operations) {
    network_ = {};
    network_.name = "drawn";
    network_.scheme = "random";
    const network::Shape shape{between(1, 5), between(3, 8), between(3, 8)};
    network_.input.edge = add_edge(shape, code_encoding());
    for (int channel = 0; channel < shape.channels; ++channel) network_.input.channels.push_back(rescale(255, 8));
    for (int i = 0; i < operations; ++i) add_operation("operation " + std::to_string(i));
    network_.output = network_.edges.size() - 1;
    return network_;
  }

  std::vector<std::uint8_t> pixels() {
    std::vector<std::uint8_t> values(static_cast<std::size_t>(edge(network_.input.edge).shape.elements()));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(between(0, 255));
    return values;
  }

  int between(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }

 private:
  bool chance(int percent) { return between(1, 100) <= percent; }
  network::Edge& edge(network::EdgeId id) { return network_.edges[static_cast<std::size_t>(id)]; }
  network::EdgeId any_edge() { return between(0, static_cast<int>(network_.edges.size()) - 1); }

  network::EdgeId add_edge(network::Shape shape, network::ActivationEncoding encoding) {
    const std::string name = "edge " + std::to_string(network_.edges.size());
    network_.edges.push_back({name, shape, encoding, between(1, 1000) / 512.0 / 3.0});
    return network_.edges.size() - 1;
  }

  network::ActivationEncoding code_encoding() {
    network::ActivationEncoding encoding;
    encoding.bits = between(2, 8);
    encoding.is_signed = chance(50);
    if (chance(10)) {
      encoding.bits = 2;
      encoding.is_signed = encoding.is_ternary = true;
      encoding.pad_code = between(-1, 1);
    } else if (chance(20)) {
      for (int code = 0; code < 1 << encoding.bits; ++code)
        encoding.levels.push_back(between(1, 300) - 400 * between(0, 1));
      encoding.pad_code = between(encoding.lowest(), encoding.highest());
      const auto pad = static_cast<std::size_t>(encoding.pad_code) & ((1U << encoding.bits) - 1);
      if (chance(70)) encoding.levels[pad] = 0;
    }
    return encoding;
  }

  static network::ActivationEncoding stream_encoding() {
    network::ActivationEncoding encoding;
    encoding.bits = 16;
    encoding.is_signed = true;
    return encoding;
  }

  // Maps magnitudes up to `magnitude` to about `bits` bits, sometimes far more or far less.
  network::Requantise rescale(std::int64_t magnitude, int bits) {
    network::Requantise r;
    r.multiplier = static_cast<std::uint16_t>(chance(5) ? 0 : between(1 << 14, (1 << 16) - 1));
    int shift = 16 - bits + between(-2, 2);
    for (; magnitude > 0; magnitude /= 2) ++shift;
    r.shift = static_cast<std::uint8_t>(std::clamp(shift, 0, 47));
    const std::int64_t one = std::int64_t{1} << r.shift;
    r.bias = one / 2 + one * between(-5, 5);
    return r;
  }

  std::vector<network::Requantise> rescales(int channels, std::int64_t magnitude, int bits) {
    const int count = chance(30) ? 1 : channels;
    std::vector<network::Requantise> all;
    for (int i = 0; i < count; ++i) all.push_back(rescale(magnitude, bits));
    return all;
  }

  void add_operation(const std::string& name) {
    switch (between(0, 6)) {
      case 0:
        return add_pool(name);
      case 1:
        return add_elementwise(name);
      case 2:
        return add_concat(name);
      case 3:
        return add_resample(name);
      default:
        return add_matrix(name);
    }
  }

  network::Window window(const network::Shape& in, bool whole) {
    network::Window window;
    if (whole) {
      window.height = in.height;
      window.width = in.width;
      return window;
    }
    window.dilation_y = between(1, 2);
    window.dilation_x = between(1, 2);
    window.height = between(1, std::min(3, (in.height - 1) / window.dilation_y + 1));
    window.width = between(1, std::min(3, (in.width - 1) / window.dilation_x + 1));
    window.stride_y = between(1, 2);
    window.stride_x = between(1, 2);
    window.pad_top = between(0, window.height - 1);
    window.pad_left = between(0, window.width - 1);
    window.pad_bottom = between(0, window.height - 1);
    window.pad_right = between(0, window.width - 1);
    return window;
  }

  void add_matrix(const std::string& name) {
    network::MatrixOp op;
    op.input = any_edge();
    const network::Shape in = edge(op.input).shape;
    op.window = window(in, chance(10));
    op.groups = chance(30) ? in.channels : 1;
    if (op.groups == 1 && in.channels % 2 == 0 && chance(30)) op.groups = 2;
    op.output_channels = op.groups * (chance(50) ? 1 : between(1, op.groups > 1 ? 3 : 20));
    op.weights.encoding = weight_encoding(op.output_channels);
    const int count = op.output_channels * (in.channels / op.groups) * op.window.height * op.window.width;
    for (int channel = 0; channel < op.output_channels; ++channel) {
      const std::vector<int> values = network::weight_values(op.weights.encoding, channel);
      for (int i = 0; i < count / op.output_channels; ++i)
        op.weights.values.push_back(static_cast<std::int16_t>(
            values[static_cast<std::size_t>(between(0, static_cast<int>(values.size()) - 1))]));
    }
    for (int i = 0; i < op.output_channels; ++i) op.weights.scales.push_back(between(1, 1000) / 777.0);
    const std::int64_t taps = count / op.output_channels;
    const std::int64_t magnitude = network::value_range(edge(op.input).encoding).magnitude() * taps
                                   << (network::value_bits(op.weights.encoding) - 1);
    const network::Shape out{op.output_channels, op.window.output_height(in.height), op.window.output_width(in.width)};
    op.post = post(out, magnitude);
    network_.operations.push_back({name, std::move(op)});
  }

  network::WeightEncoding weight_encoding(int output_channels) {
    switch (between(0, 7)) {
      case 0:
        return network::TernaryWeights{};
      case 1:
        return network::PowerOfTwoWeights{{{0, 1, 3, 6}}};
      case 2:
        return network::PowerOfTwoWeights{{{0, 2, 4}, {1, 3, 5}}};
      case 3:
        return plane_weights(output_channels);
      case 4: {
        network::CodebookWeights codebook{between(1, 6), {}};
        for (int entry = 0; entry < 1 << codebook.bits; ++entry)
          codebook.table.push_back(static_cast<std::int16_t>(between(0, 1) + 2 * entry - 60));
        return codebook;
      }
      default:
        return network::UniformWeights{between(2, 8)};
    }
  }

  network::PlaneWeights plane_weights(int output_channels) {
    network::PlaneWeights weights;
    for (int plane = between(1, 4); plane > 0; --plane)
      weights.planes.push_back(static_cast<network::PlaneAlphabet>(between(0, 2)));
    for (std::size_t i = 0; i < weights.planes.size() * static_cast<std::size_t>(output_channels); ++i)
      weights.coefficients.push_back(static_cast<std::int16_t>(between(-31, 31)));
    return weights;
  }

  void add_pool(const std::string& name) {
    network::PoolOp op;
    op.input = any_edge();
    const network::Shape in = edge(op.input).shape;
    op.window = window(in, chance(20));
    // A window that sees padding alone has no maximum.
    if (op.window.dilation_y > 1) op.window.pad_top = op.window.pad_bottom = 0;
    if (op.window.dilation_x > 1) op.window.pad_left = op.window.pad_right = 0;
    op.kind = chance(50) ? network::PoolKind::maximum : network::PoolKind::sum;
    const std::int64_t values = op.kind == network::PoolKind::sum ? op.window.height * op.window.width : 1;
    op.post = post({in.channels, op.window.output_height(in.height), op.window.output_width(in.width)},
                   values * network::value_range(edge(op.input).encoding).magnitude());
    network_.operations.push_back({name, std::move(op)});
  }

  void add_elementwise(const std::string& name) {
    network::ElementwiseOp op;
    op.input = any_edge();
    op.post = post(edge(op.input).shape, network::value_range(edge(op.input).encoding).magnitude());
    network_.operations.push_back({name, std::move(op)});
  }

  void add_concat(const std::string& name) {
    network::ConcatOp op;
    op.inputs.push_back(any_edge());
    network::Shape shape = edge(op.inputs.front()).shape;
    for (std::size_t id = 0; id < network_.edges.size(); ++id) {
      if (edge(id).shape.height != shape.height || edge(id).shape.width != shape.width || !chance(30)) continue;
      op.inputs.push_back(id);
      shape.channels += edge(id).shape.channels;
    }
    for (const network::EdgeId input : op.inputs)
      op.requantise.push_back(rescale(network::value_range(edge(input).encoding).magnitude(), 8));
    op.output = add_edge(shape, code_encoding());
    network_.operations.push_back({name, std::move(op)});
  }

  void add_resample(const std::string& name) {
    network::ResampleOp op;
    op.input = any_edge();
    for (int& start : op.start) start = between(-2, 2);
    for (int& step : op.step) step = between(1, 2);
    const network::ActivationEncoding encoding = edge(op.input).encoding;
    op.output = add_edge({between(1, 6), between(1, 8), between(1, 8)}, encoding);
    network_.operations.push_back({name, op});
  }

  network::PostProcess post(network::Shape shape, std::int64_t magnitude) {
    network::PostProcess post;
    const bool wide = chance(60);
    post.scale = rescales(shape.channels, magnitude, wide ? 15 : 8);
    if (chance(50)) post.skip = skip(shape);
    if (chance(30)) post.prelu = rescales(shape.channels, 32767, 14);
    const bool codes = chance(80);
    if (codes) {
      const network::ActivationEncoding encoding = code_encoding();
      post.codes = network::CodeOutput{add_edge(shape, encoding), std::nullopt, encoding.lowest(), encoding.highest()};
      if (chance(50)) post.codes->low = between(encoding.lowest(), encoding.highest());
      if (chance(50)) post.codes->high = between(post.codes->low, encoding.highest());
      if (wide) post.codes->requantise = rescale(32767, encoding.bits);
    }
    if (!codes || chance(30)) post.stream = add_edge(shape, stream_encoding());
    return post;
  }

  std::optional<network::Skip> skip(const network::Shape& shape) {
    const network::EdgeId id = any_edge();
    const network::Shape source = edge(id).shape;
    if (source.channels > shape.channels || source.height < shape.height || source.width < shape.width)
      return std::nullopt;
    network::Skip skip;
    skip.edge = id;
    skip.stride_y = shape.height == 1 ? 1 : between(1, (source.height - 1) / (shape.height - 1));
    skip.stride_x = shape.width == 1 ? 1 : between(1, (source.width - 1) / (shape.width - 1));
    skip.channel_offset = between(0, shape.channels - source.channels);
    skip.requantise = rescale(network::value_range(edge(id).encoding).magnitude(), 13);
    return skip;
  }

  std::mt19937 engine_;
  network::QuantisedNetwork network_;
};

}  // namespace lutra::test
