#pragma once

// The words of Lutra's quantised ONNX files, shared by the writer and the reader.
namespace lutra::network::quantised_onnx {

inline constexpr const char* domain = "lutra";
inline constexpr int domain_version = 1;
inline constexpr const char* quant_domain = "qonnx.custom_op.general";
inline constexpr const char* quant = "Quant";
inline constexpr const char* scheme_key = "lutra.scheme";
inline constexpr const char* pixels = "pixels";

inline constexpr const char* input_transform = "InputTransform";
inline constexpr const char* matrix = "Matrix";
inline constexpr const char* maximum_pool = "MaximumPool";
inline constexpr const char* sum_pool = "SumPool";
inline constexpr const char* elementwise = "Elementwise";
inline constexpr const char* concat = "Concat";
inline constexpr const char* resample = "Resample";

}  // namespace lutra::network::quantised_onnx
