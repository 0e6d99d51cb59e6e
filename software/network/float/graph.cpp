#include "software/network/float/graph.h"

#include <fmt/format.h>

#include <cmath>

#include "software/common/error.h"
#include "software/common/overload.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

std::string describe(const Node& node) { return fmt::format("{} node \"{}\"", operator_name(node.op), node.name); }

void check_finite(const std::vector<float>& values, const char* what, const std::string& place) {
  for (const float value : values)
    if (!std::isfinite(value)) throw Error(fmt::format("{}: a {} value is {}; all must be finite", place, what, value));
}

void check_grid_scale(double scale, const std::string& place) {
  if (!(scale >= 0x1p-100 && scale <= 0x1p100))
    throw Error(fmt::format("{}: the scale {} is not within 2^-100..2^100", place, scale));
}

void check_given(const GivenIntegers& given, std::size_t weights, std::size_t bias, const std::string& place) {
  if (given.values.size() != weights || given.bias.size() != bias || given.scales.empty() ||
      given.values.size() % given.scales.size() != 0)
    throw Error(fmt::format("{}: {} integers with {} scales and {} biases do not fit {} weights and {} biases", place,
                            given.values.size(), given.scales.size(), given.bias.size(), weights, bias));
  for (const double scale : given.scales) check_grid_scale(scale, place);
  for (const double value : given.bias)
    if (!std::isfinite(value)) throw Error(fmt::format("{}: a bias is {}; all must be finite", place, value));
}

void check_quantise(const Quantise& op, const std::string& place) {
  constexpr int most = 1 << 24;
  for (const double scale : {op.scale, op.value_scale()}) check_grid_scale(scale, place);
  for (const double zero : {op.zero, op.value_zero()})
    if (!(std::abs(zero) <= most)) throw Error(fmt::format("{}: the zero point {} is beyond 2^24", place, zero));
  if (op.low > op.high || op.low < -most || op.high > most)
    throw Error(fmt::format("{}: codes {}..{} are no range within +-2^24", place, op.low, op.high));
  if (op.cut && (op.cut->bits < 0 || op.cut->bits > 24))
    throw Error(fmt::format("{}: cuts {} bits off, which is not within 0..24", place, op.cut->bits));
}

void check_parameters(const Operator& op, const std::string& place) {
  const auto check_layer = [&](const auto& layer) {
    check_finite(layer.weights, "weight", place);
    check_finite(layer.bias, "bias", place);
    if (layer.given) check_given(*layer.given, layer.weights.size(), layer.bias.size(), place);
  };
  const auto check_normalization = [&](const BatchNormalization& normalization) {
    check_finite(normalization.scale, "scale", place);
    check_finite(normalization.bias, "bias", place);
    check_finite(normalization.mean, "mean", place);
    check_finite(normalization.variance, "variance", place);
    for (const float variance : normalization.variance)
      if (!(variance >= 0) || !(variance + normalization.epsilon > 0) ||
          !std::isfinite(variance + normalization.epsilon))
        throw Error(fmt::format("{}: variance {} with epsilon {} has no positive square root", place, variance,
                                normalization.epsilon));
  };
  std::visit(
      Overload{[&](const Convolution& layer) { check_layer(layer); }, [&](const Linear& layer) { check_layer(layer); },
               check_normalization, [&](const PRelu& prelu) { check_finite(prelu.slope, "slope", place); },
               [&](const Quantise& quantise) { check_quantise(quantise, place); }, [](const auto&) {}},
      op);
}

struct Definitions {
  const Graph& graph;
  std::vector<bool> defined = std::vector<bool>(graph.tensors.size());

  void require_tensor(TensorId id, const std::string& place) const {
    if (id < 0 || static_cast<std::size_t>(id) >= graph.tensors.size())
      throw Error(fmt::format("{}: names tensor {} of {}", place, id, graph.tensors.size()));
  }

