#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <cmath>
#include <map>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/gzip.h"
#include "software/network/encoding/encoding.h"
#include "software/network/onnx/onnx_array.h"
#include "software/network/onnx/onnx_file.h"
#include "software/network/onnx/onnx_format.h"
#include "software/network/onnx/onnx_node.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/network/quantised_onnx/quantised_onnx_fields.h"
#include "software/network/quantised_onnx/quantised_onnx_names.h"
#include "software/network/quantised_onnx/quantised_onnx_weights.h"

namespace lutra::network {

namespace {

namespace words = quantised_onnx;
using importer::OnnxNode;
using importer::printable;
using quantised_onnx::Fields;

struct Quant {
  std::string output;
  std::vector<float> scales;
  int bits = 0;
  bool is_signed = false;
  bool is_narrow = false;  // without the lowest code
};

bool imports_domain(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import())
    if (opset.domain() == words::domain && opset.version() == words::domain_version) return true;
  return false;
}

class Reader {
 public:
  Reader(const onnx::ModelProto& model, std::size_t most_values)
      : model_(model), graph_(model.graph()), values_left_(most_values) {}

  QuantisedNetwork run() {
    check_model();
    for (const onnx::TensorProto& tensor : graph_.initializer())
      if (!initializers_.emplace(tensor.name(), &tensor).second)
        throw Error(fmt::format("has two initialisers \"{}\"", printable(tensor.name())));
    for (const onnx::NodeProto& node : graph_.node())
      if (node.domain() == words::quant_domain) read_quant(OnnxNode(node));
    for (const onnx::NodeProto& node : graph_.node())
      if (node.domain() != words::quant_domain) read_operation(OnnxNode(node));
    result_.name = graph_.name();
    for (const auto& property : model_.metadata_props())
      if (property.key() == words::scheme_key) result_.scheme = property.value();
    for (auto& [id, edge] : edges_) {
      if (id != static_cast<EdgeId>(result_.edges.size()))
        throw Error(fmt::format("has no edge {}", result_.edges.size()));
      result_.edges.push_back(std::move(edge));
    }
    if (graph_.output_size() != 1) throw Error(fmt::format("has {} outputs, not one", graph_.output_size()));
    result_.output = edge_named(graph_.output(0).name(), "the graph's output");
    validate(result_);
    return std::move(result_);
  }

 private:
  void check_model() const {
    if (imports_domain(model_)) return;
    throw Error(fmt::format("is not a quantised network of Lutra (its ONNX domain \"{}\", version {}, is not imported)",
                            words::domain, words::domain_version));
  }

  // Nodes may share an initialiser; what all of them read is bounded.
  std::vector<float> constant(const std::string& name, const OnnxNode& node) {
    const auto found = initializers_.find(name);
    if (found == initializers_.end()) node.refuse("reads \"{}\", which is not an initialiser", printable(name));
    importer::Array array = importer::decode(*found->second, node.place());
    if (!std::holds_alternative<std::vector<float>>(array.values))
      node.refuse("reads \"{}\", which does not hold floats", printable(name));
    if (array.size() > values_left_) node.refuse("the nodes read far more values than the file has; it is damaged");
    values_left_ -= array.size();
    return std::get<std::vector<float>>(std::move(array.values));
  }

  void read_quant(const OnnxNode& node) {
    const onnx::NodeProto& proto = node.proto();
    if (node.type() != words::quant || proto.input_size() != 4 || proto.output_size() != 1)
      node.refuse("is not a Quant node of four inputs and one output");
    Quant quant;
    quant.output = proto.output(0);
    quant.scales = constant(proto.input(1), node);
    const auto zero = constant(proto.input(2), node);
    const auto bits = constant(proto.input(3), node);
    quant.is_signed = node.integer("signed", 1) != 0;
    quant.is_narrow = node.integer("narrow", 0) != 0;
    if (node.text("rounding_mode", "ROUND") != "ROUND" || zero != std::vector{0.0F})
      node.refuse("has a zero point or a rounding mode; quantised networks of Lutra have none");
    node.expect_all_attributes_read();
    if (bits.size() != 1 || !(bits[0] >= 2 && bits[0] <= 16) || bits[0] != std::floor(bits[0]))
      node.refuse("its bit width is not an integer within 2..16");
    quant.bits = static_cast<int>(bits[0]);
    if (!quantised_from_.emplace(quant.output, proto.input(0)).second ||
        !quants_.emplace(proto.input(0), std::move(quant)).second)
      node.refuse("shares its input or its output with another Quant node");
  }

