#include "software/result/explain.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/software/result/sample_result.h"

namespace lutra::result {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// One engine layer on 4 x 4 x 2: 6 output channels, 10 pixels, 9 products each, and the frame's rest.
Result one_layer() {
  Result result = test::sample_result();
  result.engine->rows = result.engine->columns = 4;
  result.engine->lanes = 2;
  result.soc.interconnect.width_bytes = 8;
  result.cycles = {200, 0, 200, 1, 200, 200, 200, {80, 60, 10, 5, 45}};
  result.layers = {
      {.name = "conv",
       .on_engine = true,
       .reason = "",
       .mapping = "",
       .macs = 540,
       .cycles = 190,
       .causes = {80, 60, 10, 5, 35},
       .weight_bytes = 400,
       .dram_read_bytes = 800,
       .dram_write_bytes = 160,
       .busy = {30, 100, 80, 25},
       .output_channels = 6,
       .output_pixels = 10,
       .groups = 1,
       .input_bytes = 300,
       .output_bytes = 120,
       .counters = {}},
      {.name = "(frame)", .reason = "", .mapping = "", .cycles = 10, .causes = {0, 0, 0, 0, 10}, .counters = {}}};
  result.memory = {400, 800, 160, ""};
  result.energy->lines = {{0, "dram", "read_burst", 25, 400'000'000, costs::FigureKind::published, 30},
                          {0, "dram", "active_standby", 500, 95'000'000, costs::FigureKind::published, 10},
                          {0, "engine.array", "idle_multiply", 900, 50'000'000, costs::FigureKind::rule, 60},
                          {0, "engine.weight_buffer", "read_bytes", 700, 5'000'000, costs::FigureKind::rule, 50},
                          {1, "hart", "leakage", 10, 20'000'000, costs::FigureKind::rule, 100}};
  result.energy->total = 570'000'000;
  check_sums(result);
  return result;
}

const Lever& lever(const std::vector<Lever>& levers, const std::string& part) {
  static const Lever none;
  for (const Lever& each : levers)
    if (each.what.find(part) != std::string::npos) return each;
  ADD_FAILURE() << "no lever '" << part << "'";
  return none;
}

std::vector<Lever> levers_of(const Result& result) { return find_levers(result, explain(result).layers); }

TEST(Explain, TheBusiestUnitBoundsALayerAndTheNextOneFollows) {
  const Explanation explanation = explain(one_layer());
  const LayerExplanation& layer = explanation.layers.at(0);
  EXPECT_THAT(layer.needs, ElementsAre(80, 100, 25, 30, 35));
  EXPECT_EQ(layer.bound, Limit::load);
  EXPECT_EQ(layer.next, Limit::compute);
  EXPECT_EQ(layer.not_overlapped, 190u - 35 - 100);
  EXPECT_EQ(explanation.layers.at(1).bound, Limit::software);
}

TEST(Explain, EveryLimitCanBind) {
  for (const Limit limit : {Limit::compute, Limit::load, Limit::store, Limit::command, Limit::software}) {
    Result result = one_layer();
    LayerFacts& layer = result.layers[0];
    layer.busy = {};
    layer.causes.software = 1;
    std::uint64_t* const needs[] = {&layer.busy.compute, &layer.busy.load, &layer.busy.store, &layer.busy.fetch,
                                    &layer.causes.software};
    *needs[static_cast<int>(limit)] = 150;
    EXPECT_EQ(explain(result).layers[0].bound, limit) << name(limit);
  }
}

// 540 MACs on 32 elements: 16.875 cycles. 6 channels take 2 row blocks of 4: x 8/6. 10 pixels take 3 column blocks:
// x 12/10. 9 products take 5 passes of 2: x 10/9. 2 * 3 * 5 = 30 cycles; compute takes 80.
TEST(Explain, TheArraysLossesAddUpToTheLayersCycles) {
  const ArrayCycles array = explain(one_layer()).layers.at(0).array.value();
  EXPECT_DOUBLE_EQ(array.useful, 16.875);
  EXPECT_DOUBLE_EQ(array.rows, 22.5 - 16.875);
  EXPECT_DOUBLE_EQ(array.columns, 27 - 22.5);
  EXPECT_DOUBLE_EQ(array.lanes, 30 - 27);
  EXPECT_DOUBLE_EQ(array.tiles, 80 - 30);
  EXPECT_DOUBLE_EQ(array.waiting, 75);
  EXPECT_DOUBLE_EQ(array.software, 35);
  EXPECT_DOUBLE_EQ(array.total(), 190);
}

// One dimension fits, the others do not: the quotients round, and what fits loses exactly nothing.
TEST(Explain, WhatIsNotLostIsExactlyZero) {
  const auto lost = [](int rows, int columns, int lanes, int channels, int pixels, int products) {
    Result result = one_layer();
    result.engine->rows = rows;
    result.engine->columns = columns;
    result.engine->lanes = lanes;
    LayerFacts& layer = result.layers[0];
    layer.output_channels = static_cast<std::uint64_t>(channels);
    layer.output_pixels = static_cast<std::uint64_t>(pixels);
    layer.macs = std::int64_t{channels} * pixels * products;
    layer.causes.compute = 1'000'000;
    return explain(result).layers[0].array.value();
  };
  for (const int rows : {3, 7, 11, 13})
    for (const int columns : {3, 7, 11})
      for (const int lanes : {3, 5, 9}) {
        EXPECT_EQ(lost(rows, columns, lanes, rows * 5, 10, 10).rows, 0);
        EXPECT_EQ(lost(rows, columns, lanes, 10, columns * 5, 10).columns, 0);
        EXPECT_EQ(lost(rows, columns, lanes, 10, 10, lanes * 5).lanes, 0);
      }
}

TEST(Explain, GroupsNeverShareRows) {
  Result result = one_layer();
  result.layers[0].groups = 3;
  // 3 row blocks of 2 channels on 4 rows.
  EXPECT_DOUBLE_EQ(explain(result).layers[0].array->rows, 16.875);
}

// 3 groups of 2 channels and 9 products: merged all they fill 2 row blocks of 4 rows, and 27 products take 14 passes of
// 2 lanes, of which 9 products are useful.
TEST(Explain, MergedGroupsShareRowsAndLoseLanes) {
  Result result = one_layer();
  result.layers[0].groups = result.layers[0].merged_groups = 3;
  result.layers[0].causes.compute = 100;
  const ArrayCycles array = explain(result).layers[0].array.value();
  EXPECT_DOUBLE_EQ(array.rows, 22.5 - 16.875);
  EXPECT_DOUBLE_EQ(array.columns, 27 - 22.5);
  EXPECT_DOUBLE_EQ(array.lanes, 2 * 3 * 14 - 27);
  EXPECT_DOUBLE_EQ(array.tiles, 100 - 2 * 3 * 14);
}

TEST(Explain, DoesNotSplitFalselyWhatAnotherMappingLoses) {
  Result result = one_layer();
  result.engine->dataflow = accelerators::Dataflow::weight_stationary;
  const ArrayCycles array = explain(result).layers[0].array.value();
  EXPECT_EQ(array.rows + array.columns + array.lanes, 0);
  EXPECT_DOUBLE_EQ(array.tiles, 80 - 16.875);

  result = one_layer();
  result.layers[0].macs = 32 * 81;  // more than 80 cycles can hold: the engine skips work
  EXPECT_FALSE(explain(result).layers[0].array);
}

TEST(Explain, MinimumBytesAreWeightsInputAndOutputOnce) {
  const Explanation explanation = explain(one_layer());
  EXPECT_EQ(explanation.layers[0].minimum_read_bytes, 700u);
  EXPECT_EQ(explanation.minimum_read_bytes, 700u);
  EXPECT_EQ(explanation.minimum_write_bytes, 120u);
}

TEST(Explain, EveryLeverFollowsFromTheNumbers) {
  const std::vector<Lever> levers = levers_of(one_layer());
  // Half of what is read is weights: half of 100 busy cycles, less than the 60 waited for; half of the read bursts'
  // energy, and 50 / 190 of the standby.
  EXPECT_DOUBLE_EQ(lever(levers, "weights resident").cycles, 50);
  EXPECT_DOUBLE_EQ(lever(levers, "weights resident").energy_fj, 200'000'000 + 95'000'000 * 50.0 / 190);
  EXPECT_THAT(lever(levers, "weights resident").why, HasSubstr("400 bytes of weights, 50 % of all bytes"));
  // 800 bytes take 100 cycles of 8 bytes; 160 take 20: half of each.
  EXPECT_DOUBLE_EQ(lever(levers, "twice as wide").cycles, 50 + 10);
  // 40 cycles less compute, but 100 of load remain: 155 - 100 bound nothing here.
  EXPECT_DOUBLE_EQ(lever(levers, "twice the size").cycles, 40);
  EXPECT_DOUBLE_EQ(lever(levers, "the layers fill").cycles, 30 - 16.875);
  EXPECT_DOUBLE_EQ(lever(levers, "fully overlapped").cycles, 55);
  EXPECT_DOUBLE_EQ(lever(levers, "starts by itself").cycles, 35);
  EXPECT_DOUBLE_EQ(lever(levers, "clock gating").cycles, 0);
  EXPECT_DOUBLE_EQ(lever(levers, "clock gating").energy_fj, 50'000'000);
}

TEST(Explain, ALargerArrayDoesNotHelpBeyondTheNextBound) {
  Result result = one_layer();
  result.layers[0].busy.load = 150;
  EXPECT_DOUBLE_EQ(lever(levers_of(result), "twice the size").cycles, 155 - 150);
}

TEST(Explain, ASavingOfNothingIsNotALever) {
  Result result = one_layer();
  result.layers[0].weight_bytes = 0;
  for (const Lever& each : levers_of(result)) EXPECT_THAT(each.what, Not(HasSubstr("weights")));
}

TEST(Explain, WeightsThatStayAreNoTrafficAndNoLever) {
  Result result = one_layer();
  result.layers[0].resident_weight_bytes = 100;
  EXPECT_EQ(explain(result).layers.at(0).minimum_read_bytes, 600u);
  EXPECT_DOUBLE_EQ(lever(levers_of(result), "weights resident").energy_fj,
                   400'000'000 * 300.0 / 800 + 95'000'000 * 37.5 / 190);
  result.layers[0].resident_weight_bytes = 400;
  for (const Lever& each : levers_of(result)) EXPECT_THAT(each.what, Not(HasSubstr("weights")));
}

TEST(Explain, TheThreeBestComeFirst) {
  const Explanation explanation = explain(one_layer());
  ASSERT_EQ(explanation.for_cycles.size(), 3u);
  EXPECT_THAT(explanation.for_cycles[0].what, HasSubstr("twice as wide"));
  EXPECT_THAT(explanation.for_cycles[1].what, HasSubstr("fully overlapped"));
  EXPECT_THAT(explanation.for_cycles[2].what, HasSubstr("weights resident"));
  EXPECT_THAT(explanation.for_energy.at(0).what, HasSubstr("weights resident"));
}

TEST(Explain, ComponentsCarryTheUncertaintyOfTheirLines) {
  const Explanation explanation = explain(one_layer());
  ASSERT_EQ(explanation.components.front().component, "dram");
  EXPECT_DOUBLE_EQ(explanation.components.front().uncertainty_percent, (400.0 * 30 + 95 * 10) / 495);
  EXPECT_EQ(explanation.buffers.at(0).read_bytes, 700u);
}

TEST(Explain, LayersOnTheHartAreItsShareAndALever) {
  const Result result = test::sample_result();
  const Explanation explanation = explain(result);
  EXPECT_EQ(explanation.hart_layer_cycles, 40u);
  EXPECT_DOUBLE_EQ(lever(levers_of(result), "layers that the hart computes").cycles, 40);
  EXPECT_THAT(to_text(result, explanation), HasSubstr("layers on the hart (side path): 40 cycles (26.7 %)"));
}

TEST(Explain, ABareResultIsExplainedToo) {
  Result result = one_layer();
  result.engine.reset();
  result.energy.reset();
  result.layers[0].on_engine = false;
  const Explanation explanation = explain(result);
  EXPECT_FALSE(explanation.array);
  EXPECT_TRUE(explanation.for_energy.empty());
  EXPECT_THAT(to_text(result, explanation), Not(HasSubstr("uJ")));
  EXPECT_TRUE(nlohmann::json::parse(to_json(result, explanation)).at("array_cycles").is_null());

  result.layers.clear();
  result.cycles = {};
  EXPECT_THAT(to_text(result, explain(result)), HasSubstr("what bounds the frame"));
}

TEST(Explain, TextAndJsonSayTheSame) {
  const Result result = one_layer();
  const Explanation explanation = explain(result);
  const std::string text = to_text(result, explanation);
  EXPECT_THAT(text, HasSubstr("load-bound: 1 layer, 190 cycles (95.0 %)"));
  EXPECT_THAT(text, HasSubstr("1. an interconnect twice as wide: at most 60 cycles (30.0 %)"));
  const nlohmann::json json = nlohmann::json::parse(to_json(result, explanation));
  EXPECT_EQ(json.at("layers").at(0).at("bound_by"), "load");
  EXPECT_EQ(json.at("layers").at(0).at("needs").at("compute"), 80);
  EXPECT_EQ(json.at("for_cycles").at(0).at("cycles"), 60);
}

}  // namespace
}  // namespace lutra::result
