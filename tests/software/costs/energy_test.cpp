#include "software/costs/energy.h"

#include <gtest/gtest.h>

#include "accelerators/family/family.h"
#include "software/costs/tables.h"

namespace lutra::costs {
namespace {

PriceList two_prices() {
  const EnergyTable table = parse_energy_table(
      {"t.yaml", "t.yaml",
       "implementation: asic:45nm\nnode: 45nm\nvoltage_v: 0.9\n"
       "energy:\n"
       "  - {component: array, event: mac, pj: 0.25, kind: published, uncertainty_percent: 20, source: a}\n"
       "  - {component: dram, event: burst, pj: 100, kind: rule, uncertainty_percent: 50, source: b}\n"
       "free:\n  - {component: dram, event: hit, reason: counted as a burst}\n"});
  return {{table}, {}};
}

TEST(Energy, IsAttributedToLayerComponentAndEvent) {
  const std::vector<CountedLayer> layers = {{10, {{"array", "mac", 1000}, {"dram", "burst", 3}, {"dram", "hit", 2}}},
                                            {20, {{"dram", "burst", 1}}},
                                            {5, {{"dram", "hit", 7}}}};
  const FrameEnergy energy = price_energy(layers, two_prices(), {}, 200);
  ASSERT_EQ(energy.lines.size(), 3U);
  EXPECT_EQ(energy.lines[0].layer, 0U);
  EXPECT_EQ(energy.lines[0].component, "array");
  EXPECT_EQ(energy.lines[0].energy, 250'000);  // 1000 x 0.25 pJ, in fJ
  EXPECT_EQ(energy.lines[1].energy, 300'000);
  EXPECT_EQ(energy.lines[2].layer, 1U);
  EXPECT_EQ(energy.lines[2].event, "burst");
  EXPECT_EQ(energy.lines[2].count, 1U);
  EXPECT_EQ(energy.lines[2].energy, 100'000);
  // 250 pJ at 20 % and 400 pJ at 50 %: 250 pJ of 650.
  EXPECT_NEAR(energy.uncertainty_percent, 100.0 * 250 / 650, 1e-9);
  EXPECT_EQ(energy.sources.size(), 2U);
}

TEST(Energy, LeakageIsAreaTimesTime) {
  AsicArea area;
  ComponentArea array{"array", {}, {}};
  array.leakage_nw.add(5000, Provenance{"c", FigureKind::published, 10, "t"});
  area.components.push_back(array);
  const FrameEnergy energy = price_energy({{200'000, {}}}, two_prices(), area, 200);  // 1 ms at 200 MHz
  ASSERT_EQ(energy.lines.size(), 1U);
  EXPECT_EQ(energy.lines[0].event, "leakage");
  EXPECT_EQ(energy.lines[0].energy, 5'000'000);  // 5 uW for 1 ms: 5 nJ
}

TEST(Targets, EveryNodeThatIsCarriedPricesEveryFamily) {
  EXPECT_FALSE(carried_tables().targets.empty());
  for (const AsicTarget& target : carried_tables().targets)
    for (const std::string& family : accelerators::family_names())
      EXPECT_EQ(PriceList(energy_tables(target, "lpddr4", family), {}).node(), target.node) << family;
}

}  // namespace
}  // namespace lutra::costs
