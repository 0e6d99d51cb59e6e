#pragma once

#include <concepts>

#include "software/result/result.h"
#include "software/result/result_json.h"

namespace lutra::result {

// The fields of a result, each declared once: under its name in result.json, with what it says. Whoever writes, reads,
// compares or documents results visits these lists; software/result/README.md shows them as a table.
//
//   visit(name, member, field)            a value, a list, or a struct that has a list of its own
//   visit.derived(name, value, field)     follows from other members: written, checked to be there, not read
//   visit.part(name, field, body)         an object without a struct of its own: body(visit) visits what is in it
//   visit.part_or_null(name, value, field, body)    the same around a value that may be absent: body(visit, value)
//
// The lists take const and mutable facts alike.

struct Field {
  const char* about = "";             // with its unit
  bool in_golden = false;             // traces/golden holds it
  bool in_csv = false;                // a column of layers.csv
  bool is_optional = false;           // results of older programs lack it
  const char* golden_name = nullptr;  // where golden results name it otherwise
};

// True and false under two words. (clang++ 14 deduces the arguments of an aggregate from a guide alone.)
template <typename Flag>
struct Choice {
  Flag& flag;
  const char* yes;
  const char* no;
};

template <typename Flag>
Choice(Flag&, const char*, const char*) -> Choice<Flag>;

// An energy that result.json gives in microjoules.
template <typename Energy>
struct Microjoules {
  Energy& energy;
};
template <typename Energy>
Microjoules(Energy&) -> Microjoules<Energy>;

template <typename Type, typename Facts>
concept Of = std::same_as<std::remove_const_t<Type>, Facts>;

template <Of<simulation::Causes> Facts, typename Visit>
void for_each_field(Facts& causes, const Visit& visit) {
  visit("compute", causes.compute, Field{"the array or the post-processor works, cycles", true, true});
  visit("load", causes.load, Field{"the array waits for data from memory, cycles", true, true});
  visit("store", causes.store, Field{"the array waits for room in the output buffer, cycles", true, true});
  visit("command", causes.command, Field{"the engine only fetches commands, cycles", true, true});
  visit("software", causes.software, Field{"the engine is idle: the hart works, cycles", true, true});
}

template <Of<simulation::UnitCycles> Facts, typename Visit>
void for_each_field(Facts& busy, const Visit& visit) {
  visit("fetch", busy.fetch, Field{"of the command processor"});
  visit("load", busy.load, Field{"of the load unit"});
  visit("compute", busy.compute, Field{"of the compute unit"});
  visit("store", busy.store, Field{"of the store unit"});
}

template <Of<costs::Provenance> Facts, typename Visit>
void for_each_field(Facts& provenance, const Visit& visit) {
  visit("source", provenance.source, Field{"where the figure comes from"});
  visit("kind", provenance.kind, Field{"published, measured, fitted or rule"});
  visit("uncertainty_percent", provenance.uncertainty_percent, Field{"of the figure, either way"});
  visit("table", provenance.table, Field{"the id of its cost table (software/costs/README.md)"});
}

template <Of<costs::Implementations> Facts, typename Visit>
void for_each_field(Facts& implementations, const Visit& visit) {
  visit("fpga", implementations.fpga, Field{"a device; empty: none"});
  visit("dsp_percent", implementations.dsp_percent, Field{"of the device's DSP blocks that arithmetic may take"});
  visit("asic", implementations.asic, Field{"a node; empty: none"});
}

template <Of<SchemeFacts> Facts, typename Visit>
void for_each_field(Facts& scheme, const Visit& visit) {
  visit("name", scheme.name, Field{"as the quantised network says"});
  visit("file", scheme.file, Field{"where the network was read, if it was not made in this run"});
  visit("weight_bits", scheme.weight_bits, Field{"of weights"});
  visit("activation_bits", scheme.activation_bits, Field{"of codes"});
  visit("first_last_bits", scheme.first_last_bits, Field{"of the first and the last layer's weights"});
  visit("wide_skip", scheme.wide_skip, Field{"additions read 16-bit streams"});
  visit("activations", scheme.activations, Field{.about = "the coding of what layers multiply", .is_optional = true});
  visit("requantise", scheme.requantise, Field{.about = "multiplier or shift", .is_optional = true});
  visit("progressive", scheme.progressive,
        Field{.about = "levels and budget; empty: the same weight bits everywhere", .is_optional = true});
  visit("parameters", scheme.parameters, Field{.about = "the scheme's own", .is_optional = true});
  visit("range", scheme.range, Field{"how ranges were calibrated"});
  visit("percentile", scheme.percentile, Field{"of the range 'percentile'; 0 with others"});
  visit("calibration_images", scheme.calibration_images, Field{"how many"});
  visit("calibration_split", scheme.calibration_split, Field{"train or test"});
  visit("weight_bits_total", scheme.weight_bits_total, Field{"stored weights of the network, unpadded, bits"});
}

template <Of<AccuracyFacts> Facts, typename Visit>
void for_each_field(Facts& accuracy, const Visit& visit) {
  visit.derived("top1_percent", accuracy.top1_percent(),
                Field{"of the quantised network; null: the images have no labels"});
  visit("images", accuracy.images, Field{"of the accuracy set; 0: they have no labels", true});
  visit("correct", accuracy.correct, Field{"answers of the quantised network, or null", true});
  visit.derived("float_top1_percent", accuracy.float_top1_percent(),
                Field{"null: there was no float network, or it was not run"});
  visit("float_correct", accuracy.float_correct, Field{"answers of the float network, or null"});
  visit.derived("top5_percent", accuracy.top5_percent(),
                Field{.about = "the label is one of the five best answers; null: no labels, or up to 5 classes",
                      .is_optional = true});
  visit("top5_correct", accuracy.top5_correct,
        Field{.about = "of the quantised network, or null", .is_optional = true});
  visit.derived("float_top5_percent", accuracy.float_top5_percent(),
                Field{.about = "of the float network, or null", .is_optional = true});
  visit("float_top5_correct", accuracy.float_top5_correct,
        Field{.about = "of the float network, or null", .is_optional = true});
  visit("other_answers", accuracy.other_answers,
        Field{.about = "of the integers than of the file that came quantised, or null", .is_optional = true});
  visit(
      "confusion", accuracy.confusion,
      Field{.about = "of the quantised network: a row for each class, in it how many of its images were taken for each "
                     "class; empty: no labels, or more than 256 classes",
            .is_optional = true});
  visit("class_names", accuracy.class_names,
        Field{.about = "of class 0 and on; empty: the data give them no names", .is_optional = true});
}

// What a layer is and does; its cycles are in for_each_timing_field.
template <Of<LayerFacts> Facts, typename Visit>
void for_each_field(Facts& layer, const Visit& visit) {
  visit("name", layer.name, Field{"unique in the result; '(frame)' is what belongs to no operation"});
  visit("unit", Choice{layer.on_engine, "engine", "hart"}, Field{"what computes it", true, true});
  visit("reason", layer.reason, Field{"why the hart computes it"});
  visit("mapping", layer.mapping, Field{"what lies on rows, columns and lanes", false, true});
  visit("macs", layer.macs, Field{"multiply-accumulates of an image", true, true});
  visit("predicted_array_cycles", layer.predicted_array_cycles,
        Field{"of the compute unit, by the closed formulas", true});
  visit("hart_instructions", layer.hart_instructions, Field{"retired", true, true});
  visit("weight_bytes", layer.weight_bytes, Field{"of its weights in memory, as packed", true, true});
  visit("resident_weight_bytes", layer.resident_weight_bytes,
        Field{.about = "of these, what stays in the engine's weight memory", .is_optional = true});
  visit("weight_bits", layer.weight_bits,
        Field{.about = "of a weight, as the scheme stores it; 0: there are none", .is_optional = true});
  visit("dram_read_bytes", layer.dram_read_bytes, Field{"read from main memory", true, true});
  visit("dram_write_bytes", layer.dram_write_bytes, Field{"written to main memory", true, true});
  visit("busy", layer.busy, Field{"cycles in which each unit of the engine works; they overlap"});
  visit("output_channels", layer.output_channels, Field{"of its output"});
  visit("output_pixels", layer.output_pixels, Field{"of its output, height times width"});
  visit("groups", layer.groups, Field{"of a convolution"});
  visit("merged_groups", layer.merged_groups,
        Field{.about = "neighbouring groups that the array takes as one, zeros between them", .is_optional = true});
  visit("input_bytes", layer.input_bytes,
        Field{"of the activations it must read once, a skip operand included, as packed"});
  visit("output_bytes", layer.output_bytes, Field{"of the activations it must write"});
  visit("map_input_bytes", layer.map_input_bytes,
        Field{.about = "of the input bytes, those in the engine's map memory", .is_optional = true});
  visit("map_output_bytes", layer.map_output_bytes,
        Field{.about = "of the output bytes, those in the engine's map memory", .is_optional = true});
  visit("map_read_bytes", layer.map_read_bytes, Field{.about = "read from the map memory", .is_optional = true});
  visit("map_write_bytes", layer.map_write_bytes, Field{.about = "written to the map memory", .is_optional = true});
  visit("counters", layer.counters,
        Field{"what the models counted, by component and event, without zeros; prices apply to it"});
}

template <Of<LayerFacts> Facts, typename Visit>
void for_each_timing_field(Facts& layer, const Visit& visit) {
  visit("cycles", layer.cycles, Field{"of the reported frame", true, true});
  visit("causes", layer.causes, Field{"what its cycles went to; they add up to them", true, true, false, "by_cause"});
}

// Of a line of EnergyFacts, behind the name of its layer.
template <Of<costs::EnergyLine> Facts, typename Visit>
void for_each_field(Facts& line, const Visit& visit) {
  visit("component", line.component, Field{"the block that spends it"});
  visit("event", line.event, Field{"what it does, or 'leakage'"});
  visit("count", line.count, Field{"events, bytes or cycles"});
  visit("uj", Microjoules{line.energy}, Field{"microjoules"});
  visit("kind", line.kind, Field{"of its price"});
  visit("uncertainty_percent", line.uncertainty_percent, Field{"of its price"});
}

template <Of<ComponentFacts> Facts, typename Visit>
void for_each_field(Facts& part, const Visit& visit) {
  visit("component", part.component, Field{"the block"});
  visit("lut", part.lut, Field{"of it"});
  visit("ff", part.ff, Field{"of it"});
  visit("dsp", part.dsp, Field{"of it"});
  visit("bram36", part.bram36, Field{"of it"});
  visit("lut_uncertainty_percent", part.lut_uncertainty_percent, Field{"either way"});
  visit("ff_uncertainty_percent", part.ff_uncertainty_percent, Field{"either way"});
}

template <Of<ResourceFacts> Facts, typename Visit>
void for_each_field(Facts& cells, const Visit& visit) {
  visit("lut", cells.lut, Field{"of the whole SoC", true});
  visit("ff", cells.ff, Field{"of the whole SoC", true});
  visit("dsp", cells.dsp, Field{"of the whole SoC", true});
  visit("bram36", cells.bram36, Field{"blocks of 36 kbit, in halves", true});
  visit("device", cells.device, Field{"of the device table", true});
  visit("fits", cells.fits, Field{"nothing exceeds the device", true});
  visit("implementation", cells.implementation, Field{"`fpga:<device>`"});
  visit("lut_used_percent", cells.lut_used_percent, Field{"of the device"});
  visit("ff_used_percent", cells.ff_used_percent, Field{"of the device"});
  visit("dsp_used_percent", cells.dsp_used_percent, Field{"of the device"});
  visit("bram_used_percent", cells.bram_used_percent, Field{"of the device"});
  visit("lut_uncertainty_percent", cells.lut_uncertainty_percent, Field{"either way"});
  visit("ff_uncertainty_percent", cells.ff_uncertainty_percent, Field{"either way"});
  visit("multipliers_in_fabric", cells.multipliers_in_fabric, Field{"that found no DSP block left", true});
  visit("components", cells.components, Field{"the same by block"});
  visit("sources", cells.sources, Field{"of the figures"});
}

template <Of<ComponentAreaFacts> Facts, typename Visit>
void for_each_field(Facts& part, const Visit& visit) {
  visit("component", part.component, Field{"the block"});
  visit("um2", part.um2, Field{"cell area"});
  visit("uncertainty_percent", part.uncertainty_percent, Field{"either way"});
}

template <Of<AreaFacts> Facts, typename Visit>
void for_each_field(Facts& area, const Visit& visit) {
  visit("total", area.um2, Field{"cell area, um2"});
  visit("implementation", area.implementation, Field{"`asic:<node>`"});
  visit("uncertainty_percent", area.uncertainty_percent, Field{"either way"});
  visit("components", area.components, Field{"the same by block"});
  visit("sources", area.sources, Field{"of the figures"});
}

template <Of<ClockFacts> Facts, typename Visit>
void for_each_field(Facts& clock, const Visit& visit) {
  visit("mhz", clock.mhz, Field{"the fastest, wires taken as ideal", true});
  visit("implementation", clock.implementation, Field{"`asic:<node>`"});
  visit("limited_by", clock.limited_by, Field{"the component with the longest path", true});
}

template <Of<MemoryFacts> Facts, typename Visit>
void for_each_field(Facts& memory, const Visit& visit) {
  visit("weight_bytes", memory.weight_bytes, Field{"of all weights, as packed", true});
  visit("dram_read_bytes", memory.dram_read_bytes, Field{"of the reported frame", true});
  visit("dram_write_bytes", memory.dram_write_bytes, Field{"of the reported frame", true});
  visit("resident_weight_bytes", memory.resident_weight_bytes,
        Field{.about = "of these, what stays in the engine's weight memory", .is_optional = true});
  visit("first_frame_read_bytes", memory.first_frame_read_bytes,
        Field{.about = "of the first frame, which loads what stays", .is_optional = true});
  visit("residency", memory.residency, Field{"where weights lie while frames run"});
  visit("map_bytes", memory.map_bytes,
        Field{.about = "of the engine's map memory, that are used", .is_optional = true});
  visit("map_read_bytes", memory.map_read_bytes,
        Field{.about = "of the map memory, in the reported frame", .is_optional = true});
  visit("map_write_bytes", memory.map_write_bytes,
        Field{.about = "of the map memory, in the reported frame", .is_optional = true});
  visit("feature_maps", memory.feature_maps,
        Field{.about = "which feature maps stay in the map memory", .is_optional = true});
  visit("resident_parameter_bytes", memory.resident_parameter_bytes,
        Field{.about = "of the post-processor's parameters, what stays in the map memory", .is_optional = true});
  visit("resident_command_bytes", memory.resident_command_bytes,
        Field{.about = "of the engine's commands, what stays in its command memory", .is_optional = true});
}

template <Of<costs::PublishedSoftware> Facts, typename Visit>
void for_each_field(Facts& software, const Visit& visit) {
  visit("name", software.name, Field{"what runs on what"});
  visit("network", software.network, Field{"that was measured there"});
  visit("cycles_per_mac", software.cycles_per_mac, Field{"of a multiply-accumulate"});
  visit("source", software.provenance, Field{"of the figure"});
}

template <Of<EnergyFacts> Facts, typename Visit>
void for_each_field(Facts& energy, const Visit& visit) {
  visit("total", Microjoules{energy.total}, Field{"of the reported frame, microjoules"});
  visit("implementation", energy.implementation, Field{"`asic:<node>`"});
  visit("uncertainty_percent", energy.uncertainty_percent, Field{"of the total, either way"});
  visit.derived("by_component", energy_by_component(energy), Field{"sums of the lines, microjoules"});
  visit("attribution", energy.lines, Field{"a line for each layer, component and event"});
  visit("not_counted", energy.not_counted, Field{"what the total leaves out, beyond its uncertainty"});
  visit("sources", energy.sources, Field{"of the prices"});
}

// The layers under another view: name, cycles and causes.
template <typename Layers>
struct Timings {
  Layers& layers;
};
template <typename Layers>
Timings(Layers&) -> Timings<Layers>;

template <Of<Result> Facts, typename Visit>
void for_each_field(Facts& result, const Visit& visit) {
  visit.derived("schema_version", result_schema_version, Field{"of this table"});
  visit("scenario", result.scenario, Field{"its name", true});
  visit("description", result.description, Field{"the scenario's"});
  visit("network", result.network.name, Field{"its name", true});
  visit.derived("scheme", scheme_label(result.scheme), Field{"in short", true});
  visit.derived("engine", engine_label(result.engine), Field{"family and rows x columns x lanes, or 'none'", true});
  visit("accuracy", result.accuracy, Field{"on the host's integer executor, which the SoC's logits equal", true});
  visit("verified_images", result.verified_images,
        Field{"simulated frames whose logits equal the reference, bit for bit", true});
  visit.part("cycles", Field{"of a frame on the SoC", true}, [&](const auto& cycles) {
    cycles("total", result.cycles.total, Field{"of the reported frame", true});
    cycles("reported_frame", result.cycles.reported_frame,
           Field{"its index: the frame nearest to the mean, the first of such"});
    cycles("first_frame", result.cycles.first_frame, Field{"with cold caches", true});
    cycles("steady_frames", result.cycles.steady_frames,
           Field{"frames behind the first; the first where there is no other"});
    cycles("mean", result.cycles.mean, Field{"of the steady frames: what designs are compared by", true});
    cycles("least", result.cycles.least, Field{"of a steady frame", true});
    cycles("most", result.cycles.most, Field{"of a steady frame", true});
    cycles.derived("per_mac", result.cycles_per_mac(), Field{"the mean, of the network's multiply-accumulates"});
    cycles("by_cause", result.cycles.by_cause, Field{"the sum of the layers' causes", true});
    cycles("by_layer", Timings{result.layers}, Field{"in the order of 'layers'"});
  });
  visit.derived("time_ms", result.time_ms(), Field{"of the mean at the scenario's clock"});
  visit("energy_uj", result.energy, Field{"null: the scenario names no ASIC node"});
  visit("resources", result.resources, Field{"null: the scenario names no device", true});
  visit("area_um2", result.area, Field{"null: the scenario names no ASIC node"});
  visit("engine_clock", result.clock,
        Field{"at which the engine's logic closes; null: no engine, no ASIC node, or no path of such an engine", true});
  visit("memory", result.memory, Field{"main memory's traffic and weights", true});
  visit("layers", result.layers, Field{"in execution order; the last one is what belongs to no operation"});
  visit.part("configuration", Field{"what was run, complete"}, [&](const auto& configuration) {
    configuration.part("network", Field{"the scenario's"}, [&](const auto& network) {
      network("model", result.network.model, Field{"as the scenario names it"});
      network("dataset", result.network.dataset, Field{"as the scenario names it"});
      network("macs", result.network.macs, Field{"multiply-accumulates of an image"});
    });
    configuration("scheme", result.scheme, Field{"how the network was quantised"});
    configuration("engine", result.engine, Field{"every knob (scenarios/README.md), or null"});
    configuration("fallback", Choice{result.cpu_fallback, "cpu", "none"}, Field{"cpu or none"});
    configuration("normalise", Choice{result.normalise_on_hart, "hart", "host"}, Field{"hart or host"});
    configuration("memory", result.memory_use,
                  Field{.about = "what of the network stays on chip", .is_optional = true});
    configuration("soc", result.soc, Field{"every knob (scenarios/README.md)"});
    configuration("implementations", result.implementations, Field{"what it is priced on"});
  });
  visit.part_or_null(
      "cpu_only", result.cpu_only_cycles, Field{"the same network on the hart alone; null: it was not run"},
      [&](const auto& alone, auto& cycles) {
        alone("cycles", cycles, Field{"of a frame, logits equal to the reference too"});
        alone.derived("per_mac", result.cpu_only_cycles_per_mac(), Field{"of the network's multiply-accumulates"});
      });
  visit("published_software", result.published_software, Field{"a published figure to put beside"});
}

// A struct with a list above.
template <typename Facts>
concept HasFields = requires(Facts& facts) {
  for_each_field(facts, 0);
};

}  // namespace lutra::result
