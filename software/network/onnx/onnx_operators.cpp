#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

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
