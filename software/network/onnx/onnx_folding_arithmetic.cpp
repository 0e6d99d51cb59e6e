#include <algorithm>
#include <limits>

#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

using Dims = std::vector<std::int64_t>;

Dims broadcast_dims(const OnnxNode& node, const Dims& left, const Dims& right) {
  Dims result(std::max(left.size(), right.size()), 1);
  for (const Dims* operand : {&left, &right})
    for (std::size_t i = 0; i < operand->size(); ++i) {
      std::int64_t& extent = result[result.size() - operand->size() + i];
      const std::int64_t wanted = (*operand)[i];
      if (extent != 1 && wanted != 1 && extent != wanted)
        node.refuse("combines constants of {} and {}", describe_dims(left), describe_dims(right));
      if (wanted != 1) extent = wanted;
    }
  return result;
}

// The operand's element that broadcasting puts at `index` of the result.
std::size_t broadcast_index(std::size_t index, const Dims& result, const Dims& operand) {
  std::size_t source = 0;
  std::size_t stride = 1;
  for (std::size_t back = 1; back <= operand.size(); ++back) {
    const auto extent = static_cast<std::size_t>(result[result.size() - back]);
    const auto own = static_cast<std::size_t>(operand[operand.size() - back]);
    if (own != 1) source += index % extent * stride;
    index /= extent;
    stride *= own;
  }
  return source;
}

float combine(const OnnxNode& node, float left, float right) {
  if (node.type() == "Add") return left + right;
  if (node.type() == "Sub") return left - right;
  if (node.type() == "Mul") return left * right;
  if (right == 0) node.refuse("divides by zero");
  return left / right;
}

std::int64_t combine(const OnnxNode& node, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  if (node.type() == "Add")
    overflow = __builtin_add_overflow(left, right, &result);
  else if (node.type() == "Sub")
    overflow = __builtin_sub_overflow(left, right, &result);
  else if (node.type() == "Mul")
    overflow = __builtin_mul_overflow(left, right, &result);
  else if (right == 0)
    node.refuse("divides by zero");
  else if (left == std::numeric_limits<std::int64_t>::min() && right == -1)
    overflow = true;
  else
    result = left / right;
  if (overflow) node.refuse("overflows 64 bits");
  return result;
}

}  // namespace

void fold_arithmetic(GraphBuilder& builder, const OnnxNode& node) {
  const Constant left = builder.constant(node, 0);
  const Constant right = builder.constant(node, 1);
  if (left->values.index() != right->values.index()) node.refuse("combines float values and integers");
  Array result{broadcast_dims(node, left->dims, right->dims), {}};
  const auto count = static_cast<std::size_t>(count_elements(result.dims, node.place()));
  if (count > std::max(left->size(), right->size()))
    node.refuse("would make a constant of {} out of smaller ones", describe_dims(result.dims));
  result.values = std::visit(
      [&](const auto& values) -> decltype(Array::values) {
        const auto& others = std::get<std::decay_t<decltype(values)>>(right->values);
        auto combined = values;
        combined.resize(count);
        for (std::size_t i = 0; i < count; ++i)
          combined[i] = combine(node, values[broadcast_index(i, result.dims, left->dims)],
                                others[broadcast_index(i, result.dims, right->dims)]);
        return combined;
      },
      left->values);
  builder.define(node, std::move(result));
}

}  // namespace lutra::network::importer
