#include <algorithm>

#include "software/network/encoding/encoding.h"
#include "software/reference/integer/integer_step.h"

namespace lutra::reference {

namespace {

using network::Edge;
using network::MatrixOp;
using network::QuantisedNetwork;
using network::Shape;
using network::Window;

const Edge& edge_of(const QuantisedNetwork& network, network::EdgeId id) {
  return network.edges[static_cast<std::size_t>(id)];
}

Shape result_shape(const QuantisedNetwork& network, const MatrixOp& op) {
  return network::output_shape(network, {"", op});
}

// The operation's input with its padding, as values. Without padding it is the edge itself.
class PaddedInput {
 public:
  PaddedInput(const Edge& edge, const MatrixOp& op)
      : edge_(op.input),
        in_(edge.shape),
        window_(op.window),
        pad_value_(static_cast<std::int16_t>(network::value_of(edge.encoding, edge.encoding.pad_code))) {}

  std::ptrdiff_t row_pitch() const {
    return std::ptrdiff_t{in_.width + window_.pad_left + window_.pad_right} * in_.channels;
  }

  const std::int16_t* fill(IntegerFrame& frame) const {
    const std::int16_t* values = frame.values(edge_);
    if (window_.pad_top + window_.pad_bottom + window_.pad_left + window_.pad_right == 0) return values;
    const std::ptrdiff_t rows = in_.height + window_.pad_top + window_.pad_bottom;
    const std::ptrdiff_t left = std::ptrdiff_t{window_.pad_left} * in_.channels;
    const std::ptrdiff_t inner = std::ptrdiff_t{in_.width} * in_.channels;
    frame.padded.resize(static_cast<std::size_t>(rows * row_pitch() + 1));
    for (std::ptrdiff_t y = 0; y < rows; ++y) {
      std::int16_t* row = frame.padded.data() + y * row_pitch();
      const std::ptrdiff_t source = y - window_.pad_top;
      if (source < 0 || source >= in_.height) {
        std::fill_n(row, row_pitch(), pad_value_);
        continue;
      }
      std::fill_n(row, left, pad_value_);
      std::copy_n(values + source * inner, inner, row + left);
      std::fill(row + left + inner, row + row_pitch(), pad_value_);
    }
    return frame.padded.data();
  }

 private:
  network::EdgeId edge_;
  Shape in_;
  Window window_;
  std::int16_t pad_value_;
};

// Blocks of outputs times runs of adjacent input values. A run is a window row where its pixels adjoin, else a pixel.
class DenseStep final : public IntegerStep {
 public:
  DenseStep(const QuantisedNetwork& network, const MatrixOp& op, const IntegerKernels& kernels)
      : input_(edge_of(network, op.input), op),
        post_(network, op.post, result_shape(network, op), kernels),
        kernels_(kernels),
        shape_(result_shape(network, op)),
        groups_(op.groups),
        in_channels_(edge_of(network, op.input).shape.channels),
        stride_y_(op.window.stride_y),
        pixel_stride_(std::ptrdiff_t{op.window.stride_x} * in_channels_) {
    const bool rows_adjoin = op.groups == 1 && op.window.dilation_x == 1;
    const int group_channels = in_channels_ / op.groups;
    const int run_pixels = rows_adjoin ? op.window.width : 1;
    pairs_ = (run_pixels * group_channels + 1) / 2;
    for (int y = 0; y < op.window.height; ++y)
      for (int x = 0; x < op.window.width; x += run_pixels)
        offsets_.push_back(std::ptrdiff_t{y} * op.window.dilation_y * input_.row_pitch() +
                           std::ptrdiff_t{x} * op.window.dilation_x * in_channels_);
    pack(op, group_channels, run_pixels);
  }

  void run(IntegerFrame& frame) const override {
    const std::int16_t* padded = input_.fill(frame);
    const std::ptrdiff_t stride = groups_ == 1 ? blocks_ * block_outputs : shape_.channels;
    frame.accumulators.resize(static_cast<std::size_t>(shape_.width * stride));
    if (groups_ > 1) frame.group.resize(static_cast<std::size_t>(shape_.width) * block_outputs);
    for (int y = 0; y < shape_.height; ++y) {
      const std::int16_t* first = padded + std::ptrdiff_t{y} * stride_y_ * input_.row_pitch();
      for (int group = 0; group < groups_; ++group) run_group(first, group, stride, frame);
      post_.run(frame.accumulators.data(), stride, y, frame);
    }
  }

 private:
  int group_outputs() const { return shape_.channels / groups_; }
  std::size_t block_weights() const { return offsets_.size() * static_cast<std::size_t>(pairs_) * 2 * block_outputs; }

