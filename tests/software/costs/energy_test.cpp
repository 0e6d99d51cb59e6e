#include "software/costs/energy.h"
#include "accelerators/family/family.h"

#include <gtest/gtest.h>

#include "software/costs/soc_structure.h"
#include "software/costs/targets.h"

namespace lutra::costs {
namespace {

simulation::OpMeasurement operation(std::uint64_t cycles, std::vector<std::uint64_t> counters) {
  simulation::OpMeasurement op;
  op.cycles = cycles;
  op.counters = std::move(counters);
  return op;
}

PriceList two_prices() {
  const EnergyTable table = parse_energy_table(
      "implementation: asic:45nm\nnode: 45nm\nvoltage_v: 0.9\n"
      "energy:\n"
      "  - {component: array, event: mac, pj: 0.25, kind: published, uncertainty_percent: 20, source: a}\n"
      "  - {component: dram, event: burst, pj: 100, kind: rule, uncertainty_percent: 50, source: b}\n"
      "free:\n  - {component: dram, event: hit, reason: counted as a burst}\n",
      "t.yaml");
  return {{table}, {}};
}

const std::vector<models::CounterInfo> counters = {{"array", "mac", models::Quantity::events, ""},
                                                   {"dram", "burst", models::Quantity::events, ""},
                                                   {"dram", "hit", models::Quantity::events, ""}};

TEST(Energy, IsAttributedToLayerComponentAndEvent) {
  simulation::FrameMeasurement frame;
  frame.ops = {operation(10, {1000, 3, 2}), operation(20, {0, 1, 0})};
  frame.outside = operation(5, {0, 0, 7});
  const FrameEnergy energy = price_energy(counters, frame, two_prices(), {}, 200);
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
  simulation::FrameMeasurement frame;
  frame.outside = operation(200'000, {0, 0, 0});  // 1 ms at 200 MHz
  AsicArea area;
  ComponentArea array{"array", {}, {}};
  array.leakage_nw.add(5000, Provenance{"c", FigureKind::published, 10, "t"});
  area.components.push_back(array);
  const FrameEnergy energy = price_energy(counters, frame, two_prices(), area, 200);
  ASSERT_EQ(energy.lines.size(), 1U);
  EXPECT_EQ(energy.lines[0].event, "leakage");
  EXPECT_EQ(energy.lines[0].energy, 5'000'000);  // 5 uW for 1 ms: 5 nJ
}

TEST(Targets, EveryTableThatIsListedIsCarriedAndReads) {
  for (const std::string& node : asic_nodes()) {
    const AsicTarget target = find_asic_target(node);
    std::vector<EnergyTable> tables;
    for (const std::string& path : target.energy) tables.push_back(load_energy_table(path));
    for (const std::string& family : accelerators::family_names()) {
      std::vector<EnergyTable> with_family = tables;
      with_family.push_back(load_energy_table(family_table(family, node)));
      EXPECT_EQ(PriceList(with_family, {}).node(), node) << family;
    }
    EXPECT_EQ(price_area({}, {}, target.area).node, node);
  }
}

}  // namespace
}  // namespace lutra::costs
