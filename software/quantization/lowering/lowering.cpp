#include "software/quantization/lowering/lowering.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/input.h"
#include "software/quantization/lowering/layers.h"
#include "software/quantization/lowering/operands.h"
#include "software/quantization/lowering/plan.h"
#include "software/quantization/lowering/post_process.h"
#include "software/quantization/lowering/power_of_two.h"
#include "software/quantization/lowering/widths.h"

namespace lutra::quantization {

namespace {

using network::EdgeId;
using network::Graph;
using network::QuantisedNetwork;
using network::Shape;
using network::TensorId;

class Lowering {
 public:
  Lowering(const Graph& graph, const network::Normalisation& normalisation, const network::Dataset& calibration,
           const std::vector<TensorStatistics>& statistics, const Options& options,
           const WeightQuantiser& quantise_weights, const std::map<TensorId, CodeChoice>& given)
      : graph_(graph),
        normalisation_(normalisation),
        calibration_(calibration),
        statistics_(statistics),
        options_(options),
        quantise_weights_(quantise_weights),
        given_(given),
        layered_(make_layers(graph)),
        widths_(resolve_widths(layered_.layers, options)),
        input_(encode_input(normalisation, graph.tensors[index(graph.input)].shape.channels, widths_.input_bits)),
        plan_(make_plan(graph, layered_, !input_.encoding.is_signed, options.wide_skip, has_coding())),
        forms_(graph.tensors.size()) {}

  QuantisedNetwork run() {
    result_.name = graph_.name;
    result_.scheme = options_.scheme;
    const network::Tensor& input = graph_.tensors[index(graph_.input)];
    forms_[index(graph_.input)].codes = add_edge(input.name, input.shape, input_.encoding, input_.scale);
    result_.input = {forms_[index(graph_.input)].codes, input_.channels};
    for (std::size_t i = 0; i < layered_.layers.size(); ++i) lower_layer(layered_.layers[i], widths_.layers[i], i);
    const Forms& output = forms_[index(layered_.output)];
    result_.output = output.stream >= 0 ? output.stream : output.codes;
    network::validate(result_);
    return std::move(result_);
  }

 private:
  // The edges a tensor exists as.
  struct Forms {
    EdgeId codes = -1;
    EdgeId coded = -1;  // in the scheme's activation coding
    EdgeId stream = -1;
  };

  const network::Edge& edge(EdgeId id) const { return result_.edges[static_cast<std::size_t>(id)]; }
  EdgeId codes_of(TensorId tensor) const { return forms_[index(tensor)].codes; }
  EdgeId multiplied_codes_of(TensorId tensor) const {
    const Forms& forms = forms_[index(tensor)];
    return forms.coded >= 0 ? forms.coded : forms.codes;
  }
  const std::string& tensor_name(TensorId tensor) const { return graph_.tensors[index(tensor)].name; }

  EdgeId add_edge(std::string name, Shape shape, const network::ActivationEncoding& encoding, double scale) {
    result_.edges.push_back({std::move(name), shape, encoding, scale});
    return result_.edges.size() - 1;
  }

  // By TensorId: matrix operations read it in another coding than plain integers.
  std::vector<bool> has_coding() const {
    std::vector<bool> has(graph_.tensors.size());
    for (std::size_t i = 0; i < layered_.layers.size(); ++i)
      has[index(layered_.layers[i].output)] = is_coded(options_.activations, widths_.layers[i].activation_bits);
    return has;
  }

  void lower_layer(const Layer& layer, const LayerWidths& widths, std::size_t position) {
    const bool keeps_bits = !widths_.overridden[position];
    try {
      if (const auto* slice = std::get_if<network::Slice>(&layer.op)) {
        resample(layer, slice->start, slice->step, keeps_bits ? 0 : widths.activation_bits);
      } else if (const auto* pad = std::get_if<network::Pad>(&layer.op)) {
        const std::array start{-pad->before[0], -pad->before[1], -pad->before[2]};
        resample(layer, start, {1, 1, 1}, keeps_bits ? 0 : widths.activation_bits);
      } else if (std::holds_alternative<network::Concat>(layer.op)) {
        concatenate(layer, widths.activation_bits);
      } else if (const auto* maximum = std::get_if<network::MaxPool>(&layer.op)) {
        pool(layer, widths.activation_bits, maximum->window, network::PoolKind::maximum, keeps_bits);
      } else if (const auto* average = std::get_if<network::AveragePool>(&layer.op)) {
        check_average(*average);
        pool(layer, widths.activation_bits, average->window, network::PoolKind::sum, false);
      } else if (layer.skip.has_value() && std::holds_alternative<network::Add>(layer.op)) {
        elementwise(layer, widths.activation_bits);
      } else if (std::holds_alternative<network::Clip>(layer.op) || std::holds_alternative<network::PRelu>(layer.op)) {
        elementwise(layer, widths.activation_bits);
      } else if (scales_channels(layer)) {
        scale_channels(layer, widths.activation_bits);
      } else {
        matrix(layer, position);
      }
      if (plan_.coded[index(layer.output)] && forms_[index(layer.output)].coded < 0)
        recode(layer, widths.activation_bits);
    } catch (const Error& error) {
      throw Error(fmt::format("{} node '{}': {}", network::operator_name(layer.op), layer.name, error.what()));
    }
  }

