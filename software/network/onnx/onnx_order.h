#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <string>
#include <vector>

namespace lutra::network::importer {

// The nodes an output depends on, each after what it reads, else in the file's order.
struct OrderedNodes {
  std::vector<const onnx::NodeProto*> nodes;
  std::map<std::string, int> uses;  // of each value, by these nodes and as the output
};

// `given` holds the names of inputs and initialisers. Throws Error naming the node for a cycle, a value that is defined
// twice and a value that nothing defines.
OrderedNodes order_nodes(const onnx::GraphProto& graph, const std::map<std::string, const onnx::TensorProto*>& given,
                         const std::string& output);

}  // namespace lutra::network::importer
