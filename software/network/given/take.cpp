#include "software/network/given/take.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "software/common/overload.h"
#include "software/network/given/finish.h"
#include "software/network/given/weights.h"

namespace lutra::network::given {

namespace {

bool is_padded(const Window& window) {
  return window.pad_top > 0 || window.pad_left > 0 || window.pad_bottom > 0 || window.pad_right > 0;
}

class Taker {
 public:
  Taker(const Graph& graph, const Normalisation& normalisation, Inexact inexact)
      : graph_(graph), finisher_(normalisation, inexact) {}

  Taken run() {
    values_.emplace(graph_.input, Pixels{});
    TensorId output = graph_.output;
    for (const Node& node : graph_.nodes) {
      node_ = &node;
      place_ = fmt::format("{} node \"{}\"", operator_name(node.op), node.name);
      if (std::holds_alternative<Softmax>(node.op)) {
        expect_last();
        output = node.inputs[0];
        break;
      }
      values_.insert_or_assign(node.output, std::visit([&](const auto& op) { return take(op); }, node.op));
    }
    place_ = "the network's output";
    const Value& last = values_.at(output);
    if (const auto* sums = std::get_if<Sums>(&last)) {
      const Codes logits = finisher_.finish_logits(*sums, name_of(output), place_);
      hold(output, logits);
      finisher_.network().output = logits.edge;
    } else {
      finisher_.network().output = codes_of(output).edge;
    }
    QuantisedNetwork& network = finisher_.network();
    network.name = graph_.name;
    network.scheme = "given";
    if (network.input.edge < 0) refuse(place_, "does not depend on codes");
    validate(network);
    return {std::move(network), finisher_.differences(), std::move(held_)};
  }

 private:
  const Shape& shape_of(TensorId tensor) const { return graph_.tensors[static_cast<std::size_t>(tensor)].shape; }
  const std::string& name_of(TensorId tensor) const { return graph_.tensors[static_cast<std::size_t>(tensor)].name; }
  const Value& input(std::size_t index = 0) const { return values_.at(node_->inputs[index]); }
  const Shape& output_shape() const { return shape_of(node_->output); }
  void hold(TensorId tensor, const Codes& codes) { held_.push_back({tensor, codes.edge, codes.scale, codes.zero}); }

  // Of what comes behind a Softmax nothing may compute.
  void expect_last() const {
    bool behind = false;
    for (const Node& node : graph_.nodes) {
      if (&node == node_) behind = true;
      const bool is_silent = std::holds_alternative<Softmax>(node.op) || std::holds_alternative<Quantise>(node.op) ||
                             std::holds_alternative<Flatten>(node.op);
      if (behind && !is_silent) refuse(place_, "is not the last node; only a final Softmax can be dropped");
    }
    const Shape& shape = shape_of(node_->inputs[0]);
    if (shape.height * shape.width != 1)
      refuse(place_, "yields {} pixels; only that of one vector can be dropped", shape.height * shape.width);
  }

  // A tensor as codes that operations can read.
  Codes codes_of(TensorId tensor) {
    Value& value = values_.at(tensor);
    if (auto* pixels = std::get_if<Pixels>(&value)) {
      const Codes codes = finisher_.take_pixels(*pixels, shape_of(tensor), name_of(tensor), place_);
      hold(tensor, codes);
      value = codes;
    } else if (auto* parts = std::get_if<Parts>(&value)) {
      value = join(*parts, tensor);
    } else if (std::holds_alternative<Sums>(value)) {
      refuse(place_, "reads \"{}\", which the file does not quantise; put a quantiser behind {}", name_of(tensor),
             std::get<Sums>(value).name);
    }
    return std::get<Codes>(value);
  }

  Codes join(const Parts& parts, TensorId tensor) {
    const Codes& first = parts.inputs.front();
    Quantise same;
    same.scale = first.scale;
    same.zero = first.zero;
    same.low = first.low;
    same.high = first.high;
    for (const Codes& part : parts.inputs) {
      if (part.scale != first.scale || part.zero != first.zero)
        refuse(place_, "reads \"{}\", whose parts have different scales; put a quantiser behind {}", name_of(tensor),
               parts.name);
      same.low = std::min(same.low, part.low);
      same.high = std::max(same.high, part.high);
    }
    same.rounding = Rounding::half_away;
    const Codes codes = finisher_.finish(parts, same, name_of(tensor), place_);
    hold(tensor, codes);
    return codes;
  }

  Sums sums_of(const Codes& codes) const {
    Sums sums;
    sums.name = node_->name;
    sums.body = std::make_shared<Body>(ElementwiseOp{codes.edge, {}});
    sums.shape = finisher_.shape(codes);
    sums.low = {codes.low};
    sums.high = {codes.high};
    sums.stages = {Affine{.centre = {codes.zero}, .factor = {codes.scale}}};
    sums.flattened = codes.flattened;
    return sums;
  }

