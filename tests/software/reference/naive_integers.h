#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "software/network/encoding/encoding.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::test {

// software/network/quantised/quantised_network.h word for word, one element at a time: what the executor is held
// against.
class NaiveIntegers {
 public:
  explicit NaiveIntegers(const network::QuantisedNetwork& network) : network_(network), codes_(network.edges.size()) {}

  // Every edge's codes, [row][column][channel].
  std::vector<std::vector<std::int32_t>> run(std::span<const std::uint8_t> pixels) {
    for (std::size_t i = 0; i < codes_.size(); ++i)
      codes_[i].assign(static_cast<std::size_t>(network_.edges[i].shape.elements()), 0);
    const network::Edge& input = edge(network_.input.edge);
    for_each(input.shape, [&](int c, int y, int x) {
      const auto pixel = pixels[static_cast<std::size_t>((c * input.shape.height + y) * input.shape.width + x)];
      const std::int64_t code = network::apply(network_.input.channels[static_cast<std::size_t>(c)], pixel);
      at(network_.input.edge, c, y, x) =
          static_cast<std::int32_t>(std::clamp<std::int64_t>(code, input.encoding.lowest(), input.encoding.highest()));
    });
    for (const network::Operation& operation : network_.operations)
      std::visit([&](const auto& op) { compute(op, operation); }, operation.body);
    return codes_;
  }

 private:
  const network::Edge& edge(network::EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }

  template <typename Visit>
  static void for_each(const network::Shape& shape, Visit visit) {
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x)
        for (int c = 0; c < shape.channels; ++c) visit(c, y, x);
  }

  std::int32_t& at(network::EdgeId id, int c, int y, int x) {
    const network::Shape& shape = edge(id).shape;
    return codes_[static_cast<std::size_t>(id)][static_cast<std::size_t>((y * shape.width + x) * shape.channels + c)];
  }

  bool inside(network::EdgeId id, int y, int x) const {
    return y >= 0 && y < edge(id).shape.height && x >= 0 && x < edge(id).shape.width;
  }

  std::int64_t value(network::EdgeId id, int c, int y, int x) {
    return network::value_of(edge(id).encoding, at(id, c, y, x));
  }

  static std::int64_t sat16(std::int64_t v) { return std::clamp<std::int64_t>(v, -32768, 32767); }

  static const network::Requantise& of_channel(const std::vector<network::Requantise>& all, int channel) {
    return all.size() == 1 ? all.front() : all[static_cast<std::size_t>(channel)];
  }

  void finish(const network::PostProcess& post, int c, int y, int x, std::int64_t acc) {
    std::int64_t stream = sat16(network::apply(of_channel(post.scale, c), acc));
    if (post.skip) {
      const int channel = c - post.skip->channel_offset;
      const bool exists = channel >= 0 && channel < edge(post.skip->edge).shape.channels;
      const std::int64_t skip =
          exists ? value(post.skip->edge, channel, y * post.skip->stride_y, x * post.skip->stride_x) : 0;
      stream = sat16(stream + network::apply(post.skip->requantise, skip));
    }
    if (!post.prelu.empty() && stream < 0) stream = sat16(network::apply(of_channel(post.prelu, c), stream));
    if (post.stream >= 0) at(post.stream, c, y, x) = static_cast<std::int32_t>(stream);
    if (!post.codes) return;
    const std::int64_t code = post.codes->requantise ? network::apply(*post.codes->requantise, stream) : stream;
    at(post.codes->edge, c, y, x) =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(code, post.codes->low, post.codes->high));
  }

  // Calls visit(tap y, tap x, row, column) for each position of the window of output pixel (y, x).
  template <typename Visit>
  static void for_each_tap(const network::Window& window, int y, int x, Visit visit) {
    for (int v = 0; v < window.height; ++v)
      for (int u = 0; u < window.width; ++u)
        visit(v, u, y * window.stride_y + v * window.dilation_y - window.pad_top,
              x * window.stride_x + u * window.dilation_x - window.pad_left);
  }

  void compute(const network::MatrixOp& op, const network::Operation& operation) {
    const network::ActivationEncoding& encoding = edge(op.input).encoding;
    const std::int64_t padding = network::value_of(encoding, encoding.pad_code);
    const int group_inputs = edge(op.input).shape.channels / op.groups;
    const int group_outputs = op.output_channels / op.groups;
    for_each(network::output_shape(network_, operation), [&](int k, int y, int x) {
      std::int64_t acc = 0;
      for_each_tap(op.window, y, x, [&](int v, int u, int row, int column) {
        for (int i = 0; i < group_inputs; ++i) {
          const int index = ((k * group_inputs + i) * op.window.height + v) * op.window.width + u;
          const int channel = k / group_outputs * group_inputs + i;
          const std::int64_t in = inside(op.input, row, column) ? value(op.input, channel, row, column) : padding;
          acc += in * op.weights.values[static_cast<std::size_t>(index)];
        }
      });
      finish(op.post, k, y, x, acc);
    });
  }

  void compute(const network::PoolOp& op, const network::Operation& operation) {
    const bool sum = op.kind == network::PoolKind::sum;
    for_each(network::output_shape(network_, operation), [&](int c, int y, int x) {
      std::int64_t acc = sum ? 0 : std::numeric_limits<std::int64_t>::min();
      for_each_tap(op.window, y, x, [&](int, int, int row, int column) {
        if (!inside(op.input, row, column)) return;
        const std::int64_t in = value(op.input, c, row, column);
        acc = sum ? acc + in : std::max(acc, in);
      });
      finish(op.post, c, y, x, acc);
    });
  }

  void compute(const network::ElementwiseOp& op, const network::Operation&) {
    for_each(edge(op.input).shape, [&](int c, int y, int x) { finish(op.post, c, y, x, value(op.input, c, y, x)); });
  }

  void compute(const network::ConcatOp& op, const network::Operation&) {
    const network::ActivationEncoding& encoding = edge(op.output).encoding;
    int first = 0;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      const network::Shape& shape = edge(op.inputs[i]).shape;
      for_each(shape, [&](int c, int y, int x) {
        const std::int64_t code = network::apply(op.requantise[i], value(op.inputs[i], c, y, x));
        at(op.output, first + c, y, x) =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(code, encoding.lowest(), encoding.highest()));
      });
      first += shape.channels;
    }
  }

  void compute(const network::ResampleOp& op, const network::Operation&) {
    for_each(edge(op.output).shape, [&](int c, int y, int x) {
      const int channel = c * op.step[0] + op.start[0];
      const int row = y * op.step[1] + op.start[1];
      const int column = x * op.step[2] + op.start[2];
      const bool exists = channel >= 0 && channel < edge(op.input).shape.channels && inside(op.input, row, column);
      at(op.output, c, y, x) = exists ? at(op.input, channel, row, column) : edge(op.input).encoding.pad_code;
    });
  }

  const network::QuantisedNetwork& network_;
  std::vector<std::vector<std::int32_t>> codes_;
};

}  // namespace lutra::test
