#pragma once

#include "software/result/result.h"

namespace lutra::test {

// A small result with every part in it, whose sums hold: one layer on the engine, one on the hart, and the frame's
// rest.
inline result::Result sample_result() {
  using namespace result;
  const costs::Provenance provenance{"a \"book\", page 7", costs::FigureKind::published, 12.5, "costs/t.yaml"};
  Result result;
  result.scenario = "sample";
  result.description = "for tests";
  result.network = {"net", "embedded", "embedded", 1600};
  result.scheme.name = "uniform";
  result.scheme.weight_bits = 4;
  result.scheme.activation_bits = 8;
  result.scheme.range = "mean_squared_error";
  result.scheme.calibration_images = 256;
  result.scheme.calibration_split = "train";
  result.scheme.weight_bits_total = 4000;
  result.engine = accelerators::EngineConfig{};
  result.accuracy = {3, 2, 3, 3, 3, std::nullopt, {{1, 0}, {1, 1}}, {"cat", "dog"}};
  result.verified_images = 2;
  result.cycles = {150, 1, 170, 3, 150, 140, 160, {60, 20, 5, 5, 60}};
  result.layers = {
      {.name = "conv,1",
       .on_engine = true,
       .reason = "",
       .mapping = "rows = output channels",
       .macs = 1500,
       .cycles = 100,
       .causes = {60, 20, 5, 5, 10},
       .hart_instructions = 30,
       .predicted_array_cycles = 58,
       .weight_bytes = 500,
       .weight_bits = 4,
       .dram_read_bytes = 700,
       .dram_write_bytes = 80,
       .counters = {{"dram", "read_burst", 3}, {"dram", "row_hit", 2}, {"engine.array", "multiply_accumulate", 1500}}},
      {.name = "fc",
       .reason = "no engine",
       .mapping = "",
       .macs = 100,
       .cycles = 40,
       .causes = {0, 0, 0, 0, 40},
       .hart_instructions = 35,
       .weight_bytes = 100,
       .dram_read_bytes = 120,
       .dram_write_bytes = 20,
       .counters = {{"hart", "execute", 40}}},
      {.name = "(frame)", .reason = "", .mapping = "", .cycles = 10, .causes = {0, 0, 0, 0, 10}, .counters = {}}};
  result.energy =
      EnergyFacts{"asic:45nm",
                  3'500'000'000,
                  31.25,
                  {{0, "dram", "read_burst", 3, 1'250'000'001, costs::FigureKind::rule, 30},
                   {0, "engine.array", "multiply_accumulate", 1500, 999'999'999, costs::FigureKind::fitted, 20},
                   {1, "hart", "execute", 40, 1'000'000'000, costs::FigureKind::published, 70},
                   {2, "hart", "leakage", 10, 250'000'000, costs::FigureKind::rule, 25}},
                  {provenance},
                  {"leakage of the memories"}};
  result.resources = ResourceFacts{.implementation = "fpga:zynq-7020",
                                   .device = "zynq-7020",
                                   .lut = 1234,
                                   .ff = 567,
                                   .dsp = 8,
                                   .bram36 = 9.5,
                                   .fits = true,
                                   .lut_used_percent = 2.3,
                                   .components = {{"engine.array", 1000.5, 400, 8, 0, 14, 0}},
                                   .sources = {provenance}};
  result.area = AreaFacts{"asic:45nm", 12345.5, 40, {{"engine.array", 12345.5, 40}}, {provenance}};
  result.clock = ClockFacts{"asic:45nm", 612.5, "engine.post"};
  result.memory = {600, 820, 100, "streamed per frame"};
  result.cpu_only_cycles = 12000;
  result.published_software = {"some library", "some network", 1.75, provenance};
  return result;
}

}  // namespace lutra::test
