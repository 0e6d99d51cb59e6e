#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "software/network/float/graph.h"
#include "software/network/onnx/onnx_array.h"
#include "software/network/onnx/onnx_node.h"

namespace lutra::network::importer {

// A tensor of the graph as ONNX sees it: `dims` with the batch of 1 in front. Four are an image, two a vector; three
// are kept (channels, positions) but only reshapes and elementwise operators take them.
struct Activation {
  TensorId tensor = -1;
  std::vector<std::int64_t> dims;
  bool channels_last = false;  // dims are batch, height, width, channels; the tensor itself is always channel-planar
  bool interleaved = false;    // a vector flattened with channels last; the tensor itself is still the planar image
  bool shared = false;         // somebody else reads the tensor too

  std::size_t channel_axis() const { return channels_last ? dims.size() - 1 : 1; }
};

using Constant = std::shared_ptr<const Array>;
using Value = std::variant<Activation, Constant>;

// The network under construction: ONNX value names to tensors and constants, and the nodes made so far.
class GraphBuilder {
 public:
  using Initialisers = std::map<std::string, const onnx::TensorProto*>;

  // `most_values`: of constants, of parameters, and of values spread over channels, each.
  GraphBuilder(std::string name, std::int64_t opset, Initialisers initialisers, std::map<std::string, int> uses,
               std::size_t most_values);

  std::int64_t opset() const { return opset_; }

  bool has_input(const OnnxNode& node, int index) const;
  const Value& input(const OnnxNode& node, int index);
  // Each refuses the node when the input is absent or of the other kind; activation() also when it is interleaved.
  Activation activation(const OnnxNode& node, int index);
  Activation activation_in_any_order(const OnnxNode& node, int index);
  Activation image(const OnnxNode& node, int index);  // four dims, channels first
  Constant constant(const OnnxNode& node, int index);
  // The constant's values; refuse the node when it holds the other kind of numbers.
  const std::vector<float>& reals(const OnnxNode& node, int index);
  const std::vector<std::int64_t>& integers(const OnnxNode& node, int index);
  // A constant that broadcasts over `activation`: one value per channel. Refuses what differs within a channel.
  std::vector<float> channel_values(const OnnxNode& node, int index, const Activation& activation);

  Shape shape(const Activation& activation) const;
  // The node that made the tensor, when nothing else reads it: then it may absorb the next one. Else null.
  Node* exclusive_producer(const Activation& activation);
  // True for the network's input as long as nothing else has read it: its shape may still change.
  bool is_untouched_input(const Activation& activation) const;
  void reshape_input(const Shape& shape);

  void define_input(const std::string& value, const std::vector<std::int64_t>& dims, bool channels_last);
  // Adds a node; its output has `dims.size()` of `like` and its channel order.
  void emit(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs, const Activation& like);
  void emit_vector(const OnnxNode& node, Operator op, const Activation& input);  // the output is {1, n}
  void define(const OnnxNode& node, Activation result);                          // no node needed
  void define(const OnnxNode& node, Constant result);
  void define(const OnnxNode& node, Array result);

  // Checks that `output` is a tensor and yields the graph.
  Graph finish(const std::string& output);

 private:
  TensorId add_node(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs);
  std::string unique_name(const std::string& wanted);
  void count_values(std::size_t& total, std::size_t more, const char* what) const;
  const Value* find(const std::string& value);

  Graph graph_;
  std::int64_t opset_;
  Initialisers initialisers_;
  std::map<std::string, int> uses_;
  std::map<std::string, Value> values_;
  std::vector<int> producers_;  // node index of each tensor; -1: the input
  std::map<std::string, int> names_;
  std::size_t most_values_;
  std::size_t constant_values_ = 0;
  std::size_t parameters_ = 0;
  std::size_t channel_values_ = 0;
};

// The value as an int within low..high; else refuses the node, calling it `what`.
int to_int(const OnnxNode& node, std::int64_t value, std::int64_t low, std::int64_t high, const char* what);

// An axis counted from the end when negative; refuses what is not an axis of `rank`.
std::size_t to_axis(const OnnxNode& node, std::int64_t axis, std::size_t rank);

}  // namespace lutra::network::importer
