#include <algorithm>
#include <cmath>
#include <map>

#include "software/network/float/quantise.h"
#include "software/network/onnx/given/grid.h"
#include "software/network/onnx/onnx_operators.h"

// The operators of QONNX: values on a grid of integers, which the tensors never hold themselves.

namespace lutra::network::importer {

namespace {

constexpr int most_bits = 24;

Rounding read_rounding(const OnnxNode& node, const char* otherwise) {
  static const std::map<std::string, Rounding> modes{{"ROUND", Rounding::half_even},
                                                     {"HALF_EVEN", Rounding::half_even},
                                                     {"HALF_UP", Rounding::half_away},
                                                     {"HALF_DOWN", Rounding::half_to_zero},
                                                     {"FLOOR", Rounding::floor},
                                                     {"CEIL", Rounding::ceiling},
                                                     {"UP", Rounding::away},
                                                     {"DOWN", Rounding::to_zero},
                                                     {"ROUND_TO_ZERO", Rounding::to_zero}};
  std::string mode = node.text("rounding_mode", otherwise);
  std::ranges::transform(mode, mode.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto found = modes.find(mode);
  if (found == modes.end())
    node.refuse(
        "rounding_mode \"{}\" is unknown; ROUND, HALF_EVEN, HALF_UP, HALF_DOWN, FLOOR, CEIL, UP, DOWN and "
        "ROUND_TO_ZERO are supported",
        printable(mode));
  return found->second;
}

double only_real(GraphBuilder& builder, const OnnxNode& node, int index, const char* what) {
  const std::vector<float>& values = builder.reals(node, index);
  if (values.size() != 1) node.refuse("its {} has {} values instead of one", what, values.size());
  if (!std::isfinite(values.front())) node.refuse("its {} is {}", what, values.front());
  return static_cast<double>(values.front());
}

int read_bits(GraphBuilder& builder, const OnnxNode& node, int index, const char* what) {
  const std::vector<float>& values = builder.reals(node, index);
  builder.charge(values.size());
  if (values.empty() || std::ranges::any_of(values, [&](float value) { return value != values.front(); }))
    node.refuse("its {} differs from channel to channel; only one for all can be taken", what);
  const float bits = values.front();
  if (!(bits >= 1 && bits <= most_bits) || bits != std::floor(bits))
    node.refuse("its {} {} is no integer within 1..{}", what, bits, most_bits);
  return static_cast<int>(bits);
}

struct CodeRange {
  int low, high;
};

CodeRange read_range(const OnnxNode& node, int bits) {
  const bool is_signed = node.integer("signed", 1) != 0;
  const bool is_narrow = node.integer("narrow", 0) != 0;
  if (is_signed) return {-(1 << (bits - 1)) + (is_narrow ? 1 : 0), (1 << (bits - 1)) - 1};
  return {0, (1 << bits) - 1 - (is_narrow ? 1 : 0)};
}

// Signs: codes 0 and 1 for -scale and scale.
Quantise signs(double scale) {
  Quantise quantise;
  quantise.scale = 2 * scale;
  quantise.zero = 0.5;
  quantise.low = 0;
  quantise.high = 1;
  quantise.rounding = Rounding::half_away;  // of what is at least a half where the value is not negative
  return quantise;
}

// Values of an input that are one in all or one for each index of an axis of `dims`.
struct Spread {
  std::vector<double> values;
  std::size_t axis = 0;
};

Spread read_spread(GraphBuilder& builder, const OnnxNode& node, int index, const std::vector<std::int64_t>& dims,
                   const char* what) {
  const std::vector<float>& values = builder.reals(node, index);
  builder.charge(values.size());
  Spread spread{{values.begin(), values.end()}};
  for (const double value : spread.values)
    if (!std::isfinite(value)) node.refuse("its {} is {}", what, value);
  if (values.size() == 1) return spread;
  const std::vector<std::int64_t>& own = builder.constant(node, index)->dims;
  for (std::size_t back = 1; back <= own.size(); ++back) {
    if (own[own.size() - back] == 1) continue;
    const bool fits = back <= dims.size() && dims[dims.size() - back] == own[own.size() - back] &&
                      own[own.size() - back] == static_cast<std::int64_t>(values.size());
    if (!fits)
      node.refuse("its {} of {} over {} is not one in all or one for each channel", what, describe_dims(own),
                  describe_dims(dims));
    spread.axis = dims.size() - back;
  }
  if (values.empty()) node.refuse("has no {}", what);
  return spread;
}

Quantise one_of(const OnnxNode& node, const Spread& scale, const Spread& zero) {
  for (const Spread* spread : {&scale, &zero})
    if (std::ranges::any_of(spread->values, [&](double value) { return value != spread->values.front(); }))
      node.refuse("quantises a tensor with {} scales or zero points; only weights can have one for each channel",
                  spread->values.size());
  Quantise quantise;
  quantise.scale = scale.values.front();
  quantise.zero = zero.values.front();
  return quantise;
}

// A constant on a grid that `at` gives for each element's channel.
template <typename At>
Constant on_grid(const OnnxNode& node, const Array& constant, const std::vector<float>& values, int bits,
                 std::size_t axis, std::size_t channels, const At& at) {
  std::size_t inner = 1;
  for (std::size_t later = axis + 1; later < constant.dims.size(); ++later)
    inner *= static_cast<std::size_t>(constant.dims[later]);
  auto integers = std::make_shared<Integers>();
  integers->axis = channels > 1 ? axis : 0;
  integers->bits = bits;
  std::vector<Quantise> grids;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    grids.push_back(at(channel));
    const bool is_signs = grids.back().zero == 0.5;  // -1 and 1 of the half scale
    if (!(grids.back().scale > 0)) node.refuse("its scale {} is not a positive number", grids.back().scale);
    integers->scales.push_back(is_signs ? grids.back().scale / 2 : grids.back().scale);
  }
  std::vector<float> reals;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) node.refuse("quantises {}", values[i]);
    const std::size_t channel = i / inner % channels;
    const Quantise& grid = grids[channel];
    const double distance = code_of(grid, static_cast<double>(values[i])) - grid.zero;
    const double value = grid.zero == 0.5 ? 2 * distance : distance;
    if (value != std::floor(value)) node.refuse("its zero point {} is no integer", grid.zero);
    integers->values.push_back(static_cast<std::int32_t>(value));
    reals.push_back(static_cast<float>(value * integers->scales[channel]));
  }
  Array array{constant.dims, std::move(reals)};
  array.integers = std::move(integers);
  return std::make_shared<const Array>(std::move(array));
}

