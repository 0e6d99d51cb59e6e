#include "software/network/quantised/quantised_network.h"

#include <algorithm>

#include "software/common/overload.h"
#include "software/network/encoding/encoding.h"

namespace lutra::network {

namespace {

void append_skip(const PostProcess& post, std::vector<EdgeId>& edges) {
  if (post.skip) edges.push_back(post.skip->edge);
}

std::vector<EdgeId> written_by(const PostProcess& post) {
  std::vector<EdgeId> edges;
  if (post.codes) edges.push_back(post.codes->edge);
  if (post.stream >= 0) edges.push_back(post.stream);
  return edges;
}

Shape windowed(const Shape& in, const Window& window, int channels) {
  return {channels, window.output_height(in.height), window.output_width(in.width)};
}

}  // namespace

Shape output_shape(const QuantisedNetwork& network, const Operation& operation) {
  const auto shape_of = [&](EdgeId edge) { return network.edges[static_cast<std::size_t>(edge)].shape; };
  return std::visit(
      Overload{[&](const MatrixOp& op) { return windowed(shape_of(op.input), op.window, op.output_channels); },
               [&](const PoolOp& op) { return windowed(shape_of(op.input), op.window, shape_of(op.input).channels); },
               [&](const ElementwiseOp& op) { return shape_of(op.input); },
               [&](const ConcatOp& op) { return shape_of(op.output); },
               [&](const ResampleOp& op) { return shape_of(op.output); }},
      operation.body);
}

std::vector<EdgeId> input_edges(const Operation& operation) {
  return std::visit(
      Overload{[](const ConcatOp& op) { return op.inputs; }, [](const ResampleOp& op) { return std::vector{op.input}; },
               [](const auto& op) {
                 std::vector<EdgeId> edges{op.input};
                 append_skip(op.post, edges);
                 return edges;
               }},
      operation.body);
}

std::vector<EdgeId> output_edges(const Operation& operation) {
  return std::visit(Overload{[](const ConcatOp& op) { return std::vector{op.output}; },
                             [](const ResampleOp& op) { return std::vector{op.output}; },
                             [](const auto& op) { return written_by(op.post); }},
                    operation.body);
}

std::int64_t multiply_accumulates(const QuantisedNetwork& network, const Operation& operation) {
  const auto* matrix = std::get_if<MatrixOp>(&operation.body);
  if (matrix == nullptr) return 0;
  const Shape& in = network.edges[static_cast<std::size_t>(matrix->input)].shape;
  const std::int64_t per_output =
      std::int64_t{in.channels / matrix->groups} * matrix->window.height * matrix->window.width;
  return output_shape(network, operation).elements() * per_output;
}

std::int64_t weight_bits(const QuantisedNetwork& network) {
  std::int64_t bits = 0;
  for (const Operation& operation : network.operations)
    if (const auto* matrix = std::get_if<MatrixOp>(&operation.body))
      bits += static_cast<std::int64_t>(matrix->weights.values.size()) * storage_bits(matrix->weights.encoding) +
              table_bits(matrix->weights.encoding);
  return bits;
}

}  // namespace lutra::network
