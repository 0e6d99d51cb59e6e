#include "software/exploration/point/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "software/exploration/point/price.h"
#include "software/program/image_reader.h"
#include "software/simulation/steady_state.h"

namespace lutra::exploration {

namespace {

constexpr const char* outside_name = "(frame)";

std::uint64_t count_of(const std::vector<models::CounterInfo>& counters, const simulation::OpMeasurement& op,
                       const char* component, const char* event) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < counters.size(); ++i)
    if (counters[i].component == component && counters[i].event == event) count += op.counters[i];
  return count;
}

// Of main memory, in the whole frame.
std::uint64_t read_bytes(const simulation::Simulation& simulation, const simulation::FrameMeasurement& frame) {
  std::uint64_t bytes = count_of(simulation.counters, frame.outside, "dram", "read_bytes");
  for (const simulation::OpMeasurement& op : frame.ops)
    bytes += count_of(simulation.counters, op, "dram", "read_bytes");
  return bytes;
}

// By component, in the order in which they come first, as result.json holds them.
std::vector<costs::EventCount> counted(const std::vector<models::CounterInfo>& counters,
                                       const simulation::OpMeasurement& op) {
  std::vector<costs::EventCount> events;
  for (std::size_t i = 0; i < counters.size(); ++i)
    if (op.counters[i] != 0) {
      const auto last = std::find_if(events.rbegin(), events.rend(), [&](const costs::EventCount& other) {
        return other.component == counters[i].component;
      });
      events.insert(last == events.rend() ? events.end() : last.base(),
                    {counters[i].component, counters[i].event, op.counters[i]});
    }
  return events;
}

result::LayerFacts measured(const simulation::Simulation& simulation, const simulation::OpMeasurement& op) {
  result::LayerFacts layer;
  layer.cycles = op.cycles;
  layer.causes = op.causes;
  layer.hart_instructions = op.hart_instructions;
  layer.counters = counted(simulation.counters, op);
  const auto count = [&](const char* component, const char* event) {
    return count_of(simulation.counters, op, component, event);
  };
  layer.dram_read_bytes = count("dram", "read_bytes");
  layer.dram_write_bytes = count("dram", "write_bytes");
  layer.map_read_bytes = count("engine.map_memory", "read_bytes");
  layer.map_write_bytes = count("engine.map_memory", "write_bytes");
  layer.busy = {count("engine.busy", "fetch"), count("engine.busy", "load"), count("engine.busy", "compute"),
                count("engine.busy", "store")};
  return layer;
}

std::uint64_t packed_bytes(std::uint64_t pixels, std::uint64_t channels, std::uint64_t bits) {
  return pixels * ((channels * bits + 7) / 8);
}

// Of `extent` rows or columns, those that some output's window reads.
std::uint64_t reached(std::uint64_t extent, std::uint64_t outputs, std::uint64_t window, std::uint64_t stride) {
  return stride > window ? std::min(extent, outputs * window) : extent;
}

// What the operation computes and the activations it cannot do without.
void describe_shape(const lutra_op& op, result::LayerFacts& layer) {
  const bool stream = (op.flags & LUTRA_OP_STREAM) != 0;
  const bool codes = (op.flags & LUTRA_OP_CODES) != 0 || !stream;
  const lutra_tensor& output = codes ? op.codes : op.stream;
  layer.output_channels = op.kind == LUTRA_OP_NORMALISE  ? op.codes.channels
                          : op.kind == LUTRA_OP_RESAMPLE ? op.input_channels
                                                         : op.output_channels;
  layer.output_pixels = std::uint64_t{output.height} * output.width;
  layer.groups = op.groups;
  const std::uint64_t raw_pixels = layer.output_pixels * layer.output_channels;  // a byte each
  const std::uint64_t input_pixels = reached(op.input.height, output.height, op.window_height, op.stride_y) *
                                     reached(op.input.width, output.width, op.window_width, op.stride_x);
  layer.input_bytes = op.kind == LUTRA_OP_NORMALISE ? raw_pixels
                      : op.kind == LUTRA_OP_RESAMPLE
                          ? packed_bytes(layer.output_pixels, layer.output_channels, op.input.bits)
                          : packed_bytes(input_pixels, op.input.channels, op.input.bits);
  if (op.input.memory == LUTRA_MEMORY_MAPS) layer.map_input_bytes = layer.input_bytes;
  const auto add = [](std::uint64_t bytes, const lutra_tensor& tensor, std::uint64_t& all, std::uint64_t& in_maps) {
    all += bytes;
    if (tensor.memory == LUTRA_MEMORY_MAPS) in_maps += bytes;
  };
  if ((op.flags & LUTRA_OP_SKIP) != 0)
    add(packed_bytes(layer.output_pixels, op.skip.channels, op.skip.bits), op.skip, layer.input_bytes,
        layer.map_input_bytes);
  const auto write = [&](const lutra_tensor& tensor) {
    add(packed_bytes(layer.output_pixels, layer.output_channels, tensor.bits), tensor, layer.output_bytes,
        layer.map_output_bytes);
  };
  if (codes) write(op.codes);
  if (stream) write(op.stream);
}