  void pack(const MatrixOp& op, int group_channels, int run_pixels) {
    blocks_ = (group_outputs() + block_outputs - 1) / block_outputs;
    weights_.resize(block_weights() * static_cast<std::size_t>(blocks_ * groups_));
    const Window& window = op.window;
    std::size_t source = 0;
    for (int output = 0; output < op.output_channels; ++output)
      for (int channel = 0; channel < group_channels; ++channel)
        for (int tap = 0; tap < window.height * window.width; ++tap) {
          const int block = output / group_outputs() * blocks_ + output % group_outputs() / block_outputs;
          const int lane = output % group_outputs() % block_outputs;
          const int element = tap % run_pixels * group_channels + channel;
          const std::size_t pair =
              static_cast<std::size_t>(tap / run_pixels) * static_cast<std::size_t>(pairs_) + element / 2;
          weights_[static_cast<std::size_t>(block) * block_weights() + (pair * block_outputs + lane) * 2 +
                   element % 2] = op.weights.values[source++];
        }
  }

  void run_group(const std::int16_t* first, int group, std::ptrdiff_t stride, IntegerFrame& frame) const {
    for (int block = 0; block < blocks_; ++block) {
      std::int32_t* out = frame.accumulators.data() + std::ptrdiff_t{group} * group_outputs() + block * block_outputs;
      DotRow row{};
      row.weights = weights_.data() + static_cast<std::size_t>(group * blocks_ + block) * block_weights();
      row.first = first + std::ptrdiff_t{group} * (in_channels_ / groups_);
      row.pixel_stride = pixel_stride_;
      row.pixels = shape_.width;
      row.offsets = offsets_.data();
      row.runs = static_cast<int>(offsets_.size());
      row.pairs = pairs_;
      row.out = groups_ == 1 ? out : frame.group.data();
      row.out_stride = groups_ == 1 ? stride : block_outputs;
      kernels_.dot(row);
      if (groups_ == 1) continue;
      const int used = std::min(block_outputs, group_outputs() - block * block_outputs);
      for (int pixel = 0; pixel < shape_.width; ++pixel)
        std::copy_n(frame.group.data() + std::ptrdiff_t{pixel} * block_outputs, used, out + pixel * stride);
    }
  }

  PaddedInput input_;
  IntegerPost post_;
  IntegerKernels kernels_;
  Shape shape_;
  int groups_;
  int in_channels_;
  int stride_y_;
  std::ptrdiff_t pixel_stride_;
  int pairs_ = 0;
  int blocks_ = 0;  // of one group
  std::vector<std::ptrdiff_t> offsets_;
  std::vector<std::int16_t> weights_;
};

// One input channel per output channel.
class DepthwiseStep final : public IntegerStep {
 public:
  DepthwiseStep(const QuantisedNetwork& network, const MatrixOp& op, const IntegerKernels& kernels)
      : input_(edge_of(network, op.input), op),
        post_(network, op.post, result_shape(network, op), kernels),
        shape_(result_shape(network, op)),
        window_(op.window),
        weights_(op.weights.values.size()) {
    const std::size_t taps = static_cast<std::size_t>(window_.height) * window_.width;
    for (std::size_t i = 0; i < weights_.size(); ++i)
      weights_[i % taps * shape_.channels + i / taps] = op.weights.values[i];
  }

  void run(IntegerFrame& frame) const override {
    const std::int16_t* padded = input_.fill(frame);
    frame.accumulators.resize(static_cast<std::size_t>(shape_.width) * shape_.channels);
    for (int y = 0; y < shape_.height; ++y) {
      std::fill(frame.accumulators.begin(), frame.accumulators.end(), 0);
      const std::int16_t* weights = weights_.data();
      for (int tap_y = 0; tap_y < window_.height; ++tap_y)
        for (int tap_x = 0; tap_x < window_.width; ++tap_x, weights += shape_.channels) {
          const std::ptrdiff_t source_y = std::ptrdiff_t{y} * window_.stride_y + tap_y * window_.dilation_y;
          add_tap(padded + source_y * input_.row_pitch() + std::ptrdiff_t{tap_x} * window_.dilation_x * shape_.channels,
                  weights, frame.accumulators.data());
        }
      post_.run(frame.accumulators.data(), shape_.channels, y, frame);
    }
  }

 private:
  void add_tap(const std::int16_t* first, const std::int16_t* weights, std::int32_t* sums) const {
    for (int x = 0; x < shape_.width; ++x, sums += shape_.channels) {
      const std::int16_t* values = first + std::ptrdiff_t{x} * window_.stride_x * shape_.channels;
      for (int channel = 0; channel < shape_.channels; ++channel) sums[channel] += values[channel] * weights[channel];
    }
  }

  PaddedInput input_;
  IntegerPost post_;
  Shape shape_;
  Window window_;
  std::vector<std::int16_t> weights_;  // [window y][window x][channel]
};

}  // namespace

std::unique_ptr<IntegerStep> make_step(const QuantisedNetwork& network, const MatrixOp& op,
                                       const IntegerKernels& kernels) {
  if (op.groups > 1 && op.groups == op.output_channels && op.groups == edge_of(network, op.input).shape.channels)
    return std::make_unique<DepthwiseStep>(network, op, kernels);
  return std::make_unique<DenseStep>(network, op, kernels);
}

}  // namespace lutra::reference
