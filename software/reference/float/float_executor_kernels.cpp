#include "software/reference/float/float_executor_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "software/network/float/quantise.h"

namespace lutra::reference {

namespace {

using network::Shape;
using network::Window;

std::ptrdiff_t index(const Shape& shape, int channel, int y, int x) {
  return (std::ptrdiff_t{channel} * shape.height + y) * shape.width + x;
}

std::ptrdiff_t plane(const Shape& shape) { return std::ptrdiff_t{shape.height} * shape.width; }

// The part of a window's axis that lies on the image: positions first, first + dilation, ... below end.
struct Span {
  int first;
  int end;
};

Span on_image(int origin, int size, int dilation, int extent) {
  const int skipped = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
  return {origin + skipped * dilation, std::min(origin + (size - 1) * dilation + 1, extent)};
}

// Calls visit(value) for every element of the image under a window.
template <typename Visit>
void visit_window(const float* input, const Shape& shape, const Window& window, int channel, int out_y, int out_x,
                  Visit visit) {
  const Span rows = on_image(out_y * window.stride_y - window.pad_top, window.height, window.dilation_y, shape.height);
  const Span columns =
      on_image(out_x * window.stride_x - window.pad_left, window.width, window.dilation_x, shape.width);
  for (int y = rows.first; y < rows.end; y += window.dilation_y)
    for (int x = columns.first; x < columns.end; x += window.dilation_x) visit(input[index(shape, channel, y, x)]);
}

template <typename Compute>
void for_each_element(const Shape& shape, float* output, Compute compute) {
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x) *output++ = compute(channel, y, x);
}

struct KernelMaker {
  const std::vector<Shape>& inputs;
  const Shape& output;
  const std::string& node_name;

  FloatKernel operator()(const network::Convolution& op) const {
    return make_convolution_kernel(op, inputs[0], output, node_name);
  }

  FloatKernel operator()(const network::Linear& op) const { return make_linear_kernel(op, inputs[0]); }

  FloatKernel operator()(const network::BatchNormalization& op) const {
    std::vector<float> factors;
    for (std::size_t channel = 0; channel < op.scale.size(); ++channel)
      factors.push_back(op.scale[channel] / std::sqrt(op.variance[channel] + op.epsilon));
    return [op, factors, shape = output](std::span<const float* const> in, float* out, FloatScratch&) {
      const float* source = in[0];
      for (std::size_t channel = 0; channel < factors.size(); ++channel)
        for (std::ptrdiff_t i = 0; i < plane(shape); ++i)
          *out++ = (*source++ - op.mean[channel]) * factors[channel] + op.bias[channel];
    };
  }

  FloatKernel operator()(const network::Clip& op) const {
    return [op, elements = output.elements()](std::span<const float* const> in, float* out, FloatScratch&) {
      std::transform(in[0], in[0] + elements, out, [&](float value) { return std::clamp(value, op.low, op.high); });
    };
  }

  FloatKernel operator()(const network::PRelu& op) const {
    return [op, shape = output](std::span<const float* const> in, float* out, FloatScratch&) {
      const float* source = in[0];
      for (int channel = 0; channel < shape.channels; ++channel) {
        const float slope = op.slope[op.slope.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
        for (std::ptrdiff_t i = 0; i < plane(shape); ++i, ++source) *out++ = *source < 0 ? *source * slope : *source;
      }
    };
  }

  FloatKernel operator()(const network::Add&) const {
    return [elements = output.elements()](std::span<const float* const> in, float* out, FloatScratch&) {
      std::transform(in[0], in[0] + elements, in[1], out, std::plus<>());
    };
  }

  FloatKernel operator()(const network::MaxPool& op) const {
    return [window = op.window, from = inputs[0], to = output](std::span<const float* const> in, float* out,
                                                               FloatScratch&) {
      for_each_element(to, out, [&](int channel, int y, int x) {
        float largest = -std::numeric_limits<float>::infinity();
        visit_window(in[0], from, window, channel, y, x, [&](float value) { largest = std::max(largest, value); });
        return largest;
      });
    };
  }

  FloatKernel operator()(const network::AveragePool& op) const {
    return [op, from = inputs[0], to = output](std::span<const float* const> in, float* out, FloatScratch&) {
      const Window& window = op.window;
      for_each_element(to, out, [&](int channel, int y, int x) {
        float sum = 0;
        int count = 0;
        visit_window(in[0], from, window, channel, y, x, [&](float value) {
          sum += value;
          ++count;
        });
        return sum / static_cast<float>(op.count_padding ? window.height * window.width : count);
      });
    };
  }

  FloatKernel operator()(const network::Slice& op) const {
    return [op, from = inputs[0], to = output](std::span<const float* const> in, float* out, FloatScratch&) {
      for_each_element(to, out, [&](int channel, int y, int x) {
        return in[0][index(from, op.start[0] + channel * op.step[0], op.start[1] + y * op.step[1],
                           op.start[2] + x * op.step[2])];
      });
    };
  }

  FloatKernel operator()(const network::Pad& op) const {
    return [op, from = inputs[0], to = output](std::span<const float* const> in, float* out, FloatScratch&) {
      std::fill_n(out, to.elements(), 0.0F);
      for (int channel = 0; channel < from.channels; ++channel)
        for (int y = 0; y < from.height; ++y)
          std::copy_n(in[0] + index(from, channel, y, 0), from.width,
                      out + index(to, channel + op.before[0], y + op.before[1], op.before[2]));
    };
  }

  FloatKernel operator()(const network::Concat&) const {
    return [shapes = inputs](std::span<const float* const> in, float* out, FloatScratch&) {
      for (std::size_t input = 0; input < shapes.size(); ++input)
        out = std::copy_n(in[input], shapes[input].elements(), out);
    };
  }

  FloatKernel operator()(const network::Flatten&) const {
    return [elements = output.elements()](std::span<const float* const> in, float* out, FloatScratch&) {
      std::copy_n(in[0], elements, out);
    };
  }

  FloatKernel operator()(const network::Quantise& op) const {
    return [op, elements = output.elements()](std::span<const float* const> in, float* out, FloatScratch&) {
      std::transform(in[0], in[0] + elements, out, [&](float value) {
        return static_cast<float>((network::code_of(op, value) - op.value_zero()) * op.value_scale());
      });
    };
  }

  FloatKernel operator()(const network::Softmax&) const {
    return [shape = output](std::span<const float* const> in, float* out, FloatScratch&) {
      const std::ptrdiff_t stride = plane(shape);
      for (std::ptrdiff_t pixel = 0; pixel < stride; ++pixel) {
        float largest = in[0][pixel];
        for (int channel = 1; channel < shape.channels; ++channel)
          largest = std::max(largest, in[0][channel * stride + pixel]);
        float total = 0;
        for (int channel = 0; channel < shape.channels; ++channel)
          total += out[channel * stride + pixel] = std::exp(in[0][channel * stride + pixel] - largest);
        for (int channel = 0; channel < shape.channels; ++channel) out[channel * stride + pixel] /= total;
      }
    };
  }
};

}  // namespace

FloatKernel make_float_kernel(const network::Operator& op, const std::vector<Shape>& inputs, const Shape& output,
                              const std::string& node_name) {
  return std::visit(KernelMaker{inputs, output, node_name}, op);
}

}  // namespace lutra::reference