  void require_defined(TensorId id, const std::string& place) const {
    require_tensor(id, place);
    if (!defined[static_cast<std::size_t>(id)])
      throw Error(fmt::format("{}: reads tensor \"{}\" before any node has written it", place, tensor(id).name));
  }

  void define(TensorId id, const std::string& place) {
    require_tensor(id, place);
    if (defined[static_cast<std::size_t>(id)])
      throw Error(fmt::format("{}: writes tensor \"{}\", which has a value already", place, tensor(id).name));
    defined[static_cast<std::size_t>(id)] = true;
  }

  const Tensor& tensor(TensorId id) const { return graph.tensors[static_cast<std::size_t>(id)]; }
};

std::int64_t node_macs(const Graph& graph, const Node& node) {
  const auto shape = [&](TensorId id) { return graph.tensors[static_cast<std::size_t>(id)].shape; };
  if (const auto* convolution = std::get_if<Convolution>(&node.op)) {
    const Window& window = convolution->window;
    return saturating_product({shape(node.output).elements(), shape(node.inputs[0]).channels / convolution->groups,
                               window.height, window.width});
  }
  if (const auto* linear = std::get_if<Linear>(&node.op))
    return saturating_product({linear->outputs, shape(node.inputs[0]).elements()});
  return 0;
}

}  // namespace

const char* operator_name(const Operator& op) {
  return std::visit(Overload{[](const Convolution&) { return "Conv"; }, [](const Linear&) { return "Gemm"; },
                             [](const BatchNormalization&) { return "BatchNormalization"; },
                             [](const Clip& clip) {
                               return clip.low == 0 && clip.high == std::numeric_limits<float>::infinity() ? "Relu"
                                                                                                           : "Clip";
                             },
                             [](const PRelu&) { return "PRelu"; }, [](const Add&) { return "Add"; },
                             [](const MaxPool&) { return "MaxPool"; }, [](const AveragePool&) { return "AveragePool"; },
                             [](const Slice&) { return "Slice"; }, [](const Pad&) { return "Pad"; },
                             [](const Concat&) { return "Concat"; }, [](const Flatten&) { return "Flatten"; },
                             [](const Softmax&) { return "Softmax"; }, [](const Quantise&) { return "Quant"; }},
                    op);
}

void validate(const Graph& graph) {
  const std::string place = fmt::format("network \"{}\"", graph.name);
  Definitions definitions{graph};
  definitions.define(graph.input, place);
  check_shape(definitions.tensor(graph.input).shape, place);
  for (const Node& node : graph.nodes) {
    const std::string where = describe(node);
    std::vector<Shape> inputs;
    for (const TensorId input : node.inputs) {
      definitions.require_defined(input, where);
      inputs.push_back(definitions.tensor(input).shape);
    }
    definitions.define(node.output, where);
    const Shape inferred = infer_shape(node.op, inputs, node.name);
    const Tensor& output = definitions.tensor(node.output);
    if (output.shape != inferred)
      throw Error(fmt::format("{}: yields {} but its tensor \"{}\" is declared {}", where, to_string(inferred),
                              output.name, to_string(output.shape)));
    check_parameters(node.op, where);
  }
  definitions.require_defined(graph.output, place);
  for (std::size_t id = 0; id < graph.tensors.size(); ++id)
    if (!definitions.defined[id])
      throw Error(fmt::format("{}: no node writes tensor \"{}\"", place, graph.tensors[id].name));
  multiply_accumulates(graph);
}

const Shape& output_shape(const Graph& graph) { return graph.tensors.at(static_cast<std::size_t>(graph.output)).shape; }

std::int64_t multiply_accumulates(const Graph& graph) {
  std::int64_t total = 0;
  for (const Node& node : graph.nodes) {
    const std::int64_t macs = node_macs(graph, node);
    if (macs > max_macs - total)
      throw Error(fmt::format("network \"{}\": more than {} multiply-accumulates per image are not accepted",
                              graph.name, max_macs));
    total += macs;
  }
  return total;
}

}  // namespace lutra::network
