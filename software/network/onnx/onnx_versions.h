#pragma once

namespace lutra::network {

// Of the ONNX files that Lutra writes.
inline constexpr int ir_version = 8;
inline constexpr int opset_version = 13;

}  // namespace lutra::network
