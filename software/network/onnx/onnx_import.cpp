#include "software/network/onnx/onnx_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/float/fold.h"
#include "software/network/limits.h"
#include "software/network/onnx/onnx_file.h"
#include "software/network/onnx/onnx_format.h"
#include "software/network/onnx/onnx_operators.h"
#include "software/network/onnx/onnx_order.h"

namespace lutra::network {

namespace {

using namespace importer;
using Initialisers = GraphBuilder::Initialisers;

constexpr std::int64_t oldest_opset = 7;
constexpr std::int64_t newest_opset = 22;

bool is_onnx_domain(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

std::int64_t read_opset(const onnx::ModelProto& model) {
  for (const onnx::OperatorSetIdProto& set : model.opset_import()) {
    if (!is_onnx_domain(set.domain())) continue;
    if (set.version() < oldest_opset || set.version() > newest_opset)
      throw Error(fmt::format("uses opset {}; {} to {} are supported: convert it with onnx.version_converter",
                              set.version(), oldest_opset, newest_opset));
    return set.version();
  }
  throw Error("does not say which ONNX opset it uses");
}

Initialisers read_initialisers(const onnx::GraphProto& graph) {
  if (graph.sparse_initializer_size() > 0) throw Error("has sparse initialisers, which are not supported");
  Initialisers initialisers;
  for (const onnx::TensorProto& tensor : graph.initializer())
    if (!initialisers.emplace(tensor.name(), &tensor).second)
      throw Error(fmt::format("has two initialisers called \"{}\"", printable(tensor.name())));
  return initialisers;
}

// Older files list initialisers among the inputs.
const onnx::ValueInfoProto& only_input(const onnx::GraphProto& graph, const Initialisers& initialisers) {
  const onnx::ValueInfoProto* input = nullptr;
  for (const onnx::ValueInfoProto& candidate : graph.input()) {
    if (initialisers.contains(candidate.name())) continue;
    if (input)
      throw Error(fmt::format("has several inputs (\"{}\", \"{}\"); networks with one are supported",
                              printable(input->name()), printable(candidate.name())));
    input = &candidate;
  }
  if (!input) throw Error("has no input");
  return *input;
}

const onnx::ValueInfoProto& only_output(const onnx::GraphProto& graph) {
  if (graph.output_size() != 1)
    throw Error(fmt::format("has {} outputs; networks with one are supported", graph.output_size()));
  return graph.output(0);
}

// The codes of an input of integers; nothing for one of float values.
std::optional<Quantise> input_codes(const onnx::ValueInfoProto& input) {
  const int type = input.type().tensor_type().elem_type();
  if (type == onnx::TensorProto::FLOAT) return std::nullopt;
  const auto codes = codes_of_type(type);
  if (!codes)
    throw Error(fmt::format("input \"{}\": must be float (32 bits), or integers of 4 to 16 bits; convert the network",
                            printable(input.name())));
  return codes;
}

std::vector<std::int64_t> input_dims(const onnx::ValueInfoProto& input) {
  const std::string place = fmt::format("input \"{}\"", printable(input.name()));
  if (!input.type().has_tensor_type() || !input.type().tensor_type().has_shape())
    throw Error(place + ": is not declared as a tensor with a shape");
  const onnx::TensorShapeProto& shape = input.type().tensor_type().shape();
  if (shape.dim_size() < 2 || shape.dim_size() > 4)
    throw Error(fmt::format("{}: has {} dimensions; batch x channels x height x width or batch x features is supported",
                            place, shape.dim_size()));
  const onnx::TensorShapeProto::Dimension& batch = shape.dim(0);
  constexpr std::int64_t unknown = -1;  // as some exporters write an open dimension
  if (batch.has_dim_value() && batch.dim_value() != 1 && batch.dim_value() != unknown)
    throw Error(
        fmt::format("{}: has a batch of {}; export with a batch of 1 or an open one", place, batch.dim_value()));
  std::vector<std::int64_t> dims{1};
  for (int axis = 1; axis < shape.dim_size(); ++axis) {
    const std::int64_t extent = shape.dim(axis).dim_value();
    if (!shape.dim(axis).has_dim_value() || extent < 1 || extent > max_dimension)
      throw Error(fmt::format("{}: its dimension {} must be fixed and in 1..{}; export with a fixed image size", place,
                              axis, max_dimension));
    dims.push_back(extent);
  }
  return dims;
}

// Exporters of channels-last frameworks begin with a Transpose to channels first, maybe after a normalisation. Then the
// declared dims are height x width x channels.
bool is_channels_last(const OrderedNodes& ordered, const std::string& input) {
  std::string value = input;
  for (const onnx::NodeProto* node : ordered.nodes) {
    if (std::find(node->input().begin(), node->input().end(), value) == node->input().end()) continue;
    if (node->op_type() == "Transpose" && node->attribute_size() == 1) {
      const auto& order = node->attribute(0).ints();
      return std::vector<std::int64_t>(order.begin(), order.end()) == std::vector<std::int64_t>{0, 3, 1, 2};
    }
    const std::vector<std::string> elementwise{
        "Add", "Sub", "Mul", "Div", "Cast", "Identity", "QuantizeLinear", "DequantizeLinear", "Quant"};
    if (std::find(elementwise.begin(), elementwise.end(), node->op_type()) == elementwise.end()) return false;
    value = node->output(0);
  }
  return false;
}

void expect_one_result(const OnnxNode& node, const std::map<std::string, int>& uses) {
  if (node.proto().output_size() == 0 || node.proto().output(0).empty()) node.refuse("has no output");
  for (int index = 1; index < node.proto().output_size(); ++index)
    if (const std::string& output = node.proto().output(index); !output.empty() && uses.contains(output))
      node.refuse("its output {} \"{}\" is used; only the first output is supported", index, printable(output));
}

void import_node(GraphBuilder& builder, const OnnxNode& node) {
  const std::string& domain = node.proto().domain();
  const auto import = operator_imports().find(node.type());
  if (import == operator_imports().end() || !is_of(import->second.dialect, domain)) {
    if (is_of(Dialect::both, domain) || is_of(Dialect::qonnx, domain))
      node.refuse("is not supported{}; {}", is_onnx_domain(domain) ? "" : fmt::format(" in the domain \"{}\"", domain),
                  supported_way(node.type()));
    node.refuse(
        "belongs to the operator domain \"{}\"; only the operators of ONNX, ONNX Runtime and QONNX are supported",
        printable(domain));
  }
  bool constant = true;
  for (int index = 0; index < node.proto().input_size(); ++index)
    if (builder.has_input(node, index))
      constant = constant && std::holds_alternative<Constant>(builder.input(node, index));
  const auto handler = constant ? import->second.on_constants : import->second.on_tensor;
  if (!handler)
    node.refuse("{}", constant ? "is not supported on constants alone" : "is supported on constants and shapes only");
  handler(builder, node);
  node.expect_all_attributes_read();
}

Graph import_model(const onnx::ModelProto& model, const std::string& name, std::size_t most_values) {
  if (!model.has_graph()) throw Error("is not an ONNX network: it has no graph");
  const onnx::GraphProto& graph = model.graph();
  const std::int64_t opset = read_opset(model);
  const Initialisers initialisers = read_initialisers(graph);
  const onnx::ValueInfoProto& input = only_input(graph, initialisers);
  const onnx::ValueInfoProto& output = only_output(graph);
  const std::vector<std::int64_t> dims = input_dims(input);

  Initialisers given = initialisers;
  given.emplace(input.name(), nullptr);
  const OrderedNodes ordered = order_nodes(graph, given, output.name());
  GraphBuilder builder(name, opset, initialisers, ordered.uses, most_values);
  builder.define_input(input.name(), dims, dims.size() == 4 && is_channels_last(ordered, input.name()),
                       input_codes(input));
  for (const onnx::NodeProto* proto : ordered.nodes) {
    const OnnxNode node(*proto);
    expect_one_result(node, ordered.uses);
    import_node(builder, node);
  }
  Graph result = fold_slices(fold_padding(remove_unused(builder.finish(output.name()))));
  validate(result);
  return result;
}

}  // namespace

Graph import_onnx(const std::filesystem::path& path) {
  return import_onnx(read_file(path, largest_onnx_bytes), path.string(), path.stem().string());
}

Graph import_onnx(std::span<const std::uint8_t> bytes, const std::string& name) {
  return import_onnx(bytes, name, name);
}

Graph import_onnx(std::span<const std::uint8_t> bytes, const std::string& place, const std::string& name) {
  Graph graph = import_any_onnx(bytes, place, name);
  for (const Node& node : graph.nodes)
    if (std::holds_alternative<Quantise>(node.op))
      throw Error(fmt::format(
          "{}: node \"{}\": comes quantised; name it under 'quantized' (it is taken as it is), or export the "
          "float network (Lutra quantises it)",
          place, node.name));
  return graph;
}

Graph import_any_onnx(std::span<const std::uint8_t> bytes, const std::string& place, const std::string& name) {
  try {
    const OnnxFile file(bytes);
    return import_model(file.model(), printable(name), most_values_of(bytes.size()));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", place, error.what()));
  }
}

}  // namespace lutra::network
