#include "software/network/onnx/onnx_operators.h"

#include <initializer_list>

#include "software/common/nearest.h"

namespace lutra::network::importer {

namespace {

struct Way {
  std::initializer_list<const char*> instead_of;
  const char* way;
};

// What exporters write most, by what has to change in the network.
constexpr const char* activation = "the nearest are Relu, Clip (as ReLU6), LeakyRelu and PRelu: train with one of them";
const Way ways[] = {
    {{"Sigmoid", "HardSigmoid", "HardSwish", "Swish", "Tanh", "Elu", "Selu", "Celu", "Gelu", "Mish", "Softplus",
      "Softsign", "ThresholdedRelu", "Erf"},
     activation},
    {{"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger",
      "MatMulInteger"},
     "export the float network: Lutra quantises it itself"},
    {{"LayerNormalization", "InstanceNormalization", "GroupNormalization", "LpNormalization", "LRN",
      "MeanVarianceNormalization"},
     "the nearest is BatchNormalization: train with it"},
    {{"Upsample", "Resize", "ConvTranspose", "DepthToSpace", "MaxUnpool"},
     "nothing enlarges images; the nearest that changes their size are Conv, MaxPool, AveragePool and Slice"},
    {{"LSTM", "GRU", "RNN", "Attention", "MultiHeadAttention", "Einsum", "Scan"},
     "the nearest are Conv, Gemm and MatMul with constant weights: networks are feed-forward"},
    {{"Split"}, "the nearest is Slice, one per part"},
    {{"ReduceSum", "LpPool", "GlobalLpPool"}, "the nearest are ReduceMean, AveragePool and GlobalAveragePool"},
    {{"ReduceMax", "ReduceMin"}, "the nearest are MaxPool and GlobalMaxPool"},
    {{"Max", "Min"}, "the nearest are Relu and Clip"},
    {{"LogSoftmax", "ArgMax", "TopK", "Hardmax"}, "end the network in front of it: the largest logit is the class"},
    {{"If", "Loop", "Where", "Expand", "Range", "NonZero"},
     "export for inference with a fixed image size, so that nothing depends on the data"},
};

}  // namespace

std::string supported_way(const std::string& type) {
  for (const Way& way : ways)
    if (std::find(way.instead_of.begin(), way.instead_of.end(), type) != way.instead_of.end()) return way.way;
  std::vector<std::string> names;
  for (const auto& [name, import] : operator_imports()) names.push_back(name);
  const std::string near = nearest(type, names);
  if (!near.empty()) return fmt::format("the nearest is {}", near);
  return "nothing like it is: build the network of convolutions, matrix products, pooling, additions and activations";
}

const std::map<std::string, OperatorImport>& operator_imports() {
  static const std::map<std::string, OperatorImport> imports{
      {"Add", {import_add, fold_arithmetic}},
      {"AveragePool", {import_average_pool, nullptr}},
      {"BatchNormalization", {import_batch_normalization, nullptr}},
      {"Cast", {import_cast, fold_cast}},
      {"Clip", {import_clip, nullptr}},
      {"Concat", {import_concat, fold_concat}},
      {"Constant", {nullptr, fold_constant}},
      {"ConstantOfShape", {nullptr, fold_constant_of_shape}},
      {"Conv", {import_conv, nullptr}},
      {"Div", {import_div, fold_arithmetic}},
      {"Dropout", {import_dropout, nullptr}},
      {"Flatten", {import_flatten, nullptr}},
      {"Gather", {nullptr, fold_gather}},
      {"Gemm", {import_gemm, nullptr}},
      {"GlobalAveragePool", {import_global_average_pool, nullptr}},
      {"GlobalMaxPool", {import_global_max_pool, nullptr}},
      {"Identity", {import_identity, fold_identity}},
      {"LeakyRelu", {import_leaky_relu, nullptr}},
      {"MatMul", {import_matmul, nullptr}},
      {"MaxPool", {import_max_pool, nullptr}},
      {"Mul", {import_mul, fold_arithmetic}},
      {"PRelu", {import_prelu, nullptr}},
      {"Pad", {import_pad, nullptr}},
      {"ReduceMean", {import_reduce_mean, nullptr}},
      {"Relu", {import_relu, nullptr}},
      {"Reshape", {import_reshape, fold_reshape}},
      {"Shape", {import_shape, fold_shape}},
      {"Slice", {import_slice, fold_slice}},
      {"Softmax", {import_softmax, nullptr}},
      {"Squeeze", {import_squeeze, fold_squeeze}},
      {"Sub", {import_sub, fold_arithmetic}},
      {"Sum", {import_add, nullptr}},
      {"Transpose", {import_transpose, fold_transpose}},
      {"Unsqueeze", {import_unsqueeze, fold_unsqueeze}},
  };
  return imports;
}

}  // namespace lutra::network::importer
