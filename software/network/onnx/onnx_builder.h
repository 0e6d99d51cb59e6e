#pragma once

#include <map>
#include <memory>
#include <optional>
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
  // Set between QuantizeLinear and DequantizeLinear, where the file has the codes themselves: what they stand for. The
  // tensor is always their values. Scale 0: the network's input, whose first reader says it.
  std::optional<Quantise> codes = {};

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
  // Each refuses the node when the input is absent or of the other kind; activation() also when it is interleaved or
  // codes, moved() when it is interleaved, flat() when it is codes.
  Activation activation(const OnnxNode& node, int index);
  Activation moved(const OnnxNode& node, int index);
  Activation activation_in_any_order(const OnnxNode& node, int index);
  Activation flat(const OnnxNode& node, int index);   // values in any order
  Activation image(const OnnxNode& node, int index);  // four dims, channels first
  Activation moved_image(const OnnxNode& node, int index);
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

  // `codes`: of an input of integers, their range.
  void define_input(const std::string& value, const std::vector<std::int64_t>& dims, bool channels_last,
                    const std::optional<Quantise>& codes);
  // Adds a node; its output has `dims.size()` of `like`, its channel order and its codes.
  Activation append(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs, const Activation& like);
  Activation append_vector(const OnnxNode& node, Operator op, const Activation& input);  // the output is {1, n}
  void emit(const OnnxNode& node, Operator op, const std::vector<Activation>& inputs, const Activation& like);
  void emit_vector(const OnnxNode& node, Operator op, const Activation& input);
  void define(const OnnxNode& node, Activation result);  // no node needed
  void define(const OnnxNode& node, Constant result);
  void define(const OnnxNode& node, Array result);
  void define_new(const OnnxNode& node, Constant result);  // that was not there before
  // Counts values that a node reads for its channels; refuses what a file of its size cannot mean.
  void charge(std::size_t values) { count_values(channel_values_, values, "values of channels"); }

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

// The codes of an element type, onnx::TensorProto::DataType, with scale 0; nothing for one that no codes have.
std::optional<Quantise> codes_of_type(int type);

// An axis counted from the end when negative; refuses what is not an axis of `rank`.
std::size_t to_axis(const OnnxNode& node, std::int64_t axis, std::size_t rank);

}  // namespace lutra::network::importer
