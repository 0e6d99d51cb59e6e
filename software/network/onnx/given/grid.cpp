#include "software/network/onnx/given/grid.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lutra::network::importer {

Grid read_grid(GraphBuilder& builder, const OnnxNode& node, int scale, int zero) {
  Grid grid;
  builder.charge(builder.reals(node, scale).size());
  for (const float value : builder.reals(node, scale)) {
    if (!(value > 0) || !std::isfinite(value)) node.refuse("its scale {} is not a positive number", value);
    grid.scales.push_back(static_cast<double>(value));
  }
  if (grid.scales.empty()) node.refuse("has no scale");
  if (!builder.has_input(node, zero)) {
    grid.zeros.resize(grid.scales.size());
    return grid;
  }
  builder.charge(builder.integers(node, zero).size());
  for (const std::int64_t value : builder.integers(node, zero)) grid.zeros.push_back(static_cast<double>(value));
  if (grid.zeros.size() == 1) grid.zeros.resize(grid.scales.size(), grid.zeros.front());
  if (grid.zeros.size() != grid.scales.size())
    node.refuse("has {} scales and {} zero points", grid.scales.size(), grid.zeros.size());
  if (const auto codes = codes_of_type(builder.constant(node, zero)->type)) {
    grid.low = codes->low;
    grid.high = codes->high;
  }
  return grid;
}

Quantise one_grid(const OnnxNode& node, const Grid& grid) {
  const auto differs = [](const std::vector<double>& values) {
    return std::ranges::any_of(values, [&](double value) { return value != values.front(); });
  };
  if (differs(grid.scales) || differs(grid.zeros))
    node.refuse("quantises a tensor with {} scales; only weights can have one for each channel, a tensor one in all",
                grid.scales.size());
  Quantise quantise;
  quantise.scale = grid.scales.front();
  quantise.zero = grid.zeros.front();
  quantise.low = grid.low;
  quantise.high = grid.high;
  quantise.zero_last = true;
  return quantise;
}

Constant dequantised(const OnnxNode& node, const Array& codes, const Grid& grid, std::size_t axis) {
  const auto* stored = std::get_if<std::vector<std::int64_t>>(&codes.values);
  if (!stored) node.refuse("takes integers; its constant holds float values");
  const std::size_t count = grid.scales.size();
  if (count > 1 && (axis >= codes.dims.size() || codes.dims[axis] != static_cast<std::int64_t>(count)))
    node.refuse("{} scales do not fit axis {} of {}", count, axis, describe_dims(codes.dims));
  std::size_t inner = 1;
  for (std::size_t later = axis + 1; later < codes.dims.size(); ++later)
    inner *= static_cast<std::size_t>(codes.dims[later]);
  auto integers = std::make_shared<Integers>();
  integers->scales = grid.scales;
  integers->axis = count > 1 ? axis : 0;
  if (const auto type = codes_of_type(codes.type))
    integers->bits = std::bit_width(static_cast<unsigned>(type->high - type->low));
  std::vector<float> values;
  for (std::size_t i = 0; i < stored->size(); ++i) {
    const std::size_t channel = i / inner % count;
    const double value = static_cast<double>((*stored)[i]) - grid.zeros[channel];
    if (!(std::abs(value) < 0x1p31)) node.refuse("its integer {} is beyond 32 bits", value);
    integers->values.push_back(static_cast<std::int32_t>(value));
    values.push_back(static_cast<float>(value * grid.scales[channel]));
  }
  Array array{codes.dims, std::move(values)};
  array.integers = std::move(integers);
  return std::make_shared<const Array>(std::move(array));
}

Activation values_of_codes(GraphBuilder& builder, const OnnxNode& node, int index, const Grid& grid) {
  Activation input = builder.activation_in_any_order(node, index);
  if (!input.codes) node.refuse("its input {} is not of integers; put a QuantizeLinear in front of it", index);
  Quantise wanted = one_grid(node, grid);
  wanted.low = input.codes->low;
  wanted.high = input.codes->high;
  const bool is_unknown = input.codes->scale == 0;
  if (!is_unknown && wanted != *input.codes)
    node.refuse("reads codes of scale {} and zero point {} as of scale {} and zero point {}", input.codes->scale,
                input.codes->zero, wanted.scale, wanted.zero);
  input.codes.reset();
  return is_unknown ? builder.append(node, wanted, {input}, input) : input;
}

void define_codes(GraphBuilder& builder, const OnnxNode& node, const Activation& values, const Grid& grid) {
  const Quantise quantise = one_grid(node, grid);
  Activation result = builder.append(node, quantise, {values}, values);
  result.codes = quantise;
  builder.define(node, std::move(result));
}

}  // namespace lutra::network::importer
