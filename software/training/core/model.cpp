#include "software/training/core/model.h"

#include "software/training/core/normalise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace lutra::training {

namespace {

namespace F = torch::nn::functional;
using network::Node;
using torch::Tensor;

constexpr double batch_norm_momentum = 0.1;  // of the newest batch in the running statistics

Tensor tensor_of(const std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  return torch::tensor(values, torch::kFloat32).reshape(shape).clone();
}

std::vector<float> values_of(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous().view({-1});
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

bool has_weights(const Node& node) {
  return std::holds_alternative<network::Convolution>(node.op) || std::holds_alternative<network::Linear>(node.op);
}

Tensor initial_weights(const Node& node, const network::Graph& graph) {
  if (const auto* linear = std::get_if<network::Linear>(&node.op))
    return tensor_of(linear->weights, {linear->outputs, -1, 1, 1});
  const auto& convolution = std::get<network::Convolution>(node.op);
  const int channels = graph.tensors[static_cast<std::size_t>(node.inputs[0])].shape.channels / convolution.groups;
  return tensor_of(convolution.weights,
                   {convolution.output_channels, channels, convolution.window.height, convolution.window.width});
}

const std::vector<float>& bias_of(const Node& node) {
  if (const auto* linear = std::get_if<network::Linear>(&node.op)) return linear->bias;
  return std::get<network::Convolution>(node.op).bias;
}

Tensor pad_window(const Tensor& x, const network::Window& window, double value) {
  if (window.pad_top + window.pad_left + window.pad_bottom + window.pad_right == 0) return x;
  return torch::constant_pad_nd(x, {window.pad_left, window.pad_right, window.pad_top, window.pad_bottom}, value);
}

bool pads_evenly(const network::Window& window) {
  return window.pad_top == window.pad_bottom && window.pad_left == window.pad_right;
}

Tensor convolve(const network::Convolution& op, Tensor x, const Tensor& weights, const Tensor& bias) {
  const network::Window& window = op.window;
  const bool even = pads_evenly(window);
  if (!even) x = pad_window(x, window, 0);
  const std::int64_t pad_y = even ? window.pad_top : 0;
  const std::int64_t pad_x = even ? window.pad_left : 0;
  return torch::conv2d(x, weights.to(x.scalar_type()), bias.defined() ? bias.to(x.scalar_type()) : bias,
                       {window.stride_y, window.stride_x}, {pad_y, pad_x}, {window.dilation_y, window.dilation_x},
                       op.groups);
}

Tensor pool_maximum(const network::Window& window, const Tensor& x) {
  const Tensor padded = pad_window(x, window, -std::numeric_limits<double>::infinity());
  return torch::max_pool2d(padded, {window.height, window.width}, {window.stride_y, window.stride_x}, {0, 0},
                           {window.dilation_y, window.dilation_x});
}

Tensor pool_average(const network::AveragePool& op, const Tensor& x) {
  const network::Window& window = op.window;
  const bool is_global = window.height == x.size(2) && window.width == x.size(3) && pads_evenly(window) &&
                         window.pad_top == 0 && window.pad_left == 0;
  if (is_global) return x.to(torch::kFloat32).mean({2, 3}, /*keepdim=*/true);
  const std::vector<std::int64_t> size{window.height, window.width};
  const std::vector<std::int64_t> stride{window.stride_y, window.stride_x};
  if (pads_evenly(window))
    return torch::avg_pool2d(x, size, stride, {window.pad_top, window.pad_left}, false, op.count_padding);
  if (!op.count_padding) throw std::invalid_argument("an average over uneven padding that is not counted");
  return torch::avg_pool2d(pad_window(x, window, 0), size, stride);
}

Tensor take(const network::Slice& op, Tensor x) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (op.start[axis] == 0 && op.step[axis] == 1 && op.end[axis] >= x.size(static_cast<std::int64_t>(axis) + 1))
      continue;
    x = x.slice(static_cast<std::int64_t>(axis) + 1, op.start[axis], op.end[axis], op.step[axis]);
  }
  return x;
}

Tensor clip(const network::Clip& op, const Tensor& x) {
  if (op.low == 0 && std::isinf(op.high)) return torch::relu(x);
  return torch::clamp(x, op.low, op.high);
}