  Value with_stage(Stage stage) {
    if (const auto* pixels = std::get_if<Pixels>(&input())) {
      Pixels result = *pixels;
      expect_room(result.stages.size());
      result.stages.push_back(std::move(stage));
      return result;
    }
    const auto* found = std::get_if<Sums>(&input());
    Sums sums = found ? *found : sums_of(codes_of(node_->inputs[0]));
    if (sums.flattened && sums.shape.height * sums.shape.width != 1 && !is_uniform(stage))
      refuse(place_, "has a value for each element of a flattened image; put it in front of the flattening");
    expect_room(sums.last_stages().size());
    sums.last_stages().push_back(std::move(stage));
    return sums;
  }

  void expect_room(std::size_t steps) const {
    constexpr std::size_t most = 16;
    if (steps >= most) refuse(place_, "is one of more than {} steps without a quantiser between", most);
  }

  static bool is_uniform(const Stage& stage) {
    if (const auto* affine = std::get_if<Affine>(&stage))
      return std::max({affine->centre.size(), affine->factor.size(), affine->offset.size()}) == 1;
    const auto* prelu = std::get_if<PRelu>(&stage);
    return prelu == nullptr || prelu->slope.size() == 1;
  }

  // The layer's sums of codes and what they stand for.
  template <typename Layer>
  Value take_layer(const Layer& layer, const Window& window, int groups, int outputs) {
    if (!layer.given)
      refuse(place_, "its weights are real numbers in a file that comes quantised; quantise them in the file");
    const Codes codes = codes_of(node_->inputs[0]);
    if (is_padded(window) && !codes.has_zero())
      refuse(place_, "pads codes of {}..{} with the zero point {}, which none of them is", codes.low, codes.high,
             codes.zero);
    const Shape& in = finisher_.shape(codes);
    Sums sums;
    sums.name = node_->name;
    MatrixOp op{codes.edge, window, groups, outputs, take_weights(*layer.given, place_), {}};
    const std::vector<std::int16_t>& values = op.weights.values;
    const std::size_t per_channel = values.size() / static_cast<std::size_t>(outputs);
    Affine affine{{}, 1, {}, {}};
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(outputs); ++channel) {
      std::int64_t low = 0, high = 0, sum = 0;
      for (std::size_t i = channel * per_channel; i < (channel + 1) * per_channel; ++i) {
        const std::int64_t weight = values[i];
        sum += weight;
        low += weight * (weight > 0 ? codes.low : codes.high);
        high += weight * (weight > 0 ? codes.high : codes.low);
      }
      sums.low.push_back(low);
      sums.high.push_back(high);
      affine.centre.push_back(codes.zero * static_cast<double>(sum));
      affine.factor.push_back(codes.scale * layer.given->scales[channel]);
      affine.offset.push_back(layer.given->bias.empty() ? 0 : layer.given->bias[channel]);
    }
    sums.body = std::make_shared<Body>(std::move(op));
    sums.shape = {outputs, window.output_height(in.height), window.output_width(in.width)};
    sums.stages = {std::move(affine)};
    return sums;
  }

  Value take(const Convolution& op) { return take_layer(op, op.window, op.groups, op.output_channels); }

  Value take(const Linear& op) {
    const Shape& in = finisher_.shape(codes_of(node_->inputs[0]));
    Window window;
    window.height = in.height;
    window.width = in.width;
    return take_layer(op, window, 1, op.outputs);
  }

  Value take(const BatchNormalization& op) {
    Affine affine{{}, 1, {}, {}};
    for (std::size_t channel = 0; channel < op.scale.size(); ++channel) {
      const double deviation = std::sqrt(static_cast<double>(op.variance[channel]) + static_cast<double>(op.epsilon));
      affine.centre.push_back(static_cast<double>(op.mean[channel]));
      affine.factor.push_back(static_cast<double>(op.scale[channel]) / deviation);
      affine.offset.push_back(static_cast<double>(op.bias[channel]));
    }
    for (std::vector<double>* values : {&affine.centre, &affine.factor, &affine.offset})
      if (std::ranges::all_of(*values, [&](double value) { return value == values->front(); })) values->resize(1);
    return with_stage(std::move(affine));
  }

  Value take(const Clip& op) { return with_stage(op); }

  Value take(const PRelu& op) {
    for (const float slope : op.slope)
      if (slope < 0) refuse(place_, "has the negative slope {}; only slopes from 0 can be taken", slope);
    return with_stage(op);
  }

  Value take(const Add&) {
    const auto* left = std::get_if<Sums>(&input(0));
    const auto* right = std::get_if<Sums>(&input(1));
    if (left && right)
      refuse(place_, "adds two results that are not quantised (of {} and {}); quantise one of them in the file",
             left->name, right->name);
    const std::size_t other = right ? 0 : 1;
    const Sums* first = right ? right : left;
    Sums sums = first ? *first : sums_of(codes_of(node_->inputs[0]));
    if (sums.skip || !sums.pools.empty())
      refuse(place_, "adds a third tensor, or one behind a maximum pool, without a quantiser between");
    sums.name = node_->name;
    sums.skip = codes_of(node_->inputs[other]);
    if (finisher_.shape(*sums.skip) != sums.shape) refuse(place_, "adds tensors of different shapes");
    return sums;
  }