  // A batch normalisation that no layer took in, of values that are their codes: its factors, having no sign, need no
  // weights.
  bool scales_channels(const Layer& layer) const {
    const auto* norm = std::get_if<network::BatchNormalization>(&layer.op);
    if (norm == nullptr || options_.requantise == RequantiseForm::shift) return false;
    const network::ActivationEncoding& encoding = edge(multiplied_codes_of(layer.inputs[0])).encoding;
    return encoding.levels.empty() && encoding.pad_code == 0 &&
           std::all_of(norm->scale.begin(), norm->scale.end(), [](float scale) { return scale > 0; });
  }

  void scale_channels(const Layer& layer, int bits) {
    network::ElementwiseOp op;
    op.input = multiplied_codes_of(layer.inputs[0]);
    const network::Edge input = edge(op.input);
    const MatrixOperands operands = matrix_operands(layer.op, input.shape);
    std::vector<double> scales;
    for (const double weight : operands.weights) scales.push_back(weight * input.scale);
    op.post = post_process(layer, input.shape, scales, operands.bias, choose_codes(layer, bits, scales.front()));
    result_.operations.push_back({layer.name, std::move(op)});
  }

  void matrix(const Layer& layer, std::size_t position) {
    const LayerWidths& widths = widths_.layers[position];
    network::MatrixOp op;
    op.input = multiplied_codes_of(layer.inputs[0]);
    const MatrixOperands operands = matrix_operands(layer.op, edge(op.input).shape);
    op.window = operands.window;
    op.groups = operands.groups;
    op.output_channels = operands.output_channels;
    const WeightRequest request{layer.name,
                                operands,
                                widths.weight_bits,
                                widths_.first_or_last[position],
                                edge(op.input),
                                statistics_[index(layer.inputs[0])].channel_means,
                                [&] { return moments(layer, position, op); }};
    LayerWeights fitted = quantise_weights_(request);
    if (options_.requantise == RequantiseForm::shift) fitted = snap_weights(std::move(fitted), request);
    op.weights = std::move(fitted.weights);
    std::vector<double> scales;
    for (const double scale : op.weights.scales) scales.push_back(scale * edge(op.input).scale);
    const Shape shape = network::output_shape(result_, {"", op});
    op.post = post_process(layer, shape, scales, fitted.bias,
                           choose_codes(layer, widths.activation_bits, scales.front()), zero_offsets(op));
    result_.operations.push_back({layer.name, std::move(op)});
  }

  std::vector<GroupMoments> moments(const Layer& layer, std::size_t position, const network::MatrixOp& op) {
    if (!run_) {
      std::vector<TensorId> targets;
      for (const Layer& other : layered_.layers) targets.push_back(other.sum);
      run_.emplace(graph_, normalisation_, calibration_, options_.calibration_images, targets);
    }
    std::optional<network::Skip> skip;
    if (layer.skip)
      skip = {skip_edge(*layer.skip), layer.skip->stride_y, layer.skip->stride_x, layer.skip->channel_offset, {}};
    const std::vector<GroupMoments> result = run_->moments(result_, op, layer.sum, skip ? &*skip : nullptr);
    for (std::size_t tensor = 0; tensor < forms_.size(); ++tensor)
      if (last_reader(static_cast<TensorId>(tensor)) < position)
        for (const EdgeId id : {forms_[tensor].codes, forms_[tensor].coded, forms_[tensor].stream})
          if (id >= 0) run_->forget(id);
    return result;
  }

