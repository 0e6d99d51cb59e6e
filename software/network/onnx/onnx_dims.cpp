#include "software/network/onnx/onnx_dims.h"

#include <algorithm>
#include <numeric>

#include "software/network/limits.h"

namespace lutra::network::importer {

namespace {

using Dims = std::vector<std::int64_t>;

// A list that newer opsets take as an input and older ones as an attribute.
std::optional<Dims> listed(GraphBuilder& builder, const OnnxNode& node, int index, const char* attribute) {
  if (builder.has_input(node, index)) return builder.integers(node, index);
  return node.integers(attribute);
}

AxisRange to_range(const OnnxNode& node, std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t extent) {
  if (step == 0) node.refuse("has a step of zero");
  const auto clamped = [extent](std::int64_t value, std::int64_t low, std::int64_t high) {
    return std::clamp(value < 0 ? value + extent : value, low, high);
  };
  // Steps beyond the axis are all alike; the bound keeps the arithmetic small.
  AxisRange range;
  range.step = std::clamp(step, -max_values, max_values);
  if (range.step > 0) {
    range.start = clamped(start, 0, extent);
    range.count = std::max<std::int64_t>(0, (clamped(end, 0, extent) - range.start + range.step - 1) / range.step);
  } else if (extent > 0) {
    range.start = clamped(start, 0, extent - 1);
    range.count =
        std::max<std::int64_t>(0, (range.start - clamped(end, -1, extent - 1) - range.step - 1) / -range.step);
  }
  return range;
}

}  // namespace

Dims reshaped_dims(GraphBuilder& builder, const OnnxNode& node, const Dims& dims) {
  Dims target = builder.integers(node, 1);
  const bool zero_copies = node.integer("allowzero", 0) == 0;
  std::int64_t known = 1;
  std::optional<std::size_t> open;
  for (std::size_t axis = 0; axis < target.size(); ++axis) {
    if (target[axis] == 0 && zero_copies) {
      if (axis >= dims.size()) node.refuse("its shape copies axis {} of an input of {}", axis, describe_dims(dims));
      target[axis] = dims[axis];
    }
    if (target[axis] == -1 && !open) {
      open = axis;
    } else if (target[axis] < 0) {
      node.refuse("its shape {} is not possible", describe_dims(target));
    } else {
      known = saturating_product({known, target[axis]});
    }
  }
  const std::int64_t elements = count_elements(dims, node.place());
  if (open && known > 0 && elements % known == 0)
    target[*open] = elements / known;
  else if (open || known != elements)
    node.refuse("its shape {} does not hold the {} elements of {}", describe_dims(target), elements,
                describe_dims(dims));
  return target;
}

Dims squeezed_dims(GraphBuilder& builder, const OnnxNode& node, const Dims& dims) {
  std::vector<bool> removed(dims.size());
  if (const auto axes = listed(builder, node, 1, "axes")) {
    for (const std::int64_t axis : *axes) removed[to_axis(node, axis, dims.size())] = true;
  } else {
    for (std::size_t axis = 0; axis < dims.size(); ++axis) removed[axis] = dims[axis] == 1;
  }
  Dims result;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (!removed[axis])
      result.push_back(dims[axis]);
    else if (dims[axis] != 1)
      node.refuse("removes axis {} of {}, whose extent is not 1", axis, describe_dims(dims));
  }
  return result;
}

Dims unsqueezed_dims(GraphBuilder& builder, const OnnxNode& node, const Dims& dims) {
  const auto axes = listed(builder, node, 1, "axes");
  if (!axes) node.refuse("has no axes");
  constexpr std::size_t most_axes = 16;
  const std::size_t rank = dims.size() + axes->size();
  if (rank > most_axes) node.refuse("yields {} dimensions", rank);
  std::vector<bool> inserted(rank);
  for (const std::int64_t axis : *axes) {
    const std::size_t position = to_axis(node, axis, rank);
    if (inserted[position]) node.refuse("names axis {} twice", axis);
    inserted[position] = true;
  }
  Dims result;
  std::size_t source = 0;
  for (std::size_t axis = 0; axis < rank; ++axis) result.push_back(inserted[axis] ? 1 : dims[source++]);
  return result;
}

std::vector<std::size_t> permutation(const OnnxNode& node, std::size_t rank) {
  std::vector<std::size_t> order(rank);
  std::iota(order.rbegin(), order.rend(), std::size_t{0});
  const auto listed_order = node.integers("perm");
  if (!listed_order) return order;
  if (listed_order->size() != rank) node.refuse("permutes {} axes of {}", listed_order->size(), rank);
  std::vector<bool> seen(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    order[axis] =
        static_cast<std::size_t>(to_int(node, (*listed_order)[axis], 0, static_cast<int>(rank) - 1, "an axis"));
    if (seen[order[axis]]) node.refuse("names axis {} twice", order[axis]);
    seen[order[axis]] = true;
  }
  return order;
}

std::vector<AxisRange> sliced_ranges(GraphBuilder& builder, const OnnxNode& node, const Dims& dims) {
  const auto starts = listed(builder, node, 1, "starts");
  const auto ends = listed(builder, node, 2, "ends");
  if (!starts || !ends || starts->size() != ends->size()) node.refuse("needs as many starts as ends");
  Dims every_axis(starts->size());
  std::iota(every_axis.begin(), every_axis.end(), 0);
  const Dims axes = listed(builder, node, 3, "axes").value_or(every_axis);
  const Dims steps = builder.has_input(node, 4) ? builder.integers(node, 4) : Dims(starts->size(), 1);
  if (axes.size() != starts->size() || steps.size() != starts->size())
    node.refuse("has {} starts, {} axes and {} steps", starts->size(), axes.size(), steps.size());

  std::vector<AxisRange> ranges;
  for (const std::int64_t extent : dims) ranges.push_back({0, 1, extent});
  std::vector<bool> seen(dims.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = to_axis(node, axes[i], dims.size());
    if (seen[axis]) node.refuse("names axis {} twice", axes[i]);
    seen[axis] = true;
    ranges[axis] = to_range(node, (*starts)[i], (*ends)[i], steps[i], dims[axis]);
  }
  return ranges;
}

}  // namespace lutra::network::importer
