#include <algorithm>
#include <array>

#include "software/network/float/fold.h"

namespace lutra::network {

namespace {

// Outputs from `begin` to `end` along one axis whose windows hold the same taps of the image.
struct Run {
  int begin = 0, end = 0;
  int first_tap = 0, taps = 0;
};

struct Axis {
  int size, outputs, window, stride, dilation, pad;
};

std::vector<Run> runs_along(const Axis& axis) {
  std::vector<Run> runs;
  for (int output = 0; output < axis.outputs; ++output) {
    Run run{output, output + 1, axis.window, 0};
    for (int tap = 0; tap < axis.window; ++tap) {
      const int place = output * axis.stride - axis.pad + tap * axis.dilation;
      if (place < 0 || place >= axis.size) continue;
      run.first_tap = std::min(run.first_tap, tap);
      ++run.taps;
    }
    if (!runs.empty() && runs.back().first_tap == run.first_tap && runs.back().taps == run.taps)
      runs.back().end = run.end;
    else
      runs.push_back(run);
  }
  return runs;
}

// Of the input along one axis, what a run's windows read: the first element and the one behind the last.
std::array<int, 2> read_by(const Run& run, const Axis& axis) {
  const int first = run.begin * axis.stride - axis.pad + run.first_tap * axis.dilation;
  return {first, first + (run.end - run.begin - 1) * axis.stride + (run.taps - 1) * axis.dilation + 1};
}

bool has_border(const AveragePool& pool) {
  const Window& window = pool.window;
  return !pool.count_padding && window.pad_top + window.pad_left + window.pad_bottom + window.pad_right > 0;
}

class Writer {
 public:
  explicit Writer(Graph& graph) : graph_(graph) {}

  TensorId add(const std::string& name, Operator op, std::vector<TensorId> inputs) {
    std::vector<Shape> shapes;
    for (const TensorId input : inputs) shapes.push_back(graph_.tensors[static_cast<std::size_t>(input)].shape);
    graph_.tensors.push_back({name, infer_shape(op, shapes, name)});
    const auto output = static_cast<TensorId>(graph_.tensors.size() - 1);
    graph_.nodes.push_back({name, std::move(op), std::move(inputs), output});
    return output;
  }

  // The pool as a sum of regions, each of one divisor, with zeros around it. The largest comes last: it is added once.
  void spell_out(const Node& node, const AveragePool& pool) {
    const Shape& from = graph_.tensors[static_cast<std::size_t>(node.inputs[0])].shape;
    const Shape& to = graph_.tensors[static_cast<std::size_t>(node.output)].shape;
    const Window& window = pool.window;
    const Axis down{from.height, to.height, window.height, window.stride_y, window.dilation_y, window.pad_top};
    const Axis across{from.width, to.width, window.width, window.stride_x, window.dilation_x, window.pad_left};
    struct Region {
      Run rows, columns;
      int pixels() const { return (rows.end - rows.begin) * (columns.end - columns.begin); }
    };
    std::vector<Region> regions;
    for (const Run& rows : runs_along(down))
      for (const Run& columns : runs_along(across)) regions.push_back({rows, columns});
    std::stable_sort(regions.begin(), regions.end(),
                     [](const Region& a, const Region& b) { return a.pixels() < b.pixels(); });
    const Shape whole_from = from, whole_to = to;
    TensorId sum = -1;
    for (std::size_t i = 0; i < regions.size(); ++i) {
      const auto& [rows, columns] = regions[i];
      const std::array<int, 2> y = read_by(rows, down), x = read_by(columns, across);
      const std::string name = node.name + ".region" + std::to_string(i);
      TensorId part = add(name + ".slice", Slice{{0, y[0], x[0]}, {whole_from.channels, y[1], x[1]}}, node.inputs);
      Window inner = window;
      inner.height = rows.taps;
      inner.width = columns.taps;
      inner.pad_top = inner.pad_left = inner.pad_bottom = inner.pad_right = 0;
      part = add(name, AveragePool{inner, false}, {part});
      part = add(name + ".pad",
                 Pad{{0, rows.begin, columns.begin}, {0, whole_to.height - rows.end, whole_to.width - columns.end}},
                 {part});
      if (i == 0) {
        sum = part;
      } else if (i + 1 < regions.size()) {
        sum = add(name + ".sum", Add{}, {sum, part});
      } else {
        graph_.nodes.push_back({node.name, Add{}, {sum, part}, node.output});
      }
    }
    if (regions.size() > 1) return;
    graph_.tensors.pop_back();
    graph_.nodes.back().name = node.name;
    graph_.nodes.back().output = node.output;
  }

 private:
  Graph& graph_;
};

}  // namespace

Graph spell_out_averages(const Graph& graph) {
  Graph result = graph;
  result.nodes.clear();
  Writer writer(result);
  for (const Node& node : graph.nodes) {
    const auto* pool = std::get_if<AveragePool>(&node.op);
    if (pool != nullptr && has_border(*pool))
      writer.spell_out(node, *pool);
    else
      result.nodes.push_back(node);
  }
  return result;
}

Graph for_integers(const Graph& graph) { return remove_unused(fold_batch_normalization(spell_out_averages(graph))); }

}  // namespace lutra::network
