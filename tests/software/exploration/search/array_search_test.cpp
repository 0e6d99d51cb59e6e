#include "software/exploration/search/array_search.h"

#include <gmock/gmock.h>

#include "software/exploration/point/prepare.h"
#include "software/exploration/point/price.h"
#include "software/scenario/override.h"
#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using ::testing::HasSubstr;

class ArraySearch : public testing::Test {
 protected:
  ArraySearch() {
    scenario::Overrides settings;
    for (const char* setting : {"scheme.calibration_images=4", "run.images=1"})
      settings.push_back(scenario::parse_override(setting, "test"));
    scenario_ = scenario::apply_overrides(scenario::load_base("embedded"), settings).scenario;
    Inputs inputs;
    network_ = prepare(scenario_, inputs, {}).network;
  }

  static SearchSpace space(const Budget& budget) {
    SearchSpace space;
    space.budget = budget;
    space.rows = {4, 8, 16};
    space.columns = {4, 8};
    space.lanes = {1, 4};
    space.post_lanes = {1, 4, 16};
    space.bus_bytes = {8, 16};
    space.most_compiled = 60;
    return space;
  }
  ArrayChoices search(const Budget& budget) const {
    return search_arrays(scenario_, network_, space(budget), 3, costs::carried_tables());
  }
  double mm2(const std::optional<accelerators::EngineConfig>& engine) const {
    const costs::Implementations on{.asic = "45nm"};
    return price_area({scenario_.soc, engine, on}, costs::carried_tables())->engine_um2() / 1e6;
  }

  scenario::Scenario scenario_;
  network::QuantisedNetwork network_;
};

// The tables of lut have one dataflow; the search asks for both.
TEST_F(ArraySearch, PassesByEnginesThatCannotBeBuilt) {
  scenario_.engine->family = "lut";
  const ArrayChoices found = search(EngineArea{"45nm", 2.0});
  ASSERT_FALSE(found.best.empty());
  for (const Evaluated& choice : found.best)
    EXPECT_EQ(choice.design.engine.dataflow, accelerators::Dataflow::output_stationary);
}

TEST_F(ArraySearch, NoChoiceIsLargerThanTheAreaOrFasterThanTheBound) {
  for (const double budget : {0.6, 2.0}) {
    const ArrayChoices found = search(EngineArea{"45nm", budget});
    ASSERT_FALSE(found.best.empty()) << budget;
    for (const Evaluated& choice : found.best) {
      EXPECT_LE(mm2(choice.design.engine), budget);
      EXPECT_GE(choice.cost, found.least);
      EXPECT_GE(choice.cost, found.best.front().cost);
      EXPECT_EQ(choice.design.bus_bytes, scenario_.soc.interconnect.width_bytes) << "nobody pays for it";
    }
    EXPECT_EQ(found.effort.shapes, 72U);
    EXPECT_LE(found.effort.compiled, 61U);
  }
}

TEST_F(ArraySearch, TheAreaIsOfTheEngineAlone) {
  const double smallest = mm2(search(EngineArea{"45nm", 0.6}).best.front().design.engine);
  scenario_.soc.sram.bytes *= 4;
  scenario_.soc.tcm_bytes *= 2;
  EXPECT_DOUBLE_EQ(mm2(search(EngineArea{"45nm", 0.6}).best.front().design.engine), smallest);
}

TEST_F(ArraySearch, ALargerDeviceCostsNoCycles) {
  const ArrayChoices large = search(DeviceShare{"zu7ev", 75}), little = search(DeviceShare{"zynq-7020", 75});
  EXPECT_LE(large.best.front().cost, little.best.front().cost);
  EXPECT_LE(large.least, little.least);
}

TEST_F(ArraySearch, MemoriesThatAreGivenStayWhereTheyAre) {
  SearchSpace given = space(DeviceShare{"zu7ev", 75});
  given.free_memories = false;
  for (const Evaluated& choice : search_arrays(scenario_, network_, given, 3, costs::carried_tables()).best) {
    EXPECT_EQ(choice.design.engine.map_memory_bytes, 0);
    EXPECT_EQ(choice.design.engine.weight_memory_bytes, 0);
    EXPECT_EQ(choice.design.memory.commands, accelerators::ConstantPlace::streamed);
  }
}

// Small enough to compile every design there is.
TEST_F(ArraySearch, FindsTheFastestOfAllShapesThereAre) {
  SearchSpace few = space(DeviceShare{"zynq-7020", 75});
  few.free_memories = false;
  few.lanes = {4};
  few.bus_bytes = {8};
  few.most_compiled = 1000;
  const Activity activity;
  Evaluator evaluator(scenario_, network_, few, activity, costs::carried_tables());
  double fastest = 1e18;
  Design design = design_of(scenario_);
  design.engine.lanes = 4;
  for (const auto dataflow : few.dataflows)
    for (const int rows : few.rows)
      for (const int columns : few.columns)
        for (const int post_lanes : few.post_lanes) {
          design.engine.dataflow = dataflow;
          design.engine.rows = rows;
          design.engine.columns = columns;
          design.engine.post_lanes = post_lanes;
          const auto evaluated = evaluator.evaluate(design);
          if (evaluated) fastest = std::min(fastest, evaluated->cost);
        }
  EXPECT_LE(search_arrays(scenario_, network_, few, 1, costs::carried_tables()).best.front().cost, fastest);
}

TEST_F(ArraySearch, ABudgetNothingLiesWithinIsNamed) {
  EXPECT_THAT(test::message_of([&] {
                search(EngineArea{"45nm", 0.01});
              }),
              HasSubstr("no mac engine within 0.01 mm2 at 45nm computes the network; the smallest array is too large"));
  EXPECT_THAT(test::message_of([&] {
                search(DeviceShare{"zynq-7020", 1});
              }),
              HasSubstr("no mac engine within zynq-7020 filled up to 1 %"));
  EXPECT_THAT(test::message_of([&] { search(EngineArea{"3nm", 1}); }), HasSubstr("45nm"));
}

}  // namespace
}  // namespace lutra::exploration
