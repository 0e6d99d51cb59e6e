#include "software/exploration/campaign/comparison.h"

#include <gmock/gmock.h>

#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string head = "comparison: c\nbase: embedded\nrows: [{name: a}]\n";  // the next line is the fourth

std::vector<std::string> budgets(const std::string& text) {
  std::vector<std::string> all;
  for (const SearchSpace& space : parse_comparison(head + text, "c.yaml").searches)
    all.push_back(exploration::text(space.budget));
  return all;
}

std::string refusal(const std::string& text) {
  return test::message_of([&] { parse_comparison(head + text, "c.yaml"); });
}

TEST(Comparison, NamesADeviceOrSeveralAndAreas) {
  EXPECT_THAT(budgets(""), ElementsAre());
  EXPECT_THAT(budgets("device: {}\n"), ElementsAre("zynq-7020 filled up to 75 %"));
  EXPECT_THAT(
      budgets("area: [{mm2: 0.5}, {mm2: 2}]\ndevice: [{cap_percent: 62.5}, {name: zu7ev, rows: [4]}]\n"),
      ElementsAre("zynq-7020 filled up to 62.5 %", "zu7ev filled up to 75 %", "0.5 mm2 at 45nm", "2 mm2 at 45nm"));
  EXPECT_THAT(parse_comparison(head + "area: {mm2: 1, post_lanes: [3]}\n", "c.yaml").searches[0].post_lanes,
              ElementsAre(3));
}

TEST(Comparison, ASearchMayBeNarrowed) {
  const SearchSpace space =
      parse_comparison(head + "device: {dataflow: weight_stationary, bus_bytes: [16], memories: given, compiled: 9}\n",
                       "c.yaml")
          .searches[0];
  EXPECT_THAT(space.dataflows, ElementsAre(accelerators::Dataflow::weight_stationary));
  EXPECT_THAT(space.bus_bytes, ElementsAre(16));
  EXPECT_FALSE(space.free_memories);
  EXPECT_EQ(space.most_compiled, 9U);
  EXPECT_THAT(refusal("device: {bus_bytes: [8, 12]}\n"), HasSubstr("a bus of 12 bytes does not exist"));
}

TEST(Comparison, WhatIsMinimisedIsSaidOnceByASearchOrByARow) {
  const auto of = [](const std::string& text) {
    std::vector<Minimise> all;
    for (const SearchSpace& space : parse_comparison(head + text, "c.yaml").searches) all.push_back(space.minimise);
    return all;
  };
  EXPECT_THAT(of("device: {}\n"), ElementsAre(Minimise::cycles));
  EXPECT_THAT(of("minimise: energy\ndevice: [{minimise: energy_delay}, {name: zu7ev}]\narea: {mm2: 1}\n"),
              ElementsAre(Minimise::energy_delay, Minimise::energy, Minimise::energy));
  EXPECT_THAT(of("device: [{}, {minimise: energy}]\n"), ElementsAre(Minimise::cycles, Minimise::energy));
  const Comparison rows = parse_comparison(
      "comparison: c\nbase: embedded\ndevice: {}\nrows: [{name: a}, {name: b, minimise: energy}]\n", "c.yaml");
  EXPECT_EQ(rows.rows[0].minimise, std::nullopt);
  EXPECT_EQ(rows.rows[1].minimise, Minimise::energy);
  EXPECT_THAT(refusal("device: {minimise: power}\n"), HasSubstr("c.yaml:4: device.minimise: "));
  EXPECT_THAT(refusal("minimise: energy\n"), HasSubstr("c.yaml:4: minimise: nothing is searched"));
}

TEST(Comparison, ABudgetThatCannotBeIsNamedWithItsPlace) {
  EXPECT_THAT(refusal("device:\n  - {name: zynq-7020}\n  - {name: zu7}\n"), HasSubstr("c.yaml:6: device[1].name: "));
  EXPECT_THAT(refusal("device: {name: zu7}\n"), HasSubstr("zu7ev"));
  EXPECT_THAT(refusal("area: {node: 3nm, mm2: 1}\n"), HasSubstr("45nm"));
  EXPECT_THAT(refusal("area: {node: 45nm}\n"), HasSubstr("c.yaml:4: area"));
  EXPECT_THAT(refusal("area: {mm2: 0}\n"), HasSubstr("c.yaml:4: area.mm2: "));
  EXPECT_THAT(refusal("area: {cap_percent: 75, mm2: 1}\n"),
              HasSubstr("c.yaml:4: key 'cap_percent' is unknown in 'area'"));
  EXPECT_THAT(refusal("device: []\n"), HasSubstr("c.yaml:4: device: the list is empty"));
  EXPECT_THAT(refusal("area:\n  - {mm2: 1}\n  - {mm2: 1.0}\n"),
              HasSubstr("c.yaml:6: area[1]: there is a table of 1 mm2 at 45nm already; keep one"));
}

TEST(Comparison, WhatEveryRowHasStandsBehindItsOwnKeys) {
  const Comparison comparison = parse_comparison(
      "comparison: c\nbase: embedded\nset: {engine.map_memory_bytes: 6144}\n"
      "rows: [{name: a}, {name: b, set: {engine: {family: ternary, rows: 8, columns: 8, map_memory_bytes: 64}}}]\n",
      "c.yaml");
  ASSERT_EQ(comparison.rows.size(), 2U);
  for (const ComparisonRow& row : comparison.rows) {
    const auto variant = scenario::apply_overrides(comparison.base, row.settings, costs::carried_tables());
    EXPECT_EQ(variant.scenario.engine->map_memory_bytes, 6144) << row.name;
  }
}

}  // namespace
}  // namespace lutra::exploration