  Value take(const MaxPool& op) {
    if (const auto* found = std::get_if<Sums>(&input())) {
      // The maximum of what is quantised is what is quantised of the maximum: both never fall.
      Sums sums = *found;
      expect_room(sums.pools.size());
      sums.pools.push_back(op.window);
      return sums;
    }
    const Codes codes = finisher_.pool_maximum(codes_of(node_->inputs[0]), op.window, node_->name);
    hold(node_->output, codes);
    return codes;
  }

  Value take(const AveragePool& op) {
    const Codes codes = codes_of(node_->inputs[0]);
    if (is_padded(op.window) && (!op.count_padding || codes.zero != 0))
      refuse(place_, "averages over padding {}; only padding that is counted, of codes with zero point 0, can be taken",
             op.count_padding ? fmt::format("of codes with the zero point {}", codes.zero) : "that is not counted");
    const std::int64_t count = std::int64_t{op.window.height} * op.window.width;
    Sums sums = sums_of(codes);
    sums.body = std::make_shared<Body>(PoolOp{codes.edge, op.window, PoolKind::sum, {}});
    sums.shape = output_shape();
    sums.low = {std::min<std::int64_t>(count * codes.low, is_padded(op.window) ? 0 : count * codes.low)};
    sums.high = {std::max<std::int64_t>(count * codes.high, is_padded(op.window) ? 0 : count * codes.high)};
    sums.stages = {Affine{.centre = {static_cast<double>(count) * codes.zero},
                          .divisor = static_cast<double>(count),
                          .factor = {codes.scale}}};
    return sums;
  }

  Value take(const Slice& op) {
    const Codes codes = finisher_.resample(image(), output_shape(), op.start, op.step, node_->name, place_);
    hold(node_->output, codes);
    return codes;
  }

  Value take(const Pad& op) {
    const Codes from = image();
    if (!from.has_zero())
      refuse(place_, "pads codes of {}..{} with the zero point {}, which none of them is", from.low, from.high,
             from.zero);
    const std::array<int, 3> start{-op.before[0], -op.before[1], -op.before[2]};
    const Codes codes = finisher_.resample(from, output_shape(), start, {1, 1, 1}, node_->name, place_);
    hold(node_->output, codes);
    return codes;
  }

  Codes image() {
    const Codes codes = codes_of(node_->inputs[0]);
    const Shape& shape = finisher_.shape(codes);
    if (codes.flattened && shape.height * shape.width != 1) refuse(place_, "takes a part of a flattened image");
    return codes;
  }

  Value take(const Concat&) {
    Parts parts;
    parts.name = node_->name;
    for (const TensorId tensor : node_->inputs) {
      parts.inputs.push_back(codes_of(tensor));
      const Shape& shape = finisher_.shape(parts.inputs.back());
      if (parts.inputs.back().flattened && shape.height * shape.width != 1) refuse(place_, "joins flattened images");
    }
    return parts;
  }

  Value take(const Flatten&) {
    Value value = input();
    if (std::holds_alternative<Pixels>(value) || std::holds_alternative<Parts>(value))
      value = codes_of(node_->inputs[0]);
    std::visit(
        Overload{[](Codes& codes) { codes.flattened = true; }, [](Sums& sums) { sums.flattened = true; }, [](auto&) {}},
        value);
    return value;
  }

  Value take(const Softmax&) { refuse(place_, "has no integers"); }

  Value take(const Quantise& op) {
    std::vector<std::pair<Quantise, Codes>>& known = quantised_[node_->inputs[0]];
    for (const auto& [quantise, codes] : known)
      if (quantise == op) return codes;
    const Value& from = input();
    const std::string& name = name_of(node_->output);
    Codes codes;
    if (const auto* pixels = std::get_if<Pixels>(&from)) {
      codes = finisher_.finish(*pixels, shape_of(node_->inputs[0]), op, name, place_);
    } else if (const auto* sums = std::get_if<Sums>(&from)) {
      codes = finisher_.finish(*sums, op, name, place_);
    } else if (const auto* parts = std::get_if<Parts>(&from)) {
      codes = finisher_.finish(*parts, op, name, place_);
    } else {
      const Codes& same = std::get<Codes>(from);
      const bool is_kept = same.scale == op.scale && same.zero == op.zero && same.low >= op.low &&
                           same.high <= op.high && !op.cut && same.zero == std::floor(same.zero);
      codes = is_kept ? same : finisher_.finish(sums_of(same), op, name, place_);
    }
    hold(node_->output, codes);
    known.push_back({op, codes});
    return codes;
  }

  const Graph& graph_;
  Finisher finisher_;
  std::map<TensorId, Value> values_;
  std::map<TensorId, std::vector<std::pair<Quantise, Codes>>> quantised_;  // by what they quantise
  std::vector<Held> held_;
  const Node* node_ = nullptr;
  std::string place_;
};

}  // namespace

Taken take(const Graph& graph, const Normalisation& normalisation, Inexact inexact) {
  return Taker(graph, normalisation, inexact).run();
}

}  // namespace lutra::network::given