Tensor round_to_grid(const Tensor& x, double grid) { return grid == 0 ? x : torch::floor(x / grid + 0.5) * grid; }

std::vector<double> doubles_of(const Tensor& x) {
  const Tensor flat = x.contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

Tensor by_channel(const std::vector<double>& values, const Tensor& like) {
  return torch::tensor(values, torch::kFloat64).to(like.options()).reshape({1, -1, 1, 1});
}

Tensor leak(const Tensor& x, const Tensor& slope) { return torch::prelu(x, slope.to(x.scalar_type())); }

}  // namespace

ModelImpl::ModelImpl(network::Graph graph, const QuantisationPlan& plan, std::uint64_t seed)
    : graph_(std::move(graph)),
      plan_(plan),
      parameters_(graph_.nodes.size()),
      weight_quantisers_(graph_.nodes.size()),
      tensor_quantisers_(graph_.tensors.size()),
      last_reader_(graph_.tensors.size(), 0),
      scale_stays_positive_(graph_.nodes.size(), false) {
  flip_negative_scales();
  for (const auto& [name, spec] : plan_.weights) {
    const auto found = std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                                    [&](const Node& node) { return node.name == name && has_weights(node); });
    if (found == graph_.nodes.end())
      throw std::invalid_argument("cannot quantise '" + name + "': no convolution or linear node has this name");
  }
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    const std::string prefix = "n" + std::to_string(i) + "_";
    auto& own = parameters_[i];
    for (const network::TensorId input : node.inputs) last_reader_[static_cast<std::size_t>(input)] = i;
    const auto add = [&](const char* name, const Tensor& value) {
      own[name] = register_parameter(prefix + name, value);
    };
    const auto keep = [&](const char* name, const Tensor& value) { own[name] = register_buffer(prefix + name, value); };
    if (has_weights(node)) {
      const Tensor initial = initial_weights(node, graph_);
      const auto spec = plan_.weights.find(node.name);
      if (spec != plan_.weights.end() && spec->second.scheme != "float") {
        weight_quantisers_[i] = make_weight_quantiser(spec->second, initial, seed + i);
        register_module(prefix + "weights", weight_quantisers_[i]);
      } else {
        add("weights", initial);
      }
      if (!bias_of(node).empty()) add("bias", tensor_of(bias_of(node), {-1}));
    } else if (const auto* norm = std::get_if<network::BatchNormalization>(&node.op)) {
      add("scale", tensor_of(norm->scale, {-1}));
      add("bias", tensor_of(norm->bias, {-1}));
      keep("mean", tensor_of(norm->mean, {-1}));
      keep("variance", tensor_of(norm->variance, {-1}));
      const auto codes = plan_.tensors.find(node.output);
      if (codes != plan_.tensors.end() && codes->second.coding == "ternary" &&
          std::all_of(norm->scale.begin(), norm->scale.end(), [](float scale) { return scale > 0; }))
        scale_stays_positive_[i] = true;
    } else if (const auto* prelu = std::get_if<network::PRelu>(&node.op)) {
      if (std::any_of(prelu->slope.begin(), prelu->slope.end(), [](float slope) { return slope < 0; }))
        throw std::invalid_argument("PReLU node '" + node.name +
                                    "' has a negative slope, which has no integer form; train it without");
      add("slope", tensor_of(prelu->slope, {-1}));
    }
  }
  for (const auto& [tensor, spec] : plan_.tensors) {
    const auto index = static_cast<std::size_t>(tensor);
    tensor_quantisers_.at(index) = make_activation_quantiser(spec);
    register_module("t" + std::to_string(index), tensor_quantisers_[index]);
  }
  last_reader_.at(static_cast<std::size_t>(graph_.output)) = graph_.nodes.size();
  fuse();
}

