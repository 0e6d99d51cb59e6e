#include "software/network/onnx/onnx_order.h"

#include <fmt/format.h>

#include <set>

#include "software/common/error.h"
#include "software/network/onnx/onnx_array.h"
#include "software/network/onnx/onnx_node.h"

namespace lutra::network::importer {

namespace {

using Given = std::map<std::string, const onnx::TensorProto*>;
using Producers = std::map<std::string, int>;  // value name to node index

Producers find_producers(const onnx::GraphProto& graph, const Given& given) {
  Producers producers;
  for (int index = 0; index < graph.node_size(); ++index)
    for (const std::string& output : graph.node(index).output()) {
      if (output.empty()) continue;
      if (given.contains(output) || !producers.emplace(output, index).second)
        OnnxNode(graph.node(index)).refuse("defines \"{}\", which is defined already", printable(output));
    }
  return producers;
}

// The nodes that must run before each node, and the set of nodes the output needs.
struct Dependencies {
  std::set<int> needed;
  std::map<int, std::set<int>> readers;  // by producer
  std::map<int, int> waiting_for;        // distinct producers of each needed node
};

Dependencies find_dependencies(const onnx::GraphProto& graph, const Given& given, const Producers& producers,
                               int last) {
  Dependencies result;
  std::vector<int> pending{last};
  result.needed.insert(last);
  while (!pending.empty()) {
    const int index = pending.back();
    pending.pop_back();
    std::set<int> sources;
    for (const std::string& input : graph.node(index).input()) {
      if (input.empty() || given.contains(input)) continue;
      const auto producer = producers.find(input);
      if (producer == producers.end())
        OnnxNode(graph.node(index))
            .refuse("reads \"{}\", which no node, initialiser or input defines", printable(input));
      sources.insert(producer->second);
      result.readers[producer->second].insert(index);
      if (result.needed.insert(producer->second).second) pending.push_back(producer->second);
    }
    result.waiting_for[index] = static_cast<int>(sources.size());
  }
  return result;
}

}  // namespace

OrderedNodes order_nodes(const onnx::GraphProto& graph, const Given& given, const std::string& output) {
  const Producers producers = find_producers(graph, given);
  OrderedNodes result;
  ++result.uses[output];
  if (given.contains(output)) return result;
  const auto last = producers.find(output);
  if (last == producers.end()) throw Error(fmt::format("no node defines the output \"{}\"", printable(output)));

  Dependencies dependencies = find_dependencies(graph, given, producers, last->second);
  std::set<int> ready;
  for (const auto& [index, count] : dependencies.waiting_for)
    if (count == 0) ready.insert(index);
  while (!ready.empty()) {
    const int index = *ready.begin();
    ready.erase(ready.begin());
    dependencies.needed.erase(index);
    result.nodes.push_back(&graph.node(index));
    for (const std::string& input : graph.node(index).input()) ++result.uses[input];
    for (const int reader : dependencies.readers[index])
      if (--dependencies.waiting_for[reader] == 0) ready.insert(reader);
  }
  if (!dependencies.needed.empty())
    OnnxNode(graph.node(*dependencies.needed.begin())).refuse("lies on a cycle: it needs its own result");
  return result;
}

}  // namespace lutra::network::importer