  // The position of the last layer that reads the tensor; 0 where there is none.
  std::size_t last_reader(TensorId tensor) const {
    for (std::size_t i = layered_.layers.size(); i-- > 0;) {
      const Layer& layer = layered_.layers[i];
      if (std::count(layer.inputs.begin(), layer.inputs.end(), tensor) > 0) return i;
      if (layer.skip && layer.skip->source == tensor) return i;
    }
    return 0;
  }

  EdgeId skip_edge(const SkipView& skip) const {
    const Forms& forms = forms_[index(skip.source)];
    return options_.wide_skip && plan_.stream[index(skip.source)] ? forms.stream : forms.codes;
  }

  // What a matrix operation's accumulators lack because the real zero of its input is not the value 0.
  std::vector<std::int64_t> zero_offsets(const network::MatrixOp& op) const {
    const network::ActivationEncoding& encoding = edge(op.input).encoding;
    const int zero = network::value_of(encoding, encoding.pad_code);
    if (zero == 0) return {};
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(op.output_channels));
    const std::size_t per_channel = op.weights.values.size() / offsets.size();
    for (std::size_t i = 0; i < op.weights.values.size(); ++i)
      offsets[i / per_channel] -= std::int64_t{zero} * op.weights.values[i];
    return offsets;
  }

  static void check_average(const network::AveragePool& op) {
    const network::Window& window = op.window;
    if (!op.count_padding && window.pad_top + window.pad_left + window.pad_bottom + window.pad_right > 0)
      throw Error(
          "averages over a number of pixels that changes at the border (count_include_pad=0 "
          "with padding); a sum and one rescale cannot express that");
  }

  void pool(const Layer& layer, int bits, const network::Window& window, network::PoolKind kind, bool keeps_codes) {
    network::PoolOp op;
    op.input = codes_of(layer.inputs[0]);
    op.window = window;
    op.kind = kind;
    const network::Edge& input = edge(op.input);
    const double divisor = kind == network::PoolKind::sum ? double{1} * window.height * window.width : 1;
    const bool same_codes = keeps_codes && !layer.clip && !layer.prelu && !writes_coded(layer);
    const CodeChoice codes = same_codes ? CodeChoice{input.encoding, input.scale, input.scale}
                                        : choose_codes(layer, bits, input.scale / divisor);
    const Shape shape = network::output_shape(result_, {"", op});
    op.post = post_process(layer, shape, {input.scale / divisor}, {0.0}, codes);
    result_.operations.push_back({layer.name, std::move(op)});
  }

  void elementwise(const Layer& layer, int bits) {
    network::ElementwiseOp op;
    op.input = codes_of(layer.inputs[0]);
    const double scale = edge(op.input).scale;
    op.post = post_process(layer, edge(op.input).shape, {scale}, {0.0}, choose_codes(layer, bits, scale));
    result_.operations.push_back({layer.name, std::move(op)});
  }

  // The plain codes of a layer's result once more, in the scheme's activation coding.
  void recode(const Layer& layer, int bits) {
    network::ElementwiseOp op;
    op.input = codes_of(layer.output);
    const network::Edge source = edge(op.input);
    Layer step;
    step.output = layer.output;
    const std::vector<double> scale{source.scale};
    const std::vector<double> no_bias{0.0};
    PostProcessRequest request{step, scale, no_bias, choose_coded(layer, bits, source.scale)};
    request.form = options_.requantise;
    request.wants_codes = true;
    PostProcessPlan plan = plan_post_process(request);
    plan.post.codes->edge = forms_[index(layer.output)].coded =
        add_edge(source.name + ".coded", source.shape, plan.codes.encoding, plan.codes.unit);
    op.post = std::move(plan.post);
    result_.operations.push_back({layer.name + ".recode", std::move(op)});
  }

  void concatenate(const Layer& layer, int bits) {
    network::ConcatOp op;
    Shape shape;
    for (const TensorId input : layer.inputs) {
      op.inputs.push_back(codes_of(input));
      shape = {shape.channels + edge(op.inputs.back()).shape.channels, edge(op.inputs.back()).shape.height,
               edge(op.inputs.back()).shape.width};
    }
    const CodeChoice codes = choose_codes(layer, bits, edge(op.inputs.front()).scale);
    for (const EdgeId input : op.inputs)
      op.requantise.push_back(requantise_to(codes, edge(input).scale, options_.requantise));
    op.output = add_codes(layer, shape, codes);
    result_.operations.push_back({layer.name, std::move(op)});
  }