void ModelImpl::fuse() {
  absorbed_.assign(graph_.nodes.size(), false);
  std::vector<int> readers(graph_.tensors.size());
  std::vector<std::size_t> writer(graph_.tensors.size(), graph_.nodes.size());
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    for (const network::TensorId input : graph_.nodes[i].inputs) ++readers[static_cast<std::size_t>(input)];
    writer[static_cast<std::size_t>(graph_.nodes[i].output)] = i;
  }
  // The node that alone reads `tensor`'s only form, where it is of kind T.
  const auto maker = [&](network::TensorId tensor) {
    const auto index = static_cast<std::size_t>(tensor);
    return readers[index] == 1 && !tensor_quantisers_[index] && tensor != graph_.output ? writer[index]
                                                                                        : graph_.nodes.size();
  };
  const auto is_norm = [&](std::size_t node) {
    return node < graph_.nodes.size() && std::holds_alternative<network::BatchNormalization>(graph_.nodes[node].op);
  };
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const auto* limits = std::get_if<network::Clip>(&graph_.nodes[i].op);
    const bool is_relu = limits != nullptr && limits->low == 0 && std::isinf(limits->high);
    if (!is_relu && !std::holds_alternative<network::PRelu>(graph_.nodes[i].op)) continue;
    const std::size_t before = maker(graph_.nodes[i].inputs[0]);
    if (is_norm(before)) {
      fused_[i] = {before, std::nullopt};
      absorbed_[before] = true;
    } else if (before < graph_.nodes.size() && std::holds_alternative<network::Add>(graph_.nodes[before].op)) {
      for (std::size_t k = 0; k < 2 && !absorbed_[before]; ++k) {
        const std::size_t norm = maker(graph_.nodes[before].inputs[k]);
        if (!is_norm(norm)) continue;
        fused_[i] = {norm, std::pair{before, 1 - k}};
        absorbed_[norm] = absorbed_[before] = true;
      }
    }
  }
  for (const auto& [activation, fusion] : fused_) {  // what they read lives until the activation
    for (const std::size_t node : {fusion.norm, fusion.skip ? fusion.skip->first : fusion.norm})
      for (const network::TensorId input : graph_.nodes[node].inputs)
        last_reader_[static_cast<std::size_t>(input)] =
            std::max(last_reader_[static_cast<std::size_t>(input)], activation);
  }
}

void ModelImpl::flip_negative_scales() {
  for (Node& node : graph_.nodes) {
    auto* norm = std::get_if<network::BatchNormalization>(&node.op);
    if (norm == nullptr) continue;
    const auto producer = std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                                       [&](const Node& other) { return other.output == node.inputs[0]; });
    if (producer == graph_.nodes.end() || !has_weights(*producer)) continue;
    const auto readers = std::count_if(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& other) {
      return std::count(other.inputs.begin(), other.inputs.end(), producer->output) > 0;
    });
    if (readers != 1) continue;
    scale_stays_positive_[static_cast<std::size_t>(&node - graph_.nodes.data())] = true;
    auto* convolution = std::get_if<network::Convolution>(&producer->op);
    auto* linear = std::get_if<network::Linear>(&producer->op);
    std::vector<float>& weights = convolution ? convolution->weights : linear->weights;
    std::vector<float>& bias = convolution ? convolution->bias : linear->bias;
    const std::size_t per_channel = weights.size() / norm->scale.size();
    for (std::size_t channel = 0; channel < norm->scale.size(); ++channel) {
      if (norm->scale[channel] >= 0) continue;
      norm->scale[channel] = -norm->scale[channel];
      norm->mean[channel] = -norm->mean[channel];
      for (std::size_t k = 0; k < per_channel; ++k) weights[channel * per_channel + k] *= -1;
      if (!bias.empty()) bias[channel] *= -1;
    }
  }
}

