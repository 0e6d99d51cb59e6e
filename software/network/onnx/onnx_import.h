#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "software/network/float/graph.h"

namespace lutra::network {

// A float network from an ONNX file (opset 7 to 22): one image in, one tensor out. The result is validate()d, its nodes
// have unique printable names (the ONNX ones where those are), nothing in it is unused. Batch normalisation stays a
// node; constants are folded; Identity, Dropout and reshapes that move nothing vanish. A batch dimension without a
// fixed size counts as 1.
//
// A network that comes quantised is refused here and taken by import_any_onnx: with its Quantise nodes and the integers
// of its weights, whether the file says them by QuantizeLinear and DequantizeLinear, by operators on integers, or in
// QONNX.
//
// Throws Error naming the file, the operator and the node for whatever is malformed or not supported, and the file for
// what would take more memory than onnx_file.h gives to a file of its size.
Graph import_onnx(const std::filesystem::path& path);
Graph import_onnx(std::span<const std::uint8_t> bytes, const std::string& name);
// `place` names the bytes in messages.
Graph import_onnx(std::span<const std::uint8_t> bytes, const std::string& place, const std::string& name);
Graph import_any_onnx(std::span<const std::uint8_t> bytes, const std::string& place, const std::string& name);

}  // namespace lutra::network
