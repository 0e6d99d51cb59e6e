#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// Whose operator it is: which domains a node of that name may have.
enum class Dialect { onnx, microsoft, both, qonnx };

// What the importer knows about one ONNX operator. Either may be null: then the node is refused by name.
struct OperatorImport {
  void (*on_tensor)(GraphBuilder&, const OnnxNode&) = nullptr;     // an input depends on the network's input
  void (*on_constants)(GraphBuilder&, const OnnxNode&) = nullptr;  // all inputs are constants: fold
  Dialect dialect = Dialect::onnx;
};

// `domain` is that of a node. QONNX has had several, and is also written without one.
bool is_of(Dialect dialect, const std::string& domain);

// By ONNX name.
const std::map<std::string, OperatorImport>& operator_imports();

// For messages: the nearest operator that is imported, or how to do without, for one that is not.
std::string supported_way(const std::string& type);

// onnx_layers.cpp
void import_conv(GraphBuilder&, const OnnxNode&);
void import_gemm(GraphBuilder&, const OnnxNode&);
void import_matmul(GraphBuilder&, const OnnxNode&);
void import_batch_normalization(GraphBuilder&, const OnnxNode&);

// onnx_arithmetic.cpp: two tensors are added; a constant goes into a layer's bias or becomes a BatchNormalization
void import_add(GraphBuilder&, const OnnxNode&);
void import_sub(GraphBuilder&, const OnnxNode&);
void import_mul(GraphBuilder&, const OnnxNode&);
void import_div(GraphBuilder&, const OnnxNode&);

// onnx_activations.cpp
void import_relu(GraphBuilder&, const OnnxNode&);
void import_clip(GraphBuilder&, const OnnxNode&);
void import_prelu(GraphBuilder&, const OnnxNode&);
void import_leaky_relu(GraphBuilder&, const OnnxNode&);
void import_softmax(GraphBuilder&, const OnnxNode&);

// onnx_pooling.cpp
void import_max_pool(GraphBuilder&, const OnnxNode&);
void import_average_pool(GraphBuilder&, const OnnxNode&);
void import_global_average_pool(GraphBuilder&, const OnnxNode&);
void import_global_max_pool(GraphBuilder&, const OnnxNode&);
void import_reduce_mean(GraphBuilder&, const OnnxNode&);

// onnx_regions.cpp
void import_slice(GraphBuilder&, const OnnxNode&);
void import_pad(GraphBuilder&, const OnnxNode&);
void import_concat(GraphBuilder&, const OnnxNode&);

// onnx_reshaping.cpp: what only renames dimensions
void import_flatten(GraphBuilder&, const OnnxNode&);
void import_reshape(GraphBuilder&, const OnnxNode&);
void import_squeeze(GraphBuilder&, const OnnxNode&);
void import_unsqueeze(GraphBuilder&, const OnnxNode&);
void import_transpose(GraphBuilder&, const OnnxNode&);
void import_shape(GraphBuilder&, const OnnxNode&);
void import_identity(GraphBuilder&, const OnnxNode&);
void import_dropout(GraphBuilder&, const OnnxNode&);
void import_cast(GraphBuilder&, const OnnxNode&);

// given/quantise_linear.cpp
void import_quantize_linear(GraphBuilder&, const OnnxNode&);
void import_dequantize_linear(GraphBuilder&, const OnnxNode&);
void fold_quantize_linear(GraphBuilder&, const OnnxNode&);
void fold_dequantize_linear(GraphBuilder&, const OnnxNode&);

// given/qoperators.cpp
void import_qlinear_conv(GraphBuilder&, const OnnxNode&);
void import_qlinear_matmul(GraphBuilder&, const OnnxNode&);
void import_qgemm(GraphBuilder&, const OnnxNode&);
void import_qlinear_add(GraphBuilder&, const OnnxNode&);
void import_qlinear_average_pool(GraphBuilder&, const OnnxNode&);
void import_qlinear_global_average_pool(GraphBuilder&, const OnnxNode&);
void import_qlinear_leaky_relu(GraphBuilder&, const OnnxNode&);
void import_qlinear_concat(GraphBuilder&, const OnnxNode&);
void import_conv_integer(GraphBuilder&, const OnnxNode&);
void import_matmul_integer(GraphBuilder&, const OnnxNode&);

// given/qonnx.cpp
void import_quant(GraphBuilder&, const OnnxNode&);
void fold_quant(GraphBuilder&, const OnnxNode&);
void import_bipolar_quant(GraphBuilder&, const OnnxNode&);
void fold_bipolar_quant(GraphBuilder&, const OnnxNode&);
void import_trunc(GraphBuilder&, const OnnxNode&);

// onnx_folding.cpp and onnx_folding_arithmetic.cpp: the chains that exporters leave behind for shapes, pads and weights
void fold_constant(GraphBuilder&, const OnnxNode&);
void fold_constant_of_shape(GraphBuilder&, const OnnxNode&);
void fold_shape(GraphBuilder&, const OnnxNode&);
void fold_identity(GraphBuilder&, const OnnxNode&);
void fold_cast(GraphBuilder&, const OnnxNode&);
void fold_reshape(GraphBuilder&, const OnnxNode&);
void fold_squeeze(GraphBuilder&, const OnnxNode&);
void fold_unsqueeze(GraphBuilder&, const OnnxNode&);
void fold_gather(GraphBuilder&, const OnnxNode&);
void fold_concat(GraphBuilder&, const OnnxNode&);
void fold_slice(GraphBuilder&, const OnnxNode&);
void fold_transpose(GraphBuilder&, const OnnxNode&);
void fold_arithmetic(GraphBuilder&, const OnnxNode&);

}  // namespace lutra::network::importer
