#include "software/costs/lut_factors.h"

#include <gmock/gmock.h>

#include "software/costs/tables.h"
#include "tests/software/scenario/message.h"
#include "tests/support/synthesised.h"

namespace lutra::costs {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::map<std::string, LutFactors> read(const std::string& over, const std::string& factors, int times = 1) {
  std::string text = "tool: t\nfactors:\n";
  for (int i = 0; i < times; ++i)
    text += "  - {name: n, device_family: ice40, over: {" + over + "}, factors: [" + factors +
            "], kind: fitted, uncertainty_percent: " + std::to_string(5 + i) + ", source: s}\n";
  const TableText table{"lut_factors/x", "x.yaml", text};
  return read_lut_factors({&table});
}

double at(const std::string& over, const std::string& factors, std::vector<std::pair<std::string, int>> where) {
  return read(over, factors).at("ice40").at("n").grids.front().at(where);
}

TEST(LutFactors, AreInterpolatedBetweenPointsAndKeptBeyondThem) {
  EXPECT_DOUBLE_EQ(at("lanes: [4, 16]", "1, 2", {{"lanes", 4}}), 1);
  EXPECT_DOUBLE_EQ(at("lanes: [4, 16]", "1, 2", {{"lanes", 8}}), 1.5);  // over the logarithm
  EXPECT_DOUBLE_EQ(at("lanes: [4, 16]", "1, 2", {{"lanes", 1}}), 1);
  EXPECT_DOUBLE_EQ(at("lanes: [4, 16]", "1, 2", {{"lanes", 64}}), 2);
}

TEST(LutFactors, RunOverSeveralCoordinatesTheLastOneFastest) {
  const std::string over = "lanes: [4, 16], weight_bits: [2, 4, 8]";
  const std::string factors = "1, 2, 3, 4, 5, 6";
  EXPECT_DOUBLE_EQ(at(over, factors, {{"weight_bits", 8}, {"lanes", 4}}), 3);
  EXPECT_DOUBLE_EQ(at(over, factors, {{"weight_bits", 2}, {"lanes", 16}}), 4);
  EXPECT_DOUBLE_EQ(at(over, factors, {{"weight_bits", 2}, {"lanes", 8}}), 2.5);
}

TEST(LutFactors, OfOneNameMultiplyAndPrintTheWorstUncertainty) {
  const LutFactor factor = read("lanes: [1]", "2", 2).at("ice40").at("n");
  EXPECT_EQ(factor.grids.size(), 2U);
  EXPECT_DOUBLE_EQ(factor.provenance.uncertainty_percent, 6);
}

TEST(LutFactors, RefuseABadTableWithFileAndLine) {
  EXPECT_THAT(test::message_of([] { read("lanes: [1, 2]", "1"); }),
              AllOf(HasSubstr("x.yaml:3"), HasSubstr("2 points")));
  EXPECT_THAT(test::message_of([] { read("lanes: [2, 2]", "1, 1"); }), HasSubstr("ascend"));
  EXPECT_THAT(test::message_of([] { at("rows: [2]", "1", {{"lanes", 4}}); }), HasSubstr("rows"));
}

TEST(LutFactors, ScaleTheLutsOfThePartsThatNameThem) {
  accelerators::Structure structure(1);
  structure[0] = {.component = "x", .kind = accelerators::PrimitiveKind::logic, .width_a = 1000};
  structure[0].lut_factor = {"n", {{"lanes", 8}}};
  Device device = test::roomy_device("ice40");
  device.rules.lut_factors = read("lanes: [4, 16]", "1, 2").at("ice40");
  const double by_rule = 1000 * device.rules.luts_per_function;
  const FpgaResources scaled = pack(structure, {}, device);
  EXPECT_EQ(scaled.lut, std::lround(std::ceil(1.5 * by_rule)));
  EXPECT_DOUBLE_EQ(scaled.lut_uncertainty_percent, 5);
  device.rules.borrowed_factors = true;  // what the rules cannot promise, another family's factors do not
  EXPECT_DOUBLE_EQ(pack(structure, {}, device).lut_uncertainty_percent, device.rules.function.uncertainty_percent);
  structure[0].lut_factor.name = "another";
  EXPECT_EQ(pack(structure, {}, device).lut, std::lround(std::ceil(by_rule)));
}

bool is_a_vertex(const LutFactorGrid& grid, const accelerators::LutFactorKey& key) {
  for (const auto& [name, points] : grid.over)
    for (const auto& [coordinate, value] : key.at)
      if (coordinate == name && std::find(points.begin(), points.end(), value) == points.end()) return false;
  return true;
}

// A table is no more than what its points say: there the price is the measurement, or that of points which share a
// factor their mean.
TEST(LutFactors, AreThoseOfTheCommittedPoints) {
  constexpr double percent_at_a_point = 8, percent_of_all = 0.5;
  int vertices = 0;
  double sum = 0;
  for (const auto& [family, table] : test::fitted_tables())
    for (const test::SynthesisRow& row : test::element_rows(table, family)) {
      if (!row.tuned || row.config.use_dsp) continue;
      const LutFactors factors = test::roomy_device(row.device_family).rules.lut_factors;
      bool at_vertices = false;
      for (const auto& part : accelerators::make_family(row.config)->structure())
        if (const auto factor = factors.find(part.lut_factor.name); factor != factors.end()) {
          at_vertices = true;
          for (const LutFactorGrid& grid : factor->second.grids)
            at_vertices = at_vertices && is_a_vertex(grid, part.lut_factor);
          if (!at_vertices) break;
        }
      if (!at_vertices) continue;
      ++vertices;
      const auto lut = static_cast<double>(test::element_formula(row).lut);
      sum += (lut / row.lut - 1) * 100;
      EXPECT_LE(std::abs(lut - row.lut), row.lut * percent_at_a_point / 100 + test::control_luts)
          << row.place << ": " << lut << " LUT by formula, " << row.lut << " measured";
    }
  EXPECT_GT(vertices, 100);
  EXPECT_LE(std::abs(sum / vertices), percent_of_all);
}

}  // namespace
}  // namespace lutra::costs
