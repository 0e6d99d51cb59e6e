#include <fmt/format.h>

#include <functional>
#include <map>

#include "accelerators/family/family.h"
#include "software/common/arithmetic.h"
#include "tests/support/resnet20.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

using accelerators::Dataflow;
using test::Layer;

constexpr int side = 16;  // rows and columns

struct Tool {
  const char* name;
  Dataflow dataflow;
  long total;
  std::map<std::string, long> layers;  // those that were published or noted
  const char* per_block;               // what it takes beside the passes of a block
  std::function<long(const Layer&)> closed_form;
  const char* reason;
};

long pixel_blocks(const Layer& layer) { return divide_up(layer.pixels(), side); }
long channel_blocks(const Layer& layer) { return divide_up(layer.outputs, side); }
long depth_blocks(const Layer& layer) { return divide_up(layer.products(), side); }

// SCALE-Sim v2, scalesim/compute/systolic_compute_{os,ws}.py (commits 0b80b27, 11a8413), sizes of the demand matrices:
// a fold takes its skew, its stream and its drain; the first cycle is 0.
long scale_sim_os(const Layer& layer) {
  return pixel_blocks(layer) * channel_blocks(layer) * (layer.products() + side + side - 2) - 1;
}
long scale_sim_ws(const Layer& layer) {
  return depth_blocks(layer) * channel_blocks(layer) * (layer.pixels() + 2 * side + side - 2) - 1;
}
// STONNE's mesh takes 2 x 16 + 3 cycles more than the products of a block: noted from its runs.
long stonne(const Layer& layer) {
  return pixel_blocks(layer) * channel_blocks(layer) * (layer.products() + 2 * side + 3);
}

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = {
      {"SCALE-Sim v2",
       Dataflow::output_stationary,
       180'554,
       {{"conv1", 3'647}, {"s1b1c1", 11'135}, {"s2b1c2", 10'175}, {"s3b1c2", 9'695}},
       "rows + columns - 2",
       scale_sim_os,
       "a systolic array skews its operands, once per block; Lutra's broadcasts them and fills once per tile"},
      {"STONNE",
       Dataflow::output_stationary,
       184'237,
       {{"conv1", 3'968}, {"s1b1c1", 11'456}, {"s2b1c2", 10'336}, {"s3b1c2", 9'776}},
       "35",
       stonne,
       "the same, and three cycles more per block"},
      {"SCALE-Sim v2",
       Dataflow::weight_stationary,
       207'004,
       {{"conv1", 2'139}, {"s1b1c1", 9'629}, {"s2b1c2", 10'871}, {"s3b1c2", 15'839}},
       "2 rows + columns - 2",
       scale_sim_ws,
       "another mapping: products lie on its rows; Lutra's array takes one product of 16 channels and pixels at a "
       "time, and its sums drain alone"},
      {"ONNXim",
       Dataflow::weight_stationary,
       175'600,
       {{"conv1", 9'369}, {"s1b1c1", 9'628}, {"s2b1c2", 10'063}, {"s3b1c2", 9'551}},
       "",
       nullptr,
       "input channels alone lie on its rows, so that conv1 uses 3 of 16"}};
  return all;
}

long our_cycles(const Layer& layer, Dataflow dataflow) {
  accelerators::EngineConfig config;
  config.rows = config.columns = side;
  config.lanes = 1;
  config.dataflow = dataflow;
  return static_cast<long>(make_family(config)->cycles(layer.tile(), true));
}

}  // namespace

Section networks() {
  const std::vector<Layer> layers = test::resnet20();
  long macs = 0;
  for (const Layer& layer : layers) macs += layer.macs();
  Section section;
  section.title = "Cycles of a network";
  section.text = fmt::format(
      "The {} layers of CIFAR-10 ResNet-20, {} products, each as one tile of the `mac` family of 16 x 16 elements of "
      "one lane, against\n"
      "what others report for 16 x 16 elements, timing alone, no memory stalls (runs of SCALE-Sim v2, STONNE and "
      "ONNXim on\n"
      "2026-11-29; layers: `tests/support/resnet20_layers.csv`). \"With their cost of a block\": blocks as ours, each "
      "at "
      "the tool's\n"
      "cost (SCALE-Sim's is in its source, STONNE's was read off these runs), which says whether the rest of the "
      "difference is understood.",
      layers.size(), grouped(macs));
  section.columns = {
      "tool",   "mapping", "its cycles", "ours", "error of the total", "of four layers", "with their cost of a block",
      "verdict"};
  for (const Tool& tool : tools()) {
    long ours = 0, closed = 0;
    Errors of_layers;
    for (const Layer& layer : layers) {
      const long cycles = our_cycles(layer, tool.dataflow);
      ours += cycles;
      if (tool.closed_form) closed += tool.closed_form(layer);
      if (const auto theirs = tool.layers.find(layer.name); theirs != tool.layers.end())
        of_layers.add(static_cast<double>(cycles), static_cast<double>(theirs->second));
    }
    Errors total, understood;
    total.add(static_cast<double>(ours), static_cast<double>(tool.total));
    if (tool.closed_form) understood.add(static_cast<double>(closed), static_cast<double>(tool.total));
    section.rows.push_back(
        {tool.name, tool.dataflow == Dataflow::output_stationary ? "output-stationary" : "weight-stationary",
         grouped(tool.total), grouped(ours), total.mean_text(), of_layers.range_text(),
         tool.closed_form ? fmt::format("{} ({} a block)", understood.mean_text(), tool.per_block) : "-",
         total.grade() + ": " + tool.reason});
  }
  return section;
}

}  // namespace lutra::validation