  void resample(const Layer& layer, const std::array<int, 3>& start, const std::array<int, 3>& step, int wanted_bits) {
    network::ResampleOp op;
    op.input = codes_of(layer.inputs[0]);
    op.start = start;
    op.step = step;
    const network::Edge input = edge(op.input);
    if (wanted_bits != 0 && wanted_bits != input.encoding.bits)
      throw Error(fmt::format("moves codes of {} bits and cannot make them {}; give the width to the layer before it",
                              input.encoding.bits, wanted_bits));
    const Shape& shape = graph_.tensors[index(layer.output)].shape;
    op.output = add_edge(tensor_name(layer.output), shape, input.encoding, input.scale);
    forms_[index(layer.output)].codes = op.output;
    result_.operations.push_back({layer.name, op});
  }

  // The layer's own operation writes its result in the scheme's activation coding.
  bool writes_coded(const Layer& layer) const {
    return plan_.coded[index(layer.output)] && !plan_.codes[index(layer.output)];
  }

  // The encoding of a layer's result by its calibrated range. `root`: of its accumulators.
  CodeChoice choose_codes(const Layer& layer, int bits, double root) const {
    const auto found = given_.find(layer.output);
    if (found != given_.end()) return found->second;
    if (writes_coded(layer)) return choose_coded(layer, bits, root);
    return choose_integers(statistics_[index(layer.output)].histogram,
                           is_coded(options_.activations, bits) ? plain_bits : bits, is_signed(layer), options_, root);
  }

  CodeChoice choose_coded(const Layer& layer, int bits, double root) const {
    return choose_activation(statistics_[index(layer.output)].histogram, bits, is_signed(layer), options_, root);
  }

  bool is_signed(const Layer& layer) const { return !plan_.non_negative[index(layer.output)]; }

  EdgeId add_codes(const Layer& layer, const Shape& shape, const CodeChoice& codes) {
    const EdgeId id = add_edge(tensor_name(layer.output), shape, codes.encoding, codes.unit);
    Forms& forms = forms_[index(layer.output)];
    (writes_coded(layer) ? forms.coded : forms.codes) = id;
    return id;
  }

  network::PostProcess post_process(const Layer& layer, Shape shape, const std::vector<double>& scales,
                                    const std::vector<double>& bias, CodeChoice codes,
                                    std::vector<std::int64_t> accumulator_offsets = {}) {
    PostProcessRequest request{layer, scales, bias, codes};
    request.form = options_.requantise;
    request.accumulator_offsets = std::move(accumulator_offsets);
    request.wants_codes = plan_.codes[index(layer.output)] || plan_.coded[index(layer.output)];
    request.wants_stream = plan_.stream[index(layer.output)];
    request.fixed_codes = given_.count(layer.output) != 0;
    request.fine_stream = !given_.empty();
    for (const TensorId tensor : {layer.anchor_output, layer.sum, layer.output})
      request.peak = std::max(request.peak, statistics_[index(tensor)].histogram.peak());
    if (layer.skip) {
      const std::size_t source = index(layer.skip->source);
      request.skip_edge = skip_edge(*layer.skip);
      request.skip_scale = edge(request.skip_edge).scale;
      request.peak = std::max(request.peak, statistics_[source].histogram.peak());
    }
    PostProcessPlan plan = plan_post_process(request);
    if (plan.post.codes) plan.post.codes->edge = add_codes(layer, shape, plan.codes);
    if (request.wants_stream)
      plan.post.stream = forms_[index(layer.output)].stream =
          add_edge(tensor_name(layer.output) + stream_suffix, shape, stream_encoding(), plan.stream_scale);
    return plan.post;
  }

  const Graph& graph_;
  const network::Normalisation& normalisation_;
  const network::Dataset& calibration_;
  const std::vector<TensorStatistics>& statistics_;
  const Options& options_;
  const WeightQuantiser& quantise_weights_;
  const std::map<TensorId, CodeChoice>& given_;
  LayeredGraph layered_;
  Widths widths_;
  InputEncoding input_;
  Plan plan_;
  std::vector<Forms> forms_;  // by TensorId
  QuantisedNetwork result_;
  std::optional<CalibrationRun> run_;  // once a scheme has asked for moments
};

}  // namespace

QuantisedNetwork lower(const Graph& graph, const network::Normalisation& normalisation,
                       const network::Dataset& calibration, const std::vector<TensorStatistics>& statistics,
                       const Options& options, const WeightQuantiser& quantise_weights,
                       const std::map<TensorId, CodeChoice>& given) {
  return Lowering(graph, normalisation, calibration, statistics, options, quantise_weights, given).run();
}

}  // namespace lutra::quantization