Tensor ModelImpl::compute(std::size_t i, const std::vector<Tensor>& inputs) {
  const Node& node = graph_.nodes[i];
  auto& own = parameters_[i];
  const Tensor& x = inputs[0];
  const auto weights = [&] { return weight_quantisers_[i] ? weight_quantisers_[i]->values() : own.at("weights"); };
  const Tensor bias = own.count("bias") != 0 ? own.at("bias") : Tensor();
  if (const auto* convolution = std::get_if<network::Convolution>(&node.op))
    return convolve(*convolution, x, weights(), bias);
  if (std::holds_alternative<network::Linear>(node.op))
    return torch::linear(x.to(torch::kFloat32).flatten(1), weights().flatten(1), bias).unsqueeze(-1).unsqueeze(-1);
  if (std::holds_alternative<network::BatchNormalization>(node.op))
    return normalise(i, x, Tensor(), torch::ones_like(own.at("mean")));
  if (const auto* limits = std::get_if<network::Clip>(&node.op)) return clip(*limits, x);
  if (std::holds_alternative<network::PRelu>(node.op)) return leak(x, own.at("slope"));
  if (std::holds_alternative<network::Add>(node.op)) return x + inputs[1];
  if (const auto* maximum = std::get_if<network::MaxPool>(&node.op)) return pool_maximum(maximum->window, x);
  if (const auto* average = std::get_if<network::AveragePool>(&node.op)) return pool_average(*average, x);
  if (const auto* slice = std::get_if<network::Slice>(&node.op)) return take(*slice, x);
  if (const auto* pad = std::get_if<network::Pad>(&node.op))
    return torch::constant_pad_nd(
        x, {pad->before[2], pad->after[2], pad->before[1], pad->after[1], pad->before[0], pad->after[0]}, 0);
  if (std::holds_alternative<network::Concat>(node.op)) return torch::cat(inputs, 1);
  if (std::holds_alternative<network::Flatten>(node.op)) return x.flatten(1).unsqueeze(-1).unsqueeze(-1);
  return x;  // a final softmax: the loss is taken from what it is given
}

// Per channel: learned, or that of a ReLU.
Tensor ModelImpl::slope_of(std::size_t activation) {
  const Node& node = graph_.nodes[activation];
  const int channels = graph_.tensors[static_cast<std::size_t>(node.output)].shape.channels;
  auto& own = parameters_[activation];
  if (own.count("slope") != 0) return own.at("slope").expand({channels});
  return torch::zeros({channels}, parameters_[fused_.at(activation).norm].at("mean").options());
}

Tensor ModelImpl::normalise(std::size_t norm, const Tensor& x, const Tensor& skip, const Tensor& slope) {
  auto& own = parameters_[norm];
  RunningStatistics statistics{
      own.at("mean"), own.at("variance"), batch_norm_momentum,
      static_cast<double>(std::get<network::BatchNormalization>(graph_.nodes[norm].op).epsilon)};
  return normalise_leak(x, own.at("scale"), own.at("bias"), skip, slope, statistics, is_training());
}

void ModelImpl::rescale_as(const std::map<network::TensorId, quantization::Rescaling>& rescalings) {
  node_rescalings_.clear();
  code_gains_.assign(graph_.tensors.size(), 1.0);
  for (const auto& [tensor, rescaling] : rescalings) {
    code_gains_.at(static_cast<std::size_t>(tensor)) = rescaling.code_gain;
    rescale_operation(tensor, rescaling, rescalings);
  }
}

std::optional<std::size_t> ModelImpl::maker_of(network::TensorId tensor) const {
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (graph_.nodes[i].output != tensor) continue;
    if (std::holds_alternative<network::Flatten>(graph_.nodes[i].op)) return maker_of(graph_.nodes[i].inputs[0]);
    return i;
  }
  return std::nullopt;
}

