#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "software/network/id.h"
#include "software/network/shape.h"

namespace lutra::network {

// A float network: nodes in topological order over single-assignment tensors. One that comes quantised is a float
// network too: Quantise nodes say which values its tensors can have, given integers which its weights are.

using TensorId = Id<struct TensorTag>;

// What a layer of a network that comes quantised multiplies, exactly; its float weights and bias are rounded from this.
struct GivenIntegers {
  std::vector<std::int16_t> values;  // as the weights are ordered
  std::vector<double> scales;        // weight = value * scale; one per output
  std::vector<double> bias;          // one per output; empty: none
  int bits = 8;                      // as the file declares them, zero point and all; 1: -1 and 1
};

struct Convolution {
  Window window;
  int groups = 1;
  int output_channels = 0;
  std::vector<float> weights;  // [output channel][input channel / groups][window y][window x]
  std::vector<float> bias;     // per output channel; empty: none
  std::optional<GivenIntegers> given = {};
};

// A matrix times the input flattened channel by channel, row by row.
struct Linear {
  int outputs = 0;
  std::vector<float> weights;  // [output][input element]
  std::vector<float> bias;     // per output; empty: none
  std::optional<GivenIntegers> given = {};
};

// y = scale * (x - mean) / sqrt(variance + epsilon) + bias, per channel.
struct BatchNormalization {
  std::vector<float> scale, bias, mean, variance;
  float epsilon = 1e-5F;
};

// Relu is {0, infinity}, Relu6 {0, 6}.
struct Clip {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};

struct PRelu {
  std::vector<float> slope;  // one value, or one per channel
};

struct Add {};  // two inputs of equal shape

struct MaxPool {
  Window window;
};

// A global pool is a window of the whole image.
struct AveragePool {
  Window window;
  bool count_padding = false;
};

// Every step-th element of [start, end) along channel, height, width; 0 <= start < end, step > 0.
struct Slice {
  std::array<int, 3> start{};
  std::array<int, 3> end{};
  std::array<int, 3> step{1, 1, 1};
};

// Zeros before and after along channel, height, width.
struct Pad {
  std::array<int, 3> before{};
  std::array<int, 3> after{};
};

struct Concat {};   // along channels
struct Flatten {};  // to {channels * height * width, 1, 1}
struct Softmax {};  // over channels

// Which integer a value between two of them becomes. `half_...` say it of the middle alone.
enum class Rounding { half_even, half_away, half_to_zero, floor, ceiling, away, to_zero };

// To the nearest value that a code stands for, in a network that comes quantised (quantise.h).
//   n = round(x / scale + zero)     or round(x / scale) + zero
//   code = clamp(n, low, high);  y = (code - zero) * scale
struct Quantise {
  // Bits that are cut off once n is known: code = clamp(round(n / 2^bits)), y = (code - zero) * scale of these.
  struct Cut {
    int bits = 0;
    double scale = 1;
    double zero = 0;
    Rounding rounding = Rounding::floor;
    bool operator==(const Cut&) const = default;
  };

  double scale = 1;
  double zero = 0;  // the code of 0; no integer where codes are -1 and 1
  int low = -128;
  int high = 127;
  Rounding rounding = Rounding::half_even;
  bool zero_last = false;  // the zero is added behind the rounding
  std::optional<Cut> cut = {};

  double value_scale() const { return cut ? cut->scale : scale; }
  double value_zero() const { return cut ? cut->zero : zero; }
  bool operator==(const Quantise&) const = default;
};

using Operator = std::variant<Convolution, Linear, BatchNormalization, Clip, PRelu, Add, MaxPool, AveragePool, Slice,
                              Pad, Concat, Flatten, Softmax, Quantise>;

struct Tensor {
  std::string name;
  Shape shape;
};

struct Node {
  std::string name;
  Operator op;
  std::vector<TensorId> inputs;
  TensorId output = -1;
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Node> nodes;
  TensorId input = -1;
  TensorId output = -1;
};

// The operator's ONNX name, for messages: "Conv", "Gemm", ...
const char* operator_name(const Operator& op);

// The shape an operator yields. Throws Error naming `node_name` and the shapes when they do not fit.
Shape infer_shape(const Operator& op, const std::vector<Shape>& inputs, const std::string& node_name);

// Checks every invariant a Graph promises (topological order, shapes, parameter sizes); throws Error naming the node.
void validate(const Graph& graph);

const Shape& output_shape(const Graph& graph);

// Multiply-accumulates of one image: convolutions and linear layers.
std::int64_t multiply_accumulates(const Graph& graph);

}  // namespace lutra::network