std::vector<result::LayerFacts> describe_layers(const compiler::Program& program,
                                                const simulation::Simulation& simulation,
                                                const simulation::FrameMeasurement& frame) {
  std::vector<result::LayerFacts> layers;
  std::set<std::string> names;
  const std::vector<lutra_op> ops = program::read_operations(program.image);
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    const compiler::OpPlan& plan = program.ops[i];
    result::LayerFacts layer = measured(simulation, frame.ops.at(i));
    layer.name = names.contains(plan.name) ? fmt::format("{} [{}]", plan.name, i) : plan.name;
    names.insert(layer.name);
    layer.on_engine = plan.on_engine;
    layer.reason = plan.reason;
    layer.mapping = plan.mapping;
    layer.macs = plan.macs;
    layer.predicted_array_cycles = plan.array_cycles;
    layer.weight_bytes = plan.weight_bytes;
    layer.resident_weight_bytes = plan.resident ? plan.weight_bytes : 0;
    layer.weight_bits = plan.weight_bits;
    layer.merged_groups = static_cast<std::uint64_t>(plan.merged_groups);
    describe_shape(ops[i], layer);
    layers.push_back(std::move(layer));
  }
  layers.push_back(measured(simulation, frame.outside));
  layers.back().name = outside_name;
  return layers;
}

}  // namespace

result::Result assemble(const scenario::Scenario& scenario, const Prepared& prepared,
                        const result::AccuracyFacts& accuracy, const compiler::Program& program,
                        const simulation::Simulation& simulation, std::size_t verified_images,
                        const costs::Tables& tables) {
  result::Result result;
  result.scenario = scenario.name;
  result.description = scenario.description;
  result.network = {prepared.network.name, scenario.network.model, scenario.network.dataset, 0};
  for (const network::Operation& operation : prepared.network.operations)
    result.network.macs += network::multiply_accumulates(prepared.network, operation);
  result.scheme = prepared.scheme;
  result.engine = scenario.engine;
  result.cpu_fallback = scenario.cpu_fallback;
  result.normalise_on_hart = scenario.normalise_on_hart;
  result.memory_use = scenario.memory;
  result.soc = scenario.soc;
  result.implementations = scenario.implementations;
  result.accuracy = accuracy;
  result.verified_images = verified_images;

  const simulation::SteadyState steady = simulation::steady_state(simulation.frames);
  const simulation::FrameMeasurement& frame = simulation.frames[steady.typical];
  result.layers = describe_layers(program, simulation, frame);
  result.cycles.total = frame.cycles;
  result.cycles.first_frame = simulation.frames.front().cycles;
  result.cycles.reported_frame = steady.typical;
  result.cycles.steady_frames = steady.frames;
  result.cycles.mean = steady.mean;
  result.cycles.least = steady.least;
  result.cycles.most = steady.most;
  result.memory.residency = compiler::residency_text(program.ops);
  result.memory.map_bytes = program.map_bytes;
  result.memory.resident_parameter_bytes = program.parameter_bytes;
  result.memory.resident_command_bytes = program.command_bytes;
  result.memory.feature_maps = compiler::maps_text(program);
  result.memory.first_frame_read_bytes = read_bytes(simulation, simulation.frames.front());
  for (const result::LayerFacts& layer : result.layers) {
    result.cycles.by_cause += layer.causes;
    result.memory.weight_bytes += layer.weight_bytes;
    result.memory.resident_weight_bytes += layer.resident_weight_bytes;
    result.memory.dram_read_bytes += layer.dram_read_bytes;
    result.memory.dram_write_bytes += layer.dram_write_bytes;
    result.memory.map_read_bytes += layer.map_read_bytes;
    result.memory.map_write_bytes += layer.map_write_bytes;
  }
  price(result, tables);
  result::check_sums(result);
  return result;
}

}  // namespace lutra::exploration