void ModelImpl::rescale_operation(network::TensorId tensor, const quantization::Rescaling& rescaling,
                                  const std::map<network::TensorId, quantization::Rescaling>& rescalings) {
  // The node in front of another one that the lowering may have put into the same operation.
  const auto joined = [&](network::TensorId input) -> std::optional<std::size_t> {
    if (rescalings.count(input) != 0) return std::nullopt;
    const std::optional<std::size_t> node = maker_of(input);
    if (!node || rescalings.count(graph_.nodes[*node].output) != 0) return std::nullopt;
    const network::Operator& op = graph_.nodes[*node].op;
    const bool moves = std::holds_alternative<network::Slice>(op) || std::holds_alternative<network::Pad>(op) ||
                       std::holds_alternative<network::Concat>(op);
    return moves ? std::nullopt : node;
  };
  const auto is_norm = [&](std::size_t node) {
    return std::holds_alternative<network::BatchNormalization>(graph_.nodes[node].op);
  };
  std::optional<std::size_t> next = maker_of(tensor);
  while (next) {
    const std::size_t node = *next;
    const Node& own = graph_.nodes[node];
    NodeRescaling& here = node_rescalings_[node];
    here.grid = rescaling.grid;
    if (std::holds_alternative<network::Add>(own.op)) {
      const auto multiplies = [&](std::size_t operand) {
        const auto before = joined(own.inputs[operand]);
        return before && (has_weights(graph_.nodes[*before]) || is_norm(*before));
      };
      const auto is_view = [&](std::size_t operand) {
        const auto before = maker_of(own.inputs[operand]);
        return before && (std::holds_alternative<network::Slice>(graph_.nodes[*before].op) ||
                          std::holds_alternative<network::Pad>(graph_.nodes[*before].op));
      };
      here.anchor = !multiplies(0) && (multiplies(1) || (is_view(0) && !is_view(1))) ? 1 : 0;
      here.skip_gain = rescaling.skip_gain;
      next = multiplies(here.anchor) ? joined(own.inputs[here.anchor]) : std::nullopt;
      if (!next) here.input_gains = rescaling.gains;
    } else if (std::holds_alternative<network::PRelu>(own.op) || std::holds_alternative<network::Clip>(own.op)) {
      if (std::holds_alternative<network::PRelu>(own.op)) here.slopes = rescaling.slopes;
      next = joined(own.inputs[0]);
      if (!next) here.input_gains = rescaling.gains;
    } else if (is_norm(node)) {
      // Down to the first of a chain, whose factors lowering multiplied.
      Tensor factors = norm_factors(node);
      std::size_t first = node;
      next = joined(own.inputs[0]);
      while (next && is_norm(*next)) {
        first = *next;
        factors = factors * norm_factors(first);
        next = joined(graph_.nodes[first].inputs[0]);
      }
      if (next && has_weights(graph_.nodes[*next])) {
        node_rescalings_[*next].gains = rescaling.gains;
        return;
      }
      const Tensor gains = torch::tensor(rescaling.gains, torch::kFloat64);
      node_rescalings_[first].input_gains = doubles_of(rescaling.scales_input ? gains / factors : gains);
      return;
    } else {
      here.gains = rescaling.gains;
      return;
    }
  }
}

// Per channel: what the values in front of a batch normalisation are multiplied by.
Tensor ModelImpl::norm_factors(std::size_t norm) {
  auto& own = parameters_[norm];
  const double epsilon = std::get<network::BatchNormalization>(graph_.nodes[norm].op).epsilon;
  const auto wide = [](const Tensor& x) { return x.detach().to(torch::kCPU, torch::kFloat64); };
  return wide(own.at("scale")) / torch::sqrt(wide(own.at("variance")) + epsilon);
}

Tensor ModelImpl::rescaled(std::size_t i, std::vector<Tensor> inputs) {
  const auto found = node_rescalings_.find(i);
  if (is_training() || found == node_rescalings_.end()) return compute(i, inputs);
  const NodeRescaling& own = found->second;
  const network::Operator& op = graph_.nodes[i].op;
  Tensor& x = inputs[own.anchor];
  if (!own.input_gains.empty()) x = x * by_channel(own.input_gains, x);
  if (std::holds_alternative<network::Add>(op))
    return round_to_grid(x, own.grid) + round_to_grid(inputs[1 - own.anchor] * own.skip_gain, own.grid);
  const bool is_prelu = std::holds_alternative<network::PRelu>(op);
  if (is_prelu || std::holds_alternative<network::Clip>(op)) {
    if (!own.input_gains.empty()) x = round_to_grid(x, own.grid);
    if (!is_prelu || own.slopes.empty()) return compute(i, inputs);
    return round_to_grid(torch::where(x < 0, x * by_channel(own.slopes, x), x), own.grid);
  }
  Tensor result = compute(i, inputs);
  if (!own.gains.empty()) {
    const Tensor gain = by_channel(own.gains, result);
    const auto bias = parameters_[i].find("bias");
    result = result * gain;
    if (bias != parameters_[i].end()) result = result + bias->second.reshape({1, -1, 1, 1}) * (1 - gain);
  }
  return round_to_grid(result, own.grid);
}