std::size_t channels_of(const OnnxNode& node, const Spread& scale, const Spread& zero) {
  const std::size_t scales = scale.values.size();
  const std::size_t zeros = zero.values.size();
  if (scales > 1 && zeros > 1 && (scales != zeros || scale.axis != zero.axis))
    node.refuse("has {} scales and {} zero points", scales, zeros);
  return std::max(scales, zeros);
}

}  // namespace

void import_quant(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  const Spread scale = read_spread(builder, node, 1, input.dims, "scale");
  const Spread zero = read_spread(builder, node, 2, input.dims, "zero point");
  const int bits = read_bits(builder, node, 3, "bit width");
  Quantise quantise = one_of(node, scale, zero);
  const auto [low, high] = read_range(node, bits);
  quantise.low = low;
  quantise.high = high;
  quantise.rounding = read_rounding(node, "ROUND");
  const bool is_signs = bits == 1 && low < 0;
  if (is_signs && quantise.zero != 0) node.refuse("has one signed bit, -1 and 1, and the zero point {}", quantise.zero);
  builder.emit(node, is_signs ? signs(quantise.scale) : quantise, {input}, input);
}

void fold_quant(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const Spread scale = read_spread(builder, node, 1, input->dims, "scale");
  const Spread zero = read_spread(builder, node, 2, input->dims, "zero point");
  const int bits = read_bits(builder, node, 3, "bit width");
  const auto range = read_range(node, bits);
  const Rounding rounding = read_rounding(node, "ROUND");
  const bool is_signs = bits == 1 && range.low < 0;
  const std::size_t channels = channels_of(node, scale, zero);
  const std::size_t axis = scale.values.size() > 1 ? scale.axis : zero.axis;
  builder.define_new(node,
                     on_grid(node, *input, builder.reals(node, 0), bits, axis, channels, [&](std::size_t channel) {
                       Quantise grid;
                       grid.scale = scale.values[scale.values.size() > 1 ? channel : 0];
                       grid.zero = zero.values[zero.values.size() > 1 ? channel : 0];
                       grid.low = range.low;
                       grid.high = range.high;
                       grid.rounding = rounding;
                       if (!is_signs) return grid;
                       if (grid.zero != 0)
                         node.refuse("has one signed bit, -1 and 1, and the zero point {}", grid.zero);
                       return signs(grid.scale);
                     }));
}

void import_bipolar_quant(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  const Spread scale = read_spread(builder, node, 1, input.dims, "scale");
  builder.emit(node, signs(one_of(node, scale, {{0.0}}).scale), {input}, input);
}

void fold_bipolar_quant(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const Spread scale = read_spread(builder, node, 1, input->dims, "scale");
  builder.define_new(node, on_grid(node, *input, builder.reals(node, 0), 1, scale.axis, scale.values.size(),
                                   [&](std::size_t channel) { return signs(scale.values[channel]); }));
}

// Five inputs: the result keeps the scale and the zero point. Seven: it has a scale, zero point and range of its own.
void import_trunc(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  Quantise quantise;
  quantise.scale = only_real(builder, node, 1, "scale");
  quantise.zero = only_real(builder, node, 2, "zero point");
  const int bits = read_bits(builder, node, 3, "input bit width");
  Quantise::Cut cut;
  cut.rounding = read_rounding(node, "FLOOR");
  if (builder.has_input(node, 6)) {
    cut.scale = only_real(builder, node, 4, "output scale");
    cut.zero = only_real(builder, node, 5, "output zero point");
    if (!(quantise.scale > 0) || !(cut.scale > 0)) node.refuse("its scales are not positive numbers");
    const double power = std::log2(cut.scale / quantise.scale);
    cut.bits = static_cast<int>(std::clamp<double>(std::round(power), -1, most_bits + 1));
    const auto [low, high] = read_range(node, read_bits(builder, node, 6, "output bit width"));
    quantise.low = low;
    quantise.high = high;
    if (cut.zero != std::ldexp(quantise.zero, -cut.bits))
      node.refuse("its output zero point {} is not its zero point {} divided by 2^{}", cut.zero, quantise.zero,
                  cut.bits);
  } else {
    const int output_bits = read_bits(builder, node, 4, "output bit width");
    cut.bits = bits - output_bits;
    cut.scale = quantise.scale;
    cut.zero = quantise.zero;
    quantise.low = -(1 << output_bits);
    quantise.high = (1 << output_bits) - 1;
  }
  if (cut.bits < 0 || cut.bits > most_bits) node.refuse("cuts {} bits off", cut.bits);
  quantise.cut = cut;
  builder.emit(node, quantise, {input}, input);
}

}  // namespace lutra::network::importer