  const Quant& quant_of(const std::string& tensor, const OnnxNode& node) const {
    const auto found = quants_.find(tensor);
    if (found == quants_.end()) node.refuse("no Quant node reads \"{}\"", printable(tensor));
    return found->second;
  }

  EdgeId edge_named(const std::string& tensor, const std::string& place) const {
    const auto found = edge_of_tensor_.find(tensor);
    if (found == edge_of_tensor_.end())
      throw Error(fmt::format("{}: \"{}\" is not an edge written before", place, printable(tensor)));
    return found->second;
  }

  EdgeId input_edge(const OnnxNode& node, int index) const {
    if (index >= node.proto().input_size()) node.refuse("has {} inputs, too few", node.proto().input_size());
    return edge_named(node.proto().input(index), node.place());
  }

  void expect_inputs(const OnnxNode& node, int count) const {
    if (node.proto().input_size() != count) node.refuse("has {} inputs, not {}", node.proto().input_size(), count);
  }

  // The edge written as output `index`, described by attributes that begin with `prefix`; -1 where there is none.
  EdgeId read_output(const OnnxNode& node, int index, const std::string& prefix) {
    if (index >= node.proto().output_size() || node.proto().output(index).empty()) return -1;
    const Fields fields(node);
    const EdgeId id = fields.integer(prefix + "_edge");
    Edge edge;
    edge.name = node.text(prefix + "_name", "");
    const auto shape = fields.integers_of<3>(prefix + "_shape");
    edge.shape = {shape[0], shape[1], shape[2]};
    const auto scale = fields.doubles(prefix + "_scale");
    if (scale.size() != 1) node.refuse("its attribute \"{}_scale\" is not one number", prefix);
    edge.scale = scale.front();
    edge.encoding.pad_code = fields.integer(prefix + "_pad_code");
    std::string tensor = node.proto().output(index);
    if (node.has(prefix + "_levels")) {
      edge.encoding.levels = fields.integers<int>(prefix + "_levels");
      edge.encoding.bits = fields.integer(prefix + "_bits");
      edge.encoding.is_signed = fields.integer(prefix + "_signed") != 0;
    } else {
      const Quant& quant = quant_of(tensor, node);
      if (quant.scales != std::vector{static_cast<float>(edge.scale)})
        node.refuse("its attribute \"{}_scale\" and its Quant node differ", prefix);
      edge.encoding.bits = quant.bits;
      edge.encoding.is_signed = quant.is_signed;
      edge.encoding.is_ternary = quant.is_narrow;
      tensor = quant.output;
    }
    if (!edges_.emplace(id, std::move(edge)).second) node.refuse("writes edge {}, which is written already", id);
    if (!edge_of_tensor_.emplace(tensor, id).second)
      node.refuse("writes \"{}\", which is written already", printable(tensor));
    return id;
  }

  PostProcess read_post(const OnnxNode& node, int inputs) {
    const Fields fields(node);
    PostProcess post;
    post.scale = fields.requantises("scale");
    if (node.has("skip_multiplier")) {
      const auto strides = fields.integers_of<2>("skip_strides");
      post.skip = Skip{input_edge(node, inputs), strides[0], strides[1], fields.integer("skip_channel_offset"),
                       fields.requantise("skip")};
      ++inputs;
    }
    expect_inputs(node, inputs);
    if (node.has("prelu_multiplier")) post.prelu = fields.requantises("prelu");
    const EdgeId codes = read_output(node, 0, "codes");
    post.stream = read_output(node, 1, "stream");
    if (codes >= 0) {
      const auto range = fields.integers_of<2>("codes_range");
      post.codes = CodeOutput{codes, std::nullopt, range[0], range[1]};
      if (node.has("codes_multiplier")) post.codes->requantise = fields.requantise("codes");
    }
    return post;
  }

  Weights read_weights(const OnnxNode& node, const std::string& input) {
    const auto source = quantised_from_.find(input);
    if (source == quantised_from_.end()) node.refuse("its weights \"{}\" come from no Quant node", printable(input));
    const Quant& quant = quants_.at(source->second);
    const std::vector<float> real = constant(source->second, node);
    Weights weights;
    weights.scales = Fields(node).doubles("weight_scales");
    if (weights.scales.empty() || real.size() % weights.scales.size() != 0 ||
        quant.scales != std::vector<float>(weights.scales.begin(), weights.scales.end()))
      node.refuse("its attribute \"weight_scales\" and the Quant node of its weights differ");
    if (quant.is_narrow) node.refuse("the Quant node of its weights has a narrow range");
    weights.encoding = words::read_encoding(node, quant.bits, static_cast<int>(weights.scales.size()));
    const ValueRange range = weight_range(weights.encoding);
    const std::size_t per_channel = real.size() / weights.scales.size();
    weights.values.reserve(real.size());
    for (std::size_t i = 0; i < real.size(); ++i) {
      const double value = std::floor(static_cast<double>(real[i]) / weights.scales[i / per_channel] + 0.5);
      if (!(value >= range.lowest && value <= range.highest))
        node.refuse("its weight {} is not within {}..{}", value, range.lowest, range.highest);
      weights.values.push_back(static_cast<std::int16_t>(value));
    }
    return weights;
  }