Tensor ModelImpl::forward(const Tensor& images) {
  std::vector<Tensor> raw(graph_.tensors.size());
  std::vector<Tensor> coded(graph_.tensors.size());
  const bool is_fused = is_training() || code_gains_.empty();
  const auto put = [&](network::TensorId tensor, const Tensor& value) {
    const auto index = static_cast<std::size_t>(tensor);
    raw[index] = value;
    const Tensor seen = is_fused || code_gains_[index] == 1 ? value : value * code_gains_[index];
    coded[index] = tensor_quantisers_[index] ? tensor_quantisers_[index]->forward(seen) : value;
  };
  put(graph_.input, images);
  const auto read = [&](std::size_t node, std::size_t input) {
    const auto index = static_cast<std::size_t>(graph_.nodes[node].inputs[input]);
    return plan_.streams.count({node, input}) != 0 ? raw[index] : coded[index];
  };
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (is_fused && absorbed_[i]) continue;
    const Node& node = graph_.nodes[i];
    const auto fusion = fused_.find(i);
    if (is_fused && fusion != fused_.end()) {
      const auto& [norm, skip] = fusion->second;
      put(node.output, normalise(norm, read(norm, 0), skip ? read(skip->first, skip->second) : Tensor(), slope_of(i)));
    } else {
      std::vector<Tensor> inputs;
      for (std::size_t k = 0; k < node.inputs.size(); ++k) inputs.push_back(read(i, k));
      put(node.output, rescaled(i, inputs));
    }
    for (std::size_t tensor = 0; tensor < raw.size(); ++tensor)
      if (last_reader_[tensor] == i) raw[tensor] = coded[tensor] = Tensor();
  }
  return raw[static_cast<std::size_t>(graph_.output)].to(torch::kFloat32).flatten(1);
}

void ModelImpl::constrain() {
  const torch::NoGradGuard no_gradient;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (weight_quantisers_[i]) weight_quantisers_[i]->constrain();
    auto& own = parameters_[i];
    constexpr double least_scale = 1e-4;
    if (scale_stays_positive_[i]) own.at("scale").clamp_min_(least_scale);
    constexpr double least_slope = 0x1p-10;  // below it the gradient is lost
    if (own.count("slope") != 0) own.at("slope").clamp_min_(least_slope);
  }
  for (const auto& quantiser : tensor_quantisers_)
    if (quantiser) quantiser->constrain();
}

network::Graph ModelImpl::trained_graph() { return graph_with(&WeightQuantiser::values); }

network::Graph ModelImpl::latent_graph() { return graph_with(&WeightQuantiser::latent); }

network::Graph ModelImpl::graph_with(torch::Tensor (WeightQuantiser::*weights_of)()) {
  const torch::NoGradGuard no_gradient;
  const bool was_training = is_training();
  eval();
  network::Graph graph = graph_;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    auto& own = parameters_[i];
    Node& node = graph.nodes[i];
    if (has_weights(node)) {
      const auto weights =
          values_of(weight_quantisers_[i] ? ((*weight_quantisers_[i]).*weights_of)() : own.at("weights"));
      const auto bias = own.count("bias") != 0 ? values_of(own.at("bias")) : std::vector<float>();
      if (auto* linear = std::get_if<network::Linear>(&node.op)) {
        linear->weights = weights;
        linear->bias = bias;
      } else {
        std::get<network::Convolution>(node.op).weights = weights;
        std::get<network::Convolution>(node.op).bias = bias;
      }
    } else if (auto* norm = std::get_if<network::BatchNormalization>(&node.op)) {
      norm->scale = values_of(own.at("scale"));
      norm->bias = values_of(own.at("bias"));
      norm->mean = values_of(own.at("mean"));
      norm->variance = values_of(own.at("variance"));
    } else if (auto* prelu = std::get_if<network::PRelu>(&node.op)) {
      prelu->slope = values_of(own.at("slope"));
    }
  }
  train(was_training);
  return graph;
}

std::map<std::string, network::Weights> ModelImpl::weight_codes() {
  const torch::NoGradGuard no_gradient;
  std::map<std::string, network::Weights> codes;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
    if (weight_quantisers_[i]) codes[graph_.nodes[i].name] = weight_quantisers_[i]->codes();
  return codes;
}

std::map<network::TensorId, ActivationCodes> ModelImpl::activation_codes() {
  const torch::NoGradGuard no_gradient;
  std::map<network::TensorId, ActivationCodes> codes;
  for (std::size_t i = 0; i < tensor_quantisers_.size(); ++i)
    if (tensor_quantisers_[i]) codes[static_cast<network::TensorId>(i)] = tensor_quantisers_[i]->codes();
  return codes;
}

}  // namespace lutra::training
