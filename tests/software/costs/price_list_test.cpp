#include "software/costs/price_list.h"

#include <gmock/gmock.h>

#include "tests/software/scenario/message.h"

namespace lutra::costs {
namespace {

using test::message_of;
using ::testing::HasSubstr;

constexpr const char* provenance = "kind: published, uncertainty_percent: 10, source: a book";

std::string header(const std::string& node = "45nm") {
  return "implementation: asic:" + node + "\nnode: " + node + "\nvoltage_v: 0.9\n";
}

EnergyTable table(const std::string& body, const std::string& node = "45nm") {
  return parse_energy_table({"t.yaml", "t.yaml", header(node) + body});
}

std::string entry(const std::string& what) { return "  - {" + what + ", " + provenance + "}\n"; }

PriceList capacities(std::vector<MemoryAccess> accesses) {
  const EnergyTable sizes =
      table("energy_by_capacity:\n" + entry("capacity_bytes: 1024, word_bits: 32, read_pj: 1, write_pj: 2") +
            entry("capacity_bytes: 4096, word_bits: 64, read_pj: 6, write_pj: 8"));
  PricingContext context;
  context.accesses = std::move(accesses);
  return {{sizes}, context};
}

TEST(PriceList, AnEventCostsWhatItsTableSays) {
  const PriceList prices({table("energy:\n" + entry("component: hart, event: multiply, pj: 3.1"))}, {});
  const auto price = prices.find("hart", "multiply");
  ASSERT_TRUE(price);
  EXPECT_DOUBLE_EQ(price->pj, 3.1);
  EXPECT_EQ(price->provenance.source, "a book");
  EXPECT_EQ(price->provenance.table, "t.yaml");
  EXPECT_EQ(prices.node(), "45nm");
}

TEST(PriceList, AnEventWithoutAPriceIsAnErrorAndNotZero) {
  const PriceList prices({table("energy:\n" + entry("component: hart, event: multiply, pj: 3.1"))}, {});
  EXPECT_THAT(message_of([&] { prices.find("hart", "divide"); }),
              HasSubstr("no energy table of node 45nm prices the counter hart.divide"));
}

TEST(PriceList, AnEventListedAsFreeCostsNothing) {
  const PriceList prices({table("free:\n  - {component: bus, event: wait.*, reason: waiting}\n")}, {});
  EXPECT_FALSE(prices.find("bus", "wait.engine"));
  EXPECT_NE(message_of([&] { prices.find("bus", "read"); }), "no error");
}

TEST(PriceList, AMultiplierTakesTheSmallestListedOneThatHoldsIt) {
  const std::string body = "energy:\n" +
                           entry("component: array, event: mac, width_activation: 8, width_weight: 8, pj: 64") +
                           entry("component: array, event: mac, width_activation: 4, width_weight: 4, pj: 16");
  const auto price_at = [&](int activation_bits, int weight_bits) {
    PricingContext context;
    context.activation_bits = activation_bits;
    context.weight_bits = weight_bits;
    return PriceList({table(body)}, context).find("array", "mac")->pj;
  };
  EXPECT_DOUBLE_EQ(price_at(4, 4), 16);
  EXPECT_DOUBLE_EQ(price_at(3, 2), 16);
  EXPECT_DOUBLE_EQ(price_at(5, 4), 64);
  EXPECT_DOUBLE_EQ(price_at(8, 8), 64);
  EXPECT_NE(message_of([&] { price_at(9, 8); }), "no error");
}

TEST(PriceList, WhatPartsOfAnArrayShareIsDividedAmongThem) {
  PricingContext context;
  context.rows = 2;
  context.columns = 4;
  context.lanes = 8;
  const std::string body = "energy:\n" +
                           entry("component: array, event: mac, pj: 1, element_pj: 8, row_pj: 8, column_pj: 8") +
                           entry("component: array, event: idle, pj: 1");
  const PriceList prices({table(body)}, context);
  EXPECT_DOUBLE_EQ(prices.find("array", "mac")->pj, 1 + 8.0 / 8 + 8.0 / 4 + 8.0 / 2);
  EXPECT_DOUBLE_EQ(prices.find("array", "idle")->pj, 1);
  EXPECT_DOUBLE_EQ(PriceList({table(body)}, {}).find("array", "mac")->pj, 1 + 8 + 8 + 8);
}

TEST(PriceList, APipelineDeeperThanThoseListedTakesTheLastFactor) {
  const std::string body =
      "energy:\n" + entry("component: array, event: mac, pj: 1, element_pj: 1, by_pipeline: [0.5, 1, 2]");
  const auto pj_at = [&](int pipeline) {
    PricingContext context;
    context.pipeline = pipeline;
    return PriceList({table(body)}, context).find("array", "mac")->pj;
  };
  EXPECT_DOUBLE_EQ(pj_at(0), 1);
  EXPECT_DOUBLE_EQ(pj_at(1), 2);
  EXPECT_DOUBLE_EQ(pj_at(2), 4);
  EXPECT_DOUBLE_EQ(pj_at(9), 4);
  const std::string none = "energy:\n" + entry("component: array, event: mac, pj: 1, by_pipeline: []");
  EXPECT_THAT(message_of([&] { table(none); }), HasSubstr("lists no factor"));
}

TEST(PriceList, AMemoryIsPricedByItsCapacityPerBit) {
  const auto read_pj = [](std::uint64_t capacity) {
    return capacities({{"m", "read", capacity, 1, false}}).find("m", "read")->pj;
  };
  EXPECT_DOUBLE_EQ(read_pj(512), 1);             // below the smallest: the smallest
  EXPECT_DOUBLE_EQ(read_pj(1024), 1);            // 1 pJ for 32 bits
  EXPECT_DOUBLE_EQ(read_pj(4096), 3);            // 6 pJ for 64 bits
  EXPECT_DOUBLE_EQ(read_pj(2560), 2);            // half-way between them
  EXPECT_DOUBLE_EQ(read_pj(4 * 4096), 3 * 2.0);  // four times the size: twice the energy
}

TEST(PriceList, AnEventMayStandForSeveralAccesses) {
  const PriceList prices = capacities({{"c", "miss", 1024, 2, false}, {"c", "miss", 1024, 8, true}});
  EXPECT_DOUBLE_EQ(prices.find("c", "miss")->pj, 2 * 1 + 8 * 2);
}

TEST(PriceList, TheScenarioSaysHowLargeEachMemoryIs) {
  models::SocConfig soc;
  soc.hart.instruction_cache = {16384, 2, 32};
  soc.hart.data_cache.bytes = 0;
  accelerators::EngineConfig engine;
  engine.weight_buffer_bytes = 4096;
  const PricingContext context = pricing_context(soc, engine);
  bool weights = false;
  for (const MemoryAccess& access : context.accesses) {
    EXPECT_NE(access.component, "hart.dcache");
    if (access.component == "hart.icache" && access.event == "miss" && access.write) {
      EXPECT_DOUBLE_EQ(access.words, 8);
    }
    if (access.component != "engine.weight_buffer") continue;
    weights = true;
    EXPECT_EQ(access.capacity_bytes, 4096U);
    EXPECT_DOUBLE_EQ(access.words, 0.25);
  }
  EXPECT_TRUE(weights);
  EXPECT_EQ(context.activation_bits, engine.activation_bits);
}

TEST(PriceList, TablesMustAgree) {
  const EnergyTable one = table("energy:\n" + entry("component: a, event: b, pj: 1"));
  EXPECT_THAT(message_of([&] { PriceList({one, one}, {}); }), HasSubstr("prices a.b, which t.yaml already does"));
  EXPECT_THAT(message_of([&] { PriceList({one, table("", "7nm")}, {}); }), HasSubstr("a result uses one node"));
}

TEST(EnergyTable, RefusesWhatItDoesNotKnow) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { parse_energy_table({"t.yaml", "t.yaml", text}); });
  };
  EXPECT_EQ(refusal(header() + "enrgy: []\n"), "t.yaml:4: key 'enrgy' is unknown here; did you mean 'energy'?");
  EXPECT_THAT(refusal(header() + "energy:\n  - {component: a, event: b, pj: 1, source: x, kind: published}\n"),
              HasSubstr("t.yaml:5: energy[0]: key 'uncertainty_percent' is missing"));
  EXPECT_THAT(refusal(header() + "energy:\n" + entry("component: a, event: b, pj: -1")), HasSubstr("energy[0].pj"));
  EXPECT_THAT(refusal(header() + "energy:\n" + entry("component: a, event: b, pj: 1, width_weight: 3")),
              HasSubstr("give both"));
  const std::string size = entry("capacity_bytes: 8, word_bits: 32, read_pj: 1, write_pj: 1");
  EXPECT_THAT(refusal(header() + "energy_by_capacity:\n" + size + size), HasSubstr("must ascend"));
}

}  // namespace
}  // namespace lutra::costs
