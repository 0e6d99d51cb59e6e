#pragma once

#include <array>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "software/network/id.h"
#include "software/network/shape.h"

namespace lutra::network {

// A float network: nodes in topological order over single-assignment tensors.

using TensorId = Id<struct TensorTag>;

struct Convolution {
  Window window;
  int groups = 1;
  int output_channels = 0;
  std::vector<float> weights;  // [output channel][input channel / groups][window y][window x]
  std::vector<float> bias;     // per output channel; empty: none
};

// A matrix times the input flattened channel by channel, row by row.
struct Linear {
  int outputs = 0;
  std::vector<float> weights;  // [output][input element]
  std::vector<float> bias;     // per output; empty: none
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

using Operator = std::variant<Convolution, Linear, BatchNormalization, Clip, PRelu, Add, MaxPool, AveragePool, Slice,
                              Pad, Concat, Flatten, Softmax>;

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
