#pragma once

#include <filesystem>
#include <string>

#include "software/network/float/graph.h"

namespace lutra::network {

// A float network as an ONNX model (opset 13, batch of 1, ONNX's own operators), from which import_onnx makes an equal
// graph wherever the graph came from there. The same bytes for equal graphs. Throws Error for a graph that validate()
// refuses and a path that cannot be written.
void save_onnx(const Graph& graph, const std::filesystem::path& path);
std::string graph_to_onnx(const Graph& graph);

}  // namespace lutra::network
