#include "software/exploration/point/describe.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/text/text_table.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/point/prepare.h"
#include "software/exploration/point/price.h"
#include "software/exploration/point/rehearse.h"
#include "software/network/encoding/encoding.h"
#include "software/quantization/progressive/progressive.h"
#include "software/result/report.h"

namespace lutra::exploration {

namespace {

std::string shape_text(const network::Shape& shape) {
  return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

std::size_t parameter_count(const network::Operator& op) {
  struct Counter {
    std::size_t operator()(const network::Convolution& c) const { return c.weights.size() + c.bias.size(); }
    std::size_t operator()(const network::Linear& l) const { return l.weights.size() + l.bias.size(); }
    std::size_t operator()(const network::BatchNormalization& b) const {
      return b.scale.size() + b.bias.size() + b.mean.size() + b.variance.size();
    }
    std::size_t operator()(const network::PRelu& p) const { return p.slope.size(); }
    std::size_t operator()(const network::Clip&) const { return 0; }
    std::size_t operator()(const network::Add&) const { return 0; }
    std::size_t operator()(const network::MaxPool&) const { return 0; }
    std::size_t operator()(const network::AveragePool&) const { return 0; }
    std::size_t operator()(const network::Slice&) const { return 0; }
    std::size_t operator()(const network::Pad&) const { return 0; }
    std::size_t operator()(const network::Concat&) const { return 0; }
    std::size_t operator()(const network::Flatten&) const { return 0; }
    std::size_t operator()(const network::Softmax&) const { return 0; }
    std::size_t operator()(const network::Quantise&) const { return 0; }
  };
  return std::visit(Counter{}, op);
}

const char* kind_name(const network::Operation& operation) {
  struct Namer {
    const char* operator()(const network::MatrixOp&) const { return "matrix"; }
    const char* operator()(const network::PoolOp& pool) const {
      return pool.kind == network::PoolKind::maximum ? "maximum" : "sum";
    }
    const char* operator()(const network::ElementwiseOp&) const { return "elementwise"; }
    const char* operator()(const network::ConcatOp&) const { return "concat"; }
    const char* operator()(const network::ResampleOp&) const { return "resample"; }
  };
  return std::visit(Namer{}, operation.body);
}

std::string edge_text(const network::Edge& edge) {
  const network::ActivationEncoding& encoding = edge.encoding;
  return fmt::format("{} {}{}{}", shape_text(edge.shape), encoding.is_signed ? "s" : "u", encoding.bits,
                     encoding.is_ternary        ? " ternary"
                     : !encoding.levels.empty() ? " levels"
                                                : "");
}

std::string weights_text(const network::Operation& operation) {
  const auto* matrix = std::get_if<network::MatrixOp>(&operation.body);
  return matrix == nullptr ? "" : network::encoding_name(matrix->weights.encoding);
}

std::string progressive_text(const quantization::Progressive& progressive) {
  using Measure = quantization::Progressive::Measure;
  const char* unit = progressive.measure == Measure::cycles   ? "cycles"
                     : progressive.measure == Measure::energy ? "uJ"
                                                              : "bytes of weights";
  const std::string budget = progressive.budget <= 1
                                 ? fmt::format("{:g} of the {} with the same bits everywhere", progressive.budget, unit)
                                 : fmt::format("{:g} {}", progressive.budget, unit);
  return fmt::format("weight bits of the layers between: {}, falling with depth within {}\n",
                     quantization::levels_text(progressive), budget);
}

std::string describe_source(const scenario::Scenario& scenario) {
  std::string text = fmt::format("scenario {} ({})\n", scenario.name, scenario.file);
  if (!scenario.description.empty()) text += scenario.description + "\n";
  const scenario::NetworkSource& source = scenario.network;
  text += fmt::format("network: {} on data set {}\n", source.model.empty() ? "(quantised file only)" : source.model,
                      source.dataset);
  const scenario::Quantisation& quantisation = scenario.quantisation;
  if (!quantisation.file.empty()) return text + fmt::format("quantised: {}\n", quantisation.file);
  const quantization::Options& options = quantisation.options;
  text += fmt::format(
      "scheme: {}, weights {} bits, activations {} bits, first and last layer {} bits; calibrated on {} images "
      "of the {} split\n",
      options.scheme, options.weight_bits, options.activation_bits,
      options.first_last_bits == 0 ? options.weight_bits : options.first_last_bits, options.calibration_images,
      quantisation.calibration_split == network::Split::train ? "train" : "test");
  if (options.progressive) text += progressive_text(*options.progressive);
  return text;
}

std::string describe_hardware(const scenario::Scenario& scenario, const costs::Tables& tables) {
  std::string text;
  if (const auto& engine = scenario.engine)
    text +=
        fmt::format("engine: {}, {} rows x {} columns x {} lanes, {}-bit activations, {}-bit weights, fallback {}\n",
                    engine->family, engine->rows, engine->columns, engine->lanes, engine->activation_bits,
                    engine->weight_bits, scenario.cpu_fallback ? "cpu" : "none");
  else
    text += "engine: none, the hart computes everything\n";
  const models::SocConfig& soc = scenario.soc;
  const Hardware hardware{soc, scenario.engine, scenario.implementations};
  text += fmt::format(
      "soc: {:g} MHz, hart timing '{}', caches {}+{} bytes, TCM {} bytes, SRAM {} bytes, main memory {} ({} bytes)\n",
      soc.clock_mhz, soc.hart.timing, soc.hart.instruction_cache.bytes, soc.hart.data_cache.bytes, soc.tcm_bytes,
      soc.sram.bytes, soc.main_memory.kind, soc.main_memory.bytes);
  if (const auto resources = price_resources(hardware, tables))
    text += fmt::format("{}: {} LUT ({:.1f} %), {} FF ({:.1f} %), {} DSP ({:.1f} %), {:g} BRAM36 ({:.1f} %): {}\n",
                        resources->implementation, resources->lut, resources->lut_used_percent, resources->ff,
                        resources->ff_used_percent, resources->dsp, resources->dsp_used_percent, resources->bram36,
                        resources->bram_used_percent, resources->fits ? "fits" : "does not fit");
  if (const auto area = price_area(hardware, tables))
    text +=
        fmt::format("{}: {:.3f} mm2 +-{:.0f} %\n", area->implementation, area->um2 / 1e6, area->uncertainty_percent);
  if (const auto clock = price_clock(hardware, tables))
    text += fmt::format("{}: {}\n", clock->implementation, result::clock_text(*clock, soc.clock_mhz));
  return text;
}

std::string memory_text(const char* what, int bytes) {
  return bytes == 0 ? fmt::format("a {} memory of what they need and the device has left", what)
                    : fmt::format("a {} memory of {} bytes", what, bytes);
}

// The operation that uses it first: that writes it but for the frame's input.
int first_use(const compiler::Program& program, const compiler::MapPlan& map) {
  for (std::size_t i = 0; i < program.ops.size(); ++i)
    if (program.ops[i].codes == map.edge || program.ops[i].stream == map.edge) return static_cast<int>(i);
  return map.first;
}

std::string place_text(const compiler::MapPlan& map) {
  if (!map.stays) return map.elsewhere;
  std::string text = fmt::format("{} to {}", map.offset, map.offset + map.bytes);
  if (map.in_place) text += " (over the stream it adds)";
  if (map.ring.rows > 0) text += fmt::format(" (a ring of {} rows", map.ring.rows);
  if (map.ring.again > 0) text += fmt::format(", {} of them twice", map.ring.again);
  return map.ring.rows > 0 ? text + ")" : text;
}

// Of each operation's outputs: where they lie and until when; and what lives in the map memory while it runs.
std::string map_table(const compiler::Program& program) {
  TextTable table({"operation", "map", "bytes", "place", "until", "on chip meanwhile"});
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    const auto position = static_cast<int>(i);
    std::uint64_t living = 0;
    for (const compiler::MapPlan& map : program.maps)
      if (map.stays && map.first + map.in_place <= position && position <= map.last) living += map.bytes;
    for (const compiler::MapPlan& map : program.maps)
      if (first_use(program, map) == position)
        table.add({program.ops[i].name, map.name, with_separators(map.bytes), place_text(map),
                   program.ops[static_cast<std::size_t>(map.last)].name, with_separators(living)});
  }
  return table.text();
}

// Where weights and feature maps lie, as a rehearsal places them; nothing where all of them are in main memory.
std::string describe_memory(const scenario::Scenario& scenario, Inputs& inputs) {
  const auto& engine = scenario.engine;
  if (!engine) return "";
  const bool weights = scenario.memory.weights != accelerators::WeightPlace::streamed;
  const bool maps = scenario.memory.activations != accelerators::MapPlace::dram;
  const bool parameters = scenario.memory.parameters == accelerators::ConstantPlace::resident;
  const bool commands = scenario.memory.commands == accelerators::ConstantPlace::resident;
  if (!weights && !maps && !parameters && !commands) return "";
  const std::string weight_memory = memory_text("weight", engine->weight_memory_bytes);
  const std::string map_memory = memory_text("map", engine->map_memory_bytes);
  const bool weights_open = weights && engine->weight_memory_bytes == 0;
  const bool maps_open = maps && engine->map_memory_bytes == 0;
  if (engine->family == accelerators::automatic_family || weights_open || maps_open) {
    constexpr const char* later = "what stays is known when the network is compiled";
    return (weights ? fmt::format("weights: {}; {}\n", weight_memory, later) : "") +
           (maps ? fmt::format("feature maps: {}; {}\n", map_memory, later) : "");
  }
  const compiler::Program program = scenario.quantisation.file.empty()
                                        ? rehearsed_program(scenario, inputs.model(scenario))
                                        : compile_for(scenario, engine, inputs.quantised(scenario));
  std::string text;
  if (weights) text += fmt::format("weights: {}; {}\n", weight_memory, compiler::residency_text(program.ops));
  if (parameters) text += fmt::format("parameters: {} bytes stay in the map memory\n", program.parameter_bytes);
  if (commands) text += fmt::format("commands: {} bytes stay in the command memory\n", program.command_bytes);
  if (maps)
    text += fmt::format("feature maps: {}; {}\n\n{}", map_memory, compiler::maps_text(program), map_table(program));
  return text;
}

}  // namespace

std::string describe(const network::Graph& graph) {
  TextTable table({"node", "operator", "input", "output", "MACs", "parameters"});
  const auto shape = [&](network::TensorId id) {
    return shape_text(graph.tensors.at(static_cast<std::size_t>(id)).shape);
  };
  std::size_t parameters = 0;
  for (const network::Node& node : graph.nodes) {
    std::int64_t macs = 0;
    const std::int64_t outputs = graph.tensors.at(static_cast<std::size_t>(node.output)).shape.elements();
    if (const auto* c = std::get_if<network::Convolution>(&node.op))
      macs = outputs * static_cast<std::int64_t>(c->weights.size()) / c->output_channels;
    if (const auto* l = std::get_if<network::Linear>(&node.op)) macs = static_cast<std::int64_t>(l->weights.size());
    parameters += parameter_count(node.op);
    table.add({node.name, network::operator_name(node.op), shape(node.inputs.front()), shape(node.output),
               with_separators(static_cast<std::uint64_t>(macs)), with_separators(parameter_count(node.op))});
  }
  return fmt::format("{}: input {}, output {}, {} MACs, {} parameters\n\n{}", graph.name, shape(graph.input),
                     shape(graph.output),
                     with_separators(static_cast<std::uint64_t>(network::multiply_accumulates(graph))),
                     with_separators(parameters), table.text());
}

std::string describe(const network::QuantisedNetwork& network) {
  TextTable table({"operation", "kind", "weights", "input", "output", "MACs"});
  const auto edges = [&](const std::vector<network::EdgeId>& ids) {
    std::string text;
    for (const network::EdgeId id : ids)
      text += (text.empty() ? "" : " + ") + edge_text(network.edges.at(static_cast<std::size_t>(id)));
    return text;
  };
  std::int64_t total = 0;
  for (const network::Operation& operation : network.operations) {
    const std::int64_t macs = network::multiply_accumulates(network, operation);
    total += macs;
    table.add({operation.name, kind_name(operation), weights_text(operation), edges(network::input_edges(operation)),
               edges(network::output_edges(operation)), with_separators(static_cast<std::uint64_t>(macs))});
  }
  return fmt::format("{}: quantised as {}, {} MACs, {} bytes of weights\n\n{}", network.name, network.scheme,
                     with_separators(static_cast<std::uint64_t>(total)),
                     with_separators(static_cast<std::uint64_t>((network::weight_bits(network) + 7) / 8)),
                     table.text());
}

std::string describe(const scenario::Scenario& scenario, Inputs& inputs, const costs::Tables& tables) {
  std::string text = describe_source(scenario) + describe_hardware(scenario, tables);
  try {
    text += describe_memory(scenario, inputs);
  } catch (const Error& error) {
    text += fmt::format("what is to stay on chip cannot be placed: {}\n", error.what());
  }
  if (scenario.network.model.empty()) return text;
  try {
    text += "\n" + describe(inputs.model(scenario));
  } catch (const Error& error) {
    text += fmt::format("\nthe network cannot be shown: {}\n", error.what());
  }
  return text;
}

}  // namespace lutra::exploration
