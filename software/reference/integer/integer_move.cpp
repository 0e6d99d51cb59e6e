#include <algorithm>

#include "software/reference/integer/integer_step.h"

namespace lutra::reference {

namespace {

using network::ConcatOp;
using network::Edge;
using network::QuantisedNetwork;
using network::ResampleOp;
using network::Shape;

class ConcatStep final : public IntegerStep {
 public:
  ConcatStep(const QuantisedNetwork& network, const ConcatOp& op)
      : op_(op), output_(network.edges[static_cast<std::size_t>(op.output)]) {
    for (const network::EdgeId input : op.inputs)
      channels_.push_back(network.edges[static_cast<std::size_t>(input)].shape.channels);
  }

  void run(IntegerFrame& frame) const override {
    std::int16_t* out = frame.codes[static_cast<std::size_t>(op_.output)].data();
    const std::ptrdiff_t pixels = std::ptrdiff_t{output_.shape.height} * output_.shape.width;
    for (std::size_t input = 0; input < op_.inputs.size(); ++input) {
      const std::int16_t* in = frame.values(op_.inputs[input]);
      for (std::ptrdiff_t pixel = 0; pixel < pixels; ++pixel, in += channels_[input])
        for (int channel = 0; channel < channels_[input]; ++channel)
          out[pixel * output_.shape.channels + channel] = code(op_.requantise[input], in[channel]);
      out += channels_[input];
    }
  }

 private:
  std::int16_t code(const network::Requantise& requantise, std::int64_t value) const {
    return static_cast<std::int16_t>(std::clamp<std::int64_t>(network::apply(requantise, value),
                                                              output_.encoding.lowest(), output_.encoding.highest()));
  }

  ConcatOp op_;
  Edge output_;
  std::vector<int> channels_;  // per input
};

class ResampleStep final : public IntegerStep {
 public:
  ResampleStep(const QuantisedNetwork& network, const ResampleOp& op)
      : op_(op),
        in_(network.edges[static_cast<std::size_t>(op.input)].shape),
        out_(network.edges[static_cast<std::size_t>(op.output)].shape),
        pad_code_(static_cast<std::int16_t>(network.edges[static_cast<std::size_t>(op.input)].encoding.pad_code)) {}

  void run(IntegerFrame& frame) const override {
    const std::int16_t* in = frame.codes[static_cast<std::size_t>(op_.input)].data();
    std::int16_t* out = frame.codes[static_cast<std::size_t>(op_.output)].data();
    for (int y = 0; y < out_.height; ++y)
      for (int x = 0; x < out_.width; ++x)
        for (int channel = 0; channel < out_.channels; ++channel)
          *out++ = sample(in, at(0, channel), at(1, y), at(2, x));
  }

 private:
  std::int64_t at(std::size_t axis, int index) const { return std::int64_t{index} * op_.step[axis] + op_.start[axis]; }

  std::int16_t sample(const std::int16_t* in, std::int64_t channel, std::int64_t y, std::int64_t x) const {
    const bool inside = channel >= 0 && channel < in_.channels && y >= 0 && y < in_.height && x >= 0 && x < in_.width;
    return inside ? in[(y * in_.width + x) * in_.channels + channel] : pad_code_;
  }

  ResampleOp op_;
  Shape in_;
  Shape out_;
  std::int16_t pad_code_;
};

}  // namespace

std::unique_ptr<IntegerStep> make_step(const QuantisedNetwork& network, const ConcatOp& op, const IntegerKernels&) {
  return std::make_unique<ConcatStep>(network, op);
}

std::unique_ptr<IntegerStep> make_step(const QuantisedNetwork& network, const ResampleOp& op, const IntegerKernels&) {
  return std::make_unique<ResampleStep>(network, op);
}

}  // namespace lutra::reference
