#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "software/network/onnx/onnx_dims.h"
#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

using Dims = std::vector<std::int64_t>;

// What folding may make bigger is bookkeeping (shapes, pads): this is more than any of it needs.
constexpr std::int64_t most_grown_values = 1 << 16;

std::size_t product(const OnnxNode& node, Dims::const_iterator first, Dims::const_iterator last) {
  return static_cast<std::size_t>(count_elements(Dims(first, last), node.place()));
}

std::int64_t checked_growth(const OnnxNode& node, const Dims& dims) {
  const std::int64_t count = count_elements(dims, node.place());
  if (count > most_grown_values)
    node.refuse("would make a constant of {} elements; {} are accepted", count, most_grown_values);
  return count;
}

// The integers behind renamed elements, if their scales still lie along one axis; else none.
std::shared_ptr<const Integers> renamed_integers(const Array& from, const Dims& dims) {
  if (!from.integers || from.integers->scales.size() == 1) return from.integers;
  const auto extents_before = [](const Dims& all, std::size_t axis) {
    return std::accumulate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(axis), std::int64_t{1},
                           std::multiplies<>());
  };
  const std::size_t old = from.integers->axis;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (dims[axis] != from.dims[old] || extents_before(dims, axis) != extents_before(from.dims, old)) continue;
    auto moved = std::make_shared<Integers>(*from.integers);
    moved->axis = axis;
    return moved;
  }
  return nullptr;
}

// The elements of `input` under new dims.
void define_renamed(GraphBuilder& builder, const OnnxNode& node, Dims dims) {
  const Constant input = builder.constant(node, 0);
  Array result{std::move(dims), input->values};
  result.integers = renamed_integers(*input, result.dims);
  result.type = input->type;
  builder.define(node, std::move(result));
}

// Picks result[i] = values[source(i)].
template <typename Source>
Array picked(const Array& from, Dims dims, std::size_t count, const Source& source) {
  return std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> result(count);
        for (std::size_t i = 0; i < count; ++i) result[i] = values[source(i)];
        return Array{std::move(dims), std::move(result), {}, from.type};
      },
      from.values);
}

// The elements start + sum(index[k] * stride[k]), for all indices below `dims` in row-major order.
Array strided(const Array& from, const Dims& dims, const Dims& stride, std::int64_t start, std::size_t count) {
  return picked(from, dims, count, [&](std::size_t index) {
    std::int64_t source = start;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      const auto extent = static_cast<std::size_t>(dims[axis]);
      source += static_cast<std::int64_t>(index % extent) * stride[axis];
      index /= extent;
    }
    return static_cast<std::size_t>(source);
  });
}

// Of an array that is not empty: the extents of an empty one may have no product.
Dims row_major_strides(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t axis = dims.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * dims[axis];
  return strides;
}

}  // namespace

void fold_constant(GraphBuilder& builder, const OnnxNode& node) {
  if (const auto* tensor = node.tensor("value")) return builder.define(node, decode(*tensor, node.place()));
  if (const auto reals = node.reals("value_floats"))
    return builder.define(node, Array{{static_cast<std::int64_t>(reals->size())}, *reals});
  if (const auto integers = node.integers("value_ints"))
    return builder.define(node, Array{{static_cast<std::int64_t>(integers->size())}, *integers});
  if (node.has("value_float")) return builder.define(node, Array{{}, std::vector<float>{node.real("value_float", 0)}});
  if (node.has("value_int")) return builder.define(node, Array{{}, Dims{node.integer("value_int", 0)}});
  node.refuse("has no numeric value");
}

void fold_constant_of_shape(GraphBuilder& builder, const OnnxNode& node) {
  const Dims dims = builder.integers(node, 0);
  const auto count = static_cast<std::size_t>(checked_growth(node, dims));
  Array value{{1}, std::vector<float>{0}};
  if (const auto* tensor = node.tensor("value")) value = decode(*tensor, node.place());
  if (value.size() != 1) node.refuse("has {} values instead of one", value.size());
  builder.define(node, picked(value, dims, count, [](std::size_t) { return std::size_t{0}; }));
}

void fold_shape(GraphBuilder& builder, const OnnxNode& node) {
  const Dims dims = builder.constant(node, 0)->dims;
  builder.define(node, Array{{static_cast<std::int64_t>(dims.size())}, dims});
}

void fold_identity(GraphBuilder& builder, const OnnxNode& node) { builder.define(node, builder.constant(node, 0)); }

void fold_cast(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const std::int64_t type = node.integer("to", 0);
  if (type == onnx::TensorProto::FLOAT) {
    std::vector<float> result;
    std::visit(
        [&](const auto& values) {
          for (const auto value : values) result.push_back(static_cast<float>(value));
        },
        input->values);
    return builder.define(node, Array{input->dims, std::move(result)});
  }
  if (type != onnx::TensorProto::INT64 && type != onnx::TensorProto::INT32)
    node.refuse("casts a constant to a type other than float, int64 and int32");
  if (std::holds_alternative<Dims>(input->values)) return builder.define(node, input);
  constexpr float limit = 1 << 30;
  Dims result;
  for (const float value : std::get<std::vector<float>>(input->values)) {
    if (!(std::fabs(value) <= limit)) node.refuse("casts {} to an integer", value);
    result.push_back(static_cast<std::int64_t>(value));
  }
  builder.define(node, Array{input->dims, std::move(result)});
}

