#include <algorithm>
#include <limits>

#include "software/network/encoding/encoding.h"
#include "software/reference/integer/integer_step.h"

namespace lutra::reference {

namespace {

using network::ElementwiseOp;
using network::PoolKind;
using network::PoolOp;
using network::QuantisedNetwork;
using network::Shape;
using network::Window;

const Shape& shape_of(const QuantisedNetwork& network, network::EdgeId id) {
  return network.edges[static_cast<std::size_t>(id)].shape;
}

class PoolStep final : public IntegerStep {
 public:
  PoolStep(const QuantisedNetwork& network, const PoolOp& op, const IntegerKernels& kernels)
      : edge_(op.input),
        kind_(op.kind),
        window_(op.window),
        in_(shape_of(network, op.input)),
        shape_(network::output_shape(network, {"", op})),
        post_(network, op.post, shape_, kernels) {}

  void run(IntegerFrame& frame) const override {
    frame.accumulators.resize(static_cast<std::size_t>(shape_.width) * shape_.channels);
    for (int y = 0; y < shape_.height; ++y) {
      for (int x = 0; x < shape_.width; ++x)
        pool(frame.values(edge_), y, x, frame.accumulators.data() + std::ptrdiff_t{x} * shape_.channels);
      post_.run(frame.accumulators.data(), shape_.channels, y, frame);
    }
  }

 private:
  void pool(const std::int16_t* in, int y, int x, std::int32_t* out) const {
    std::fill_n(out, shape_.channels, kind_ == PoolKind::sum ? 0 : std::numeric_limits<std::int32_t>::min());
    for (int tap_y = 0; tap_y < window_.height; ++tap_y) {
      const int source_y = y * window_.stride_y + tap_y * window_.dilation_y - window_.pad_top;
      if (source_y < 0 || source_y >= in_.height) continue;
      for (int tap_x = 0; tap_x < window_.width; ++tap_x) {
        const int source_x = x * window_.stride_x + tap_x * window_.dilation_x - window_.pad_left;
        if (source_x < 0 || source_x >= in_.width) continue;
        accumulate(in + (std::ptrdiff_t{source_y} * in_.width + source_x) * in_.channels, out);
      }
    }
  }

  void accumulate(const std::int16_t* values, std::int32_t* out) const {
    if (kind_ == PoolKind::sum)
      for (int channel = 0; channel < shape_.channels; ++channel) out[channel] += values[channel];
    else
      for (int channel = 0; channel < shape_.channels; ++channel)
        out[channel] = std::max(out[channel], std::int32_t{values[channel]});
  }

  network::EdgeId edge_;
  PoolKind kind_;
  Window window_;
  Shape in_;
  Shape shape_;
  IntegerPost post_;
};

class ElementwiseStep final : public IntegerStep {
 public:
  ElementwiseStep(const QuantisedNetwork& network, const ElementwiseOp& op, const IntegerKernels& kernels)
      : edge_(op.input), shape_(shape_of(network, op.input)), post_(network, op.post, shape_, kernels) {}

  void run(IntegerFrame& frame) const override {
    const std::ptrdiff_t row = std::ptrdiff_t{shape_.width} * shape_.channels;
    frame.accumulators.resize(static_cast<std::size_t>(row));
    for (int y = 0; y < shape_.height; ++y) {
      std::copy_n(frame.values(edge_) + y * row, row, frame.accumulators.begin());
      post_.run(frame.accumulators.data(), shape_.channels, y, frame);
    }
  }

 private:
  network::EdgeId edge_;
  Shape shape_;
  IntegerPost post_;
};

}  // namespace

std::unique_ptr<IntegerStep> make_step(const QuantisedNetwork& network, const PoolOp& op,
                                       const IntegerKernels& kernels) {
  return std::make_unique<PoolStep>(network, op, kernels);
}

std::unique_ptr<IntegerStep> make_step(const QuantisedNetwork& network, const ElementwiseOp& op,
                                       const IntegerKernels& kernels) {
  return std::make_unique<ElementwiseStep>(network, op, kernels);
}

}  // namespace lutra::reference