  MatrixOp read_matrix(const OnnxNode& node) {
    const Fields fields(node);
    MatrixOp op;
    op.input = input_edge(node, 0);
    if (node.proto().input_size() < 2) node.refuse("has no weights");
    op.weights = read_weights(node, node.proto().input(1));
    op.output_channels = static_cast<int>(op.weights.scales.size());
    op.window = fields.window();
    op.groups = fields.integer("group");
    op.post = read_post(node, 2);
    return op;
  }

  PoolOp read_pool(const OnnxNode& node, PoolKind kind) {
    return {input_edge(node, 0), Fields(node).window(), kind, read_post(node, 1)};
  }

  ConcatOp read_concat(const OnnxNode& node) {
    ConcatOp op;
    for (int i = 0; i < node.proto().input_size(); ++i) op.inputs.push_back(input_edge(node, i));
    op.requantise = Fields(node).requantises("inputs");
    op.output = read_output(node, 0, "codes");
    return op;
  }

  ResampleOp read_resample(const OnnxNode& node) {
    expect_inputs(node, 1);
    const Fields fields(node);
    return {input_edge(node, 0), read_output(node, 0, "codes"), fields.integers_of<3>("start"),
            fields.integers_of<3>("step")};
  }

  void read_input(const OnnxNode& node) {
    if (result_.input.edge >= 0) node.refuse("is a second input transform");
    expect_inputs(node, 1);
    if (graph_.input_size() != 1 || node.proto().input(0) != graph_.input(0).name())
      node.refuse("does not read the graph's only input");
    result_.input = {read_output(node, 0, "codes"), Fields(node).requantises("channels")};
  }

  void read_operation(const OnnxNode& node) {
    if (node.proto().domain() != words::domain) node.refuse("is not of the domain \"{}\"", words::domain);
    const auto add = [&](auto op) { result_.operations.push_back({node.proto().name(), std::move(op)}); };
    const std::string& type = node.type();
    if (type == words::input_transform) {
      read_input(node);
    } else if (type == words::matrix) {
      add(read_matrix(node));
    } else if (type == words::maximum_pool) {
      add(read_pool(node, PoolKind::maximum));
    } else if (type == words::sum_pool) {
      add(read_pool(node, PoolKind::sum));
    } else if (type == words::elementwise) {
      const EdgeId input = input_edge(node, 0);
      add(ElementwiseOp{input, read_post(node, 1)});
    } else if (type == words::concat) {
      add(read_concat(node));
    } else if (type == words::resample) {
      add(read_resample(node));
    } else {
      node.refuse("is of a type that quantised networks of Lutra do not have");
    }
    node.expect_all_attributes_read();
  }

  const onnx::ModelProto& model_;
  const onnx::GraphProto& graph_;
  std::size_t values_left_;
  std::map<std::string, const onnx::TensorProto*> initializers_;
  std::map<std::string, Quant> quants_;                // by the tensor they read
  std::map<std::string, std::string> quantised_from_;  // the tensor a Quant node reads, by the one it yields
  std::map<std::string, EdgeId> edge_of_tensor_;
  std::map<EdgeId, Edge> edges_;
  QuantisedNetwork result_;
};

}  // namespace

QuantisedNetwork quantised_from_onnx(std::string_view packed, const std::string& name) {
  const std::vector<std::uint8_t> bytes = decompress({packed.begin(), packed.end()}, name, largest_onnx_bytes);
  try {
    const OnnxFile file(bytes);
    return Reader(file.model(), most_values_of(bytes.size())).run();
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", name, error.what()));
  }
}

bool is_quantised(std::span<const std::uint8_t> bytes, const std::string& place) {
  if (is_gzip(bytes)) return true;
  try {
    return imports_domain(OnnxFile(bytes).model());
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", place, error.what()));
  }
}

bool is_quantised(const std::filesystem::path& path) {
  return is_quantised(read_file(path, largest_onnx_bytes), path.string());
}

QuantisedNetwork load_quantised(const std::filesystem::path& path) {
  const auto bytes = read_file(path, largest_onnx_bytes);
  return quantised_from_onnx({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

}  // namespace lutra::network