void fold_reshape(GraphBuilder& builder, const OnnxNode& node) {
  define_renamed(builder, node, reshaped_dims(builder, node, builder.constant(node, 0)->dims));
}

void fold_squeeze(GraphBuilder& builder, const OnnxNode& node) {
  define_renamed(builder, node, squeezed_dims(builder, node, builder.constant(node, 0)->dims));
}

void fold_unsqueeze(GraphBuilder& builder, const OnnxNode& node) {
  define_renamed(builder, node, unsqueezed_dims(builder, node, builder.constant(node, 0)->dims));
}

void fold_gather(GraphBuilder& builder, const OnnxNode& node) {
  const Constant data = builder.constant(node, 0);
  const std::size_t axis = to_axis(node, node.integer("axis", 0), data->dims.size());
  const std::int64_t extent = data->dims[axis];
  std::vector<std::size_t> indices;
  for (const std::int64_t index : builder.integers(node, 1)) {
    if (index < -extent || index >= extent) node.refuse("takes element {} of {}", index, extent);
    indices.push_back(static_cast<std::size_t>(index < 0 ? index + extent : index));
  }
  const auto position = data->dims.begin() + static_cast<std::ptrdiff_t>(axis);
  const std::size_t inner = product(node, position + 1, data->dims.end());
  Dims dims(data->dims.begin(), position);
  const Dims& index_dims = builder.constant(node, 1)->dims;
  dims.insert(dims.end(), index_dims.begin(), index_dims.end());
  dims.insert(dims.end(), position + 1, data->dims.end());
  const auto count = static_cast<std::size_t>(checked_growth(node, dims));
  builder.define(node, picked(*data, dims, count, [&](std::size_t i) {
                   const std::size_t outer = i / inner / indices.size();
                   return (outer * static_cast<std::size_t>(extent) + indices[i / inner % indices.size()]) * inner +
                          i % inner;
                 }));
}

void fold_concat(GraphBuilder& builder, const OnnxNode& node) {
  const Constant first = builder.constant(node, 0);
  const std::size_t axis = to_axis(node, node.integer("axis", 0), first->dims.size());
  if (axis != 0) node.refuse("joins constants along axis {}; only axis 0 is supported", axis);
  Array result{
      first->dims,
      std::visit([](const auto& values) -> decltype(Array::values) { return std::decay_t<decltype(values)>{}; },
                 first->values)};
  result.dims[0] = 0;
  for (int index = 0; index < node.proto().input_size(); ++index) {
    const Constant part = builder.constant(node, index);
    if (part->values.index() != result.values.index() || part->dims.size() != first->dims.size() ||
        !std::equal(part->dims.begin() + 1, part->dims.end(), first->dims.begin() + 1))
      node.refuse("joins constants of {} and {}, or of different types", describe_dims(first->dims),
                  describe_dims(part->dims));
    result.dims[0] += part->dims[0];
    checked_growth(node, result.dims);
    std::visit(
        [&](auto& values) {
          const auto& more = std::get<std::decay_t<decltype(values)>>(part->values);
          values.insert(values.end(), more.begin(), more.end());
        },
        result.values);
  }
  builder.define(node, std::move(result));
}

void fold_slice(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const std::vector<AxisRange> ranges = sliced_ranges(builder, node, input->dims);
  Dims dims;
  for (const AxisRange& range : ranges) dims.push_back(range.count);
  const std::size_t count = product(node, dims.begin(), dims.end());
  if (count == 0) return builder.define(node, picked(*input, dims, 0, [](std::size_t i) { return i; }));
  Dims stride = row_major_strides(input->dims);
  std::int64_t start = 0;
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    start += ranges[axis].start * stride[axis];
    stride[axis] *= ranges[axis].step;
  }
  builder.define(node, strided(*input, dims, stride, start, count));
}

void fold_transpose(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const std::vector<std::size_t> order = permutation(node, input->dims.size());
  Dims dims;
  for (const std::size_t axis : order) dims.push_back(input->dims[axis]);
  if (input->size() == 0) return define_renamed(builder, node, dims);
  const Dims source = row_major_strides(input->dims);
  Dims stride;
  for (const std::size_t axis : order) stride.push_back(source[axis]);
  Array result = strided(*input, dims, stride, 0, input->size());
  if (input->integers) {
    Integers moved = *input->integers;
    const Array values{input->dims, Dims(moved.values.begin(), moved.values.end())};
    const Array ordered = strided(values, dims, stride, 0, input->size());
    const Dims& integers = std::get<Dims>(ordered.values);
    std::ranges::transform(integers, moved.values.begin(), [](std::int64_t v) { return static_cast<std::int32_t>(v); });
    moved.axis = static_cast<std::size_t>(std::ranges::find(order, moved.axis) - order.begin());
    result.integers = std::make_shared<const Integers>(std::move(moved));
  }
  builder.define(node, std::move(result));
}

}  // namespace lutra::network::importer
