#include "software/exploration/campaign/array_search.h"

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

  ArrayChoices search(const Budget& budget) const {
    const SearchSpace space{budget, {4, 8, 16}, {4, 8}, {1, 4}, {2, 16}, {1, 4}};
    return search_arrays(scenario_, network_, space, 3, costs::carried_tables());
  }
  double mm2(const std::optional<accelerators::EngineConfig>& engine) const {
    const costs::Implementations on{.asic = "45nm"};
    return price_area({scenario_.soc, engine, on}, costs::carried_tables())->engine_um2() / 1e6;
  }

  scenario::Scenario scenario_;
  network::QuantisedNetwork network_;
};

TEST_F(ArraySearch, NoChoiceIsLargerThanTheAreaAndMoreAreaCostsNoCycles) {
  std::uint64_t before = UINT64_MAX;
  for (const double budget : {0.6, 0.8, 1.0, 2.0, 4.0}) {
    const ArrayChoices found = search(EngineArea{"45nm", budget});
    ASSERT_FALSE(found.best.empty()) << budget;
    for (const ArrayChoice& choice : found.best) EXPECT_LE(mm2(choice.engine), budget);
    EXPECT_LE(found.best.front().predicted_cycles, before) << budget;
    EXPECT_GE(found.effort.priced, found.effort.compiled);
    EXPECT_GE(found.effort.compiled, found.best.size());
    before = found.best.front().predicted_cycles;
  }
  EXPECT_EQ(search(EngineArea{"45nm", 4.0}).effort.compiled, 12U);  // every shape
}

TEST_F(ArraySearch, TheAreaIsOfTheEngineAlone) {
  const double smallest = mm2(search(EngineArea{"45nm", 0.6}).best.front().engine);
  scenario_.soc.sram.bytes *= 4;
  scenario_.soc.tcm_bytes *= 2;
  EXPECT_DOUBLE_EQ(mm2(search(EngineArea{"45nm", 0.6}).best.front().engine), smallest);
}

TEST_F(ArraySearch, ALargerDeviceCostsNoCycles) {
  EXPECT_LE(search(DeviceShare{"zu7ev", 75}).best.front().predicted_cycles,
            search(DeviceShare{"zynq-7020", 75}).best.front().predicted_cycles);
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
