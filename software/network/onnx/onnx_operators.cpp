#include "software/network/onnx/onnx_operators.h"

#include <initializer_list>
#include <set>

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
    {{"DynamicQuantizeLinear", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"},
     "its scale depends on the data: quantise statically (QuantizeLinear with a constant scale)"},
    {{"QLinearMul", "QLinearSigmoid", "QLinearSoftmax", "QLinearReduceMean", "QLinearWhere"},
     "the nearest are QLinearConv, QGemm, QLinearAdd, QLinearConcat and QLinearGlobalAveragePool"},
    {{"FloatQuant", "MultiThreshold"}, "the nearest are Quant, BipolarQuant and Trunc: codes evenly spaced"},
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

bool is_of(Dialect dialect, const std::string& domain) {
  static const std::set<std::string> qonnx{
      "", "qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas", "qonnx", "finn", "brevitas"};
  const bool is_onnx = domain.empty() || domain == "ai.onnx";
  const bool is_microsoft = domain == "com.microsoft";
  switch (dialect) {
    case Dialect::onnx:
      return is_onnx;
    case Dialect::microsoft:
      return is_microsoft;
    case Dialect::both:
      return is_onnx || is_microsoft;
    case Dialect::qonnx:
      return qonnx.contains(domain) || is_onnx;
  }
  return false;
}

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
      {"BipolarQuant", {import_bipolar_quant, fold_bipolar_quant, Dialect::qonnx}},
      {"Cast", {import_cast, fold_cast}},
      {"Clip", {import_clip, nullptr}},
      {"Concat", {import_concat, fold_concat}},
      {"Constant", {nullptr, fold_constant}},
      {"ConstantOfShape", {nullptr, fold_constant_of_shape}},
      {"Conv", {import_conv, nullptr}},
      {"ConvInteger", {import_conv_integer, nullptr}},
      {"DequantizeLinear", {import_dequantize_linear, fold_dequantize_linear, Dialect::both}},
      {"Div", {import_div, fold_arithmetic}},
      {"Dropout", {import_dropout, nullptr}},
      {"Flatten", {import_flatten, nullptr}},
      {"Gather", {nullptr, fold_gather}},
      {"Gemm", {import_gemm, nullptr}},
      {"GlobalAveragePool", {import_global_average_pool, nullptr}},
      {"GlobalMaxPool", {import_global_max_pool, nullptr}},
      {"Identity", {import_identity, fold_identity}},
      {"IntQuant", {import_quant, fold_quant, Dialect::qonnx}},
      {"LeakyRelu", {import_leaky_relu, nullptr}},
      {"MatMul", {import_matmul, nullptr}},
      {"MatMulInteger", {import_matmul_integer, nullptr}},
      {"MaxPool", {import_max_pool, nullptr}},
      {"Mul", {import_mul, fold_arithmetic}},
      {"PRelu", {import_prelu, nullptr}},
      {"Pad", {import_pad, nullptr}},
      {"QGemm", {import_qgemm, nullptr, Dialect::microsoft}},
      {"QLinearAdd", {import_qlinear_add, nullptr, Dialect::microsoft}},
      {"QLinearAveragePool", {import_qlinear_average_pool, nullptr, Dialect::microsoft}},
      {"QLinearConcat", {import_qlinear_concat, nullptr, Dialect::microsoft}},
      {"QLinearConv", {import_qlinear_conv, nullptr, Dialect::both}},
      {"QLinearGlobalAveragePool", {import_qlinear_global_average_pool, nullptr, Dialect::microsoft}},
      {"QLinearLeakyRelu", {import_qlinear_leaky_relu, nullptr, Dialect::microsoft}},
      {"QLinearMatMul", {import_qlinear_matmul, nullptr}},
      {"Quant", {import_quant, fold_quant, Dialect::qonnx}},
      {"QuantizeLinear", {import_quantize_linear, fold_quantize_linear, Dialect::both}},
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
      {"Trunc", {import_trunc, nullptr, Dialect::qonnx}},
      {"Unsqueeze", {import_unsqueeze, fold_unsqueeze}},
  };
  return imports;
}

}  // namespace lutra::network::importer
