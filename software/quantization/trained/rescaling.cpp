#include "software/quantization/trained/rescaling.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>

#include "software/quantization/lowering/lowering.h"

namespace lutra::quantization {

namespace {

using network::Edge;
using network::EdgeId;
using network::Requantise;

double factor_of(const Requantise& requantise) { return std::ldexp(requantise.multiplier, -requantise.shift); }

std::string tensor_of(const std::string& edge) {
  const std::string suffix = stream_suffix;
  return edge.ends_with(suffix) ? edge.substr(0, edge.size() - suffix.size()) : edge;
}

class Reader {
 public:
  Reader(const network::QuantisedNetwork& network, const std::map<std::string, double>& code_steps)
      : network_(network), code_steps_(code_steps) {}

  std::map<std::string, Rescaling> run() {
    for (const network::Operation& operation : network_.operations)
      std::visit([&](const auto& op) { read(op); }, operation.body);
    return std::move(result_);
  }

 private:
  const Edge& edge(EdgeId id) const { return network_.edges[static_cast<std::size_t>(id)]; }

  void read(const network::MatrixOp& op) {
    std::vector<double> scales;
    for (const double scale : op.weights.scales) scales.push_back(scale * edge(op.input).scale);
    add(op.post, scales);
  }
  void read(const network::PoolOp& op) {
    const double divisor = op.kind == network::PoolKind::sum ? double{1} * op.window.height * op.window.width : 1;
    add(op.post, {edge(op.input).scale / divisor});
  }
  void read(const network::ElementwiseOp& op) { add(op.post, {edge(op.input).scale}, true); }
  void read(const network::ConcatOp&) {}
  void read(const network::ResampleOp&) {}

  std::optional<double> code_step(EdgeId id) const {
    const auto given = code_steps_.find(edge(id).name);
    if (given != code_steps_.end()) return given->second;
    if (edge(id).encoding.levels.empty()) return edge(id).scale;
    return std::nullopt;
  }

  // `scales`: real value of 1 in the accumulators.
  void add(const network::PostProcess& post, const std::vector<double>& scales, bool is_elementwise = false) {
    const EdgeId end = post.codes ? post.codes->edge : post.stream;
    const std::optional<double> step = post.codes ? code_step(end) : edge(end).scale;
    if (!step) return;
    Rescaling rescaling;
    double result = *step;  // what the accumulators are scaled to
    if (post.stream >= 0 || (post.codes && post.codes->requantise)) {
      // A stream that is not stored has no scale of its own but that which its codes give it.
      result = post.stream >= 0 ? edge(post.stream).scale : *step * factor_of(*post.codes->requantise);
      rescaling.grid = result;
      if (post.codes && post.codes->requantise)
        rescaling.code_gain = factor_of(*post.codes->requantise) * *step / result;
    }
    for (std::size_t channel = 0; channel < std::max(scales.size(), post.scale.size()); ++channel)
      rescaling.gains.push_back(factor_of(post.scale[post.scale.size() == 1 ? 0 : channel]) * result /
                                scales[scales.size() == 1 ? 0 : channel]);
    rescaling.scales_input = is_elementwise;
    if (post.skip) rescaling.skip_gain = factor_of(post.skip->requantise) * result / edge(post.skip->edge).scale;
    for (const Requantise& slope : post.prelu) rescaling.slopes.push_back(factor_of(slope));
    result_[tensor_of(edge(end).name)] = rescaling;
  }

  const network::QuantisedNetwork& network_;
  const std::map<std::string, double>& code_steps_;
  std::map<std::string, Rescaling> result_;
};

}  // namespace

std::map<std::string, Rescaling> rescalings(const network::QuantisedNetwork& network,
                                            const std::map<std::string, double>& code_steps) {
  return Reader(network, code_steps).run();
}

}  // namespace lutra::quantization
