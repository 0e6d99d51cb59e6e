#pragma once

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace lutra::test {

// What an ONNX file of quantised operators says of an image, in double precision: an interpreter of its nodes that
// shares nothing with Lutra's reader, its contract or its executors.
class OnnxEvaluator {
 public:
  struct Tensor {
    std::vector<std::int64_t> dims;
    std::vector<double> values;
  };

  explicit OnnxEvaluator(const onnx::ModelProto& model) : graph_(model.graph()) {
    for (const auto& initialiser : graph_.initializer()) constants_[initialiser.name()] = decode(initialiser);
  }

  // The output tensor for an input of real values.
  Tensor run(Tensor input) const {
    std::map<std::string, Tensor> values;
    values[graph_.input(0).name()] = std::move(input);
    for (const auto& node : graph_.node()) {
      const auto in = [&](int index) -> const Tensor& {
        const auto found = values.find(node.input(index));
        return found != values.end() ? found->second : constants_.at(node.input(index));
      };
      values[node.output(0)] = evaluate(node, in);
    }
    return values.at(graph_.output(0).name());
  }

 private:
  static Tensor decode(const onnx::TensorProto& proto) {
    Tensor tensor;
    std::size_t count = 1;
    for (const std::int64_t extent : proto.dims()) {
      tensor.dims.push_back(extent);
      count *= static_cast<std::size_t>(extent);
    }
    const std::string& raw = proto.raw_data();
    const auto all = [&](auto sample) {
      for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(&sample, raw.data() + i * sizeof sample, sizeof sample);
        tensor.values.push_back(static_cast<double>(sample));
      }
    };
    switch (proto.data_type()) {
      case onnx::TensorProto::FLOAT:
        all(float{});
        break;
      case onnx::TensorProto::INT8:
        all(std::int8_t{});
        break;
      case onnx::TensorProto::UINT8:
        all(std::uint8_t{});
        break;
      case onnx::TensorProto::INT16:
        all(std::int16_t{});
        break;
      case onnx::TensorProto::INT32:
        all(std::int32_t{});
        break;
      case onnx::TensorProto::INT64:
        all(std::int64_t{});
        break;
      default:
        throw std::runtime_error("type of " + proto.name());
    }
    return tensor;
  }

  static std::vector<std::int64_t> integers(const onnx::NodeProto& node, const char* name,
                                            std::vector<std::int64_t> otherwise) {
    for (const auto& attribute : node.attribute())
      if (attribute.name() == name)
        return attribute.ints_size() > 0 ? std::vector<std::int64_t>(attribute.ints().begin(), attribute.ints().end())
                                         : std::vector<std::int64_t>{attribute.i()};
    return otherwise;
  }

  // The element of a scale or zero point for element `i` of a tensor; several lie along `axis`.
  static double spread(const Tensor& values, const Tensor& over, std::size_t i, std::size_t axis) {
    if (values.values.size() == 1) return values.values[0];
    std::size_t inner = 1;
    for (std::size_t later = axis + 1; later < over.dims.size(); ++later)
      inner *= static_cast<std::size_t>(over.dims[later]);
    return values.values[i / inner % values.values.size()];
  }

  static double even(double value) { return std::nearbyint(value); }  // in the default rounding mode

  template <typename Input>
  Tensor evaluate(const onnx::NodeProto& node, const Input& in) const {
    const std::string& type = node.op_type();
    Tensor result = in(0);
    std::vector<double>& out = result.values;
    if (type == "QuantizeLinear") {
      const auto [low, high] = type_range(node.input(2));
      for (double& value : out) value = std::clamp<double>(even(value / in(1).values[0]) + in(2).values[0], low, high);
    } else if (type == "DequantizeLinear") {
      const auto axis = static_cast<std::size_t>(integers(node, "axis", {1})[0]);
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = (out[i] - (node.input_size() > 2 ? spread(in(2), in(0), i, axis) : 0)) * spread(in(1), in(0), i, axis);
    } else if (type == "Quant") {
      const auto bits = static_cast<int>(in(3).values[0]);
      const bool is_signed = integers(node, "signed", {1})[0] != 0;
      const bool narrow = integers(node, "narrow", {0})[0] != 0;
      const double low = is_signed ? -std::ldexp(1, bits - 1) + (narrow ? 1 : 0) : 0;
      const double high = is_signed ? std::ldexp(1, bits - 1) - 1 : std::ldexp(1, bits) - 1 - (narrow ? 1 : 0);
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double scale = spread(in(1), in(0), i, 0);
        const double zero = in(2).values[0];
        out[i] = (std::clamp(even(out[i] / scale + zero), low, high) - zero) * scale;
      }
    } else if (type == "Relu") {
      for (double& value : out) value = std::max(value, 0.0);
    } else if (type == "Add") {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += in(1).values[i];
    } else if (type == "GlobalAveragePool") {
      const auto channels = static_cast<std::size_t>(result.dims[1]);
      const std::size_t pixels = out.size() / channels;
      std::vector<double> means(channels);
      for (std::size_t i = 0; i < out.size(); ++i) means[i / pixels] += out[i];
      for (double& mean : means) mean /= static_cast<double>(pixels);
      result = {{1, result.dims[1], 1, 1}, means};
    } else if (type == "Flatten") {
      result.dims = {1, static_cast<std::int64_t>(out.size())};
    } else if (type == "Gemm") {
      result = gemm(in(0), in(1), in(2));
    } else if (type == "Conv") {
      result = convolve(node, in(0), in(1), in(2));
    } else if (type == "Slice") {
      result = slice(in(0), in(1), in(2), in(4));
    } else if (type == "Pad") {
      result = pad(in(0), in(1));
    } else {
      throw std::runtime_error("operator " + type);
    }
    return result;
  }

  std::pair<double, double> type_range(const std::string& zero) const {
    for (const auto& initialiser : graph_.initializer())
      if (initialiser.name() == zero) {
        if (initialiser.data_type() == onnx::TensorProto::UINT8) return {0, 255};
        if (initialiser.data_type() == onnx::TensorProto::INT8) return {-128, 127};
        if (initialiser.data_type() == onnx::TensorProto::INT16) return {-32768, 32767};
      }
    throw std::runtime_error("no zero point " + zero);
  }

  static Tensor gemm(const Tensor& x, const Tensor& weights, const Tensor& bias) {
    Tensor result{{1, weights.dims[0]}, {}};
    for (std::size_t o = 0; o < static_cast<std::size_t>(weights.dims[0]); ++o) {
      double sum = 0;
      for (std::size_t i = 0; i < x.values.size(); ++i) sum += x.values[i] * weights.values[o * x.values.size() + i];
      result.values.push_back(sum + bias.values[o]);
    }
    return result;
  }

  static Tensor convolve(const onnx::NodeProto& node, const Tensor& x, const Tensor& weights, const Tensor& bias) {
    const auto stride = integers(node, "strides", {1, 1});
    const auto pads = integers(node, "pads", {0, 0, 0, 0});
    const std::int64_t rows = x.dims[2], columns = x.dims[3], kernel_y = weights.dims[2], kernel_x = weights.dims[3];
    const std::int64_t out_rows = (rows + pads[0] + pads[2] - kernel_y) / stride[0] + 1;
    const std::int64_t out_columns = (columns + pads[1] + pads[3] - kernel_x) / stride[1] + 1;
    Tensor result{{1, weights.dims[0], out_rows, out_columns}, {}};
    for (std::int64_t o = 0; o < weights.dims[0]; ++o)
      for (std::int64_t y = 0; y < out_rows; ++y)
        for (std::int64_t c = 0; c < out_columns; ++c) {
          double sum = 0;
          for (std::int64_t i = 0; i < weights.dims[1]; ++i)
            for (std::int64_t ky = 0; ky < kernel_y; ++ky) {
              const std::int64_t row = y * stride[0] + ky - pads[0];
              if (row < 0 || row >= rows) continue;
              for (std::int64_t kx = 0; kx < kernel_x; ++kx) {
                const std::int64_t column = c * stride[1] + kx - pads[1];
                if (column < 0 || column >= columns) continue;
                sum +=
                    x.values[static_cast<std::size_t>((i * rows + row) * columns + column)] *
                    weights
                        .values[static_cast<std::size_t>(((o * weights.dims[1] + i) * kernel_y + ky) * kernel_x + kx)];
              }
            }
          result.values.push_back(sum + bias.values[static_cast<std::size_t>(o)]);
        }
    return result;
  }

  // Of axes 1, 2 and 3, in this order.
  static Tensor slice(const Tensor& x, const Tensor& starts, const Tensor& ends, const Tensor& steps) {
    Tensor result{{1}, {}};
    std::vector<std::vector<std::size_t>> picked;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto& indices = picked.emplace_back();
      for (double i = starts.values[axis]; i < ends.values[axis]; i += steps.values[axis])
        indices.push_back(static_cast<std::size_t>(i));
      result.dims.push_back(static_cast<std::int64_t>(indices.size()));
    }
    for (const std::size_t c : picked[0])
      for (const std::size_t y : picked[1])
        for (const std::size_t column : picked[2])
          result.values.push_back(
              x.values[(c * static_cast<std::size_t>(x.dims[2]) + y) * static_cast<std::size_t>(x.dims[3]) + column]);
    return result;
  }

  static Tensor pad(const Tensor& x, const Tensor& pads) {
    Tensor result{{1}, {}};
    for (std::size_t axis = 1; axis < 4; ++axis)
      result.dims.push_back(x.dims[axis] + static_cast<std::int64_t>(pads.values[axis] + pads.values[axis + 4]));
    for (std::int64_t c = 0; c < result.dims[1]; ++c)
      for (std::int64_t y = 0; y < result.dims[2]; ++y)
        for (std::int64_t column = 0; column < result.dims[3]; ++column) {
          const std::int64_t from[]{c - static_cast<std::int64_t>(pads.values[1]),
                                    y - static_cast<std::int64_t>(pads.values[2]),
                                    column - static_cast<std::int64_t>(pads.values[3])};
          const bool inside = from[0] >= 0 && from[0] < x.dims[1] && from[1] >= 0 && from[1] < x.dims[2] &&
                              from[2] >= 0 && from[2] < x.dims[3];
          result.values.push_back(
              inside ? x.values[static_cast<std::size_t>((from[0] * x.dims[2] + from[1]) * x.dims[3] + from[2])] : 0);
        }
    return result;
  }

  const onnx::GraphProto& graph_;
  std::map<std::string, Tensor> constants_;
};

}  // namespace lutra::test
