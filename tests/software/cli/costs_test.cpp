#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The carried table of the hart, but the loads that are free there cost something, whatever command prices them.
class CostsOption : public testing::Test {
 protected:
  CostsOption() {
    std::string table = read_text_file(std::filesystem::path(LUTRA_SOURCE_DIR) / "models/cpu/costs/hart_45nm.yaml");
    const std::string free = "  - {component: hart, event: load, ";
    const std::size_t entry = table.find(free);
    table.erase(entry, table.find('\n', entry) + 1 - entry);
    table.insert(table.find("free:\n"),
                 free + "pj: 1000, kind: rule, uncertainty_percent: 1, source: \"for this test\"}\n");
    write_file(scratch_ / "mine/energy/45nm/hart.yaml", table);
    write_file(scratch_ / "bad/energy/45nm/hart.yaml", "node: 45nm\nenergie: []\n");
    write_file(scratch_ / "one.yaml",
               "name: one\nnetwork: {model: embedded, dataset: embedded}\n"
               "scheme: {name: uniform, calibration_images: 4}\nrun: {images: 5, simulate: 1}\n"
               "engine: {family: mac, rows: 4}\n");
    write_file(scratch_ / "grid.yaml", "name: grid\nbase: one.yaml\naxes: {engine.rows: [4]}\n");
  }

  nlohmann::json done(const std::string& arguments, const std::string& file) {
    const CommandResult result = lutra_command(scratch_, arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments << ": " << result.errors;
    return nlohmann::json::parse(read_text_file(scratch_ / file));
  }
  static double microjoules(const nlohmann::json& result) { return result.at("energy_uj").at("total"); }

  Scratch scratch_;
};

TEST_F(CostsOption, PricesAnEventThatIsFreeInTheCarriedTables) {
  const auto carried = done("run one.yaml --quiet --no-float --output a", "a/result.json");
  const auto mine = done("run one.yaml --quiet --no-float --output b --costs mine", "b/result.json");
  EXPECT_GT(microjoules(mine), microjoules(carried));
  EXPECT_THAT(mine.dump(), AllOf(HasSubstr("user:energy/45nm/hart@"), HasSubstr("for this test")));
  EXPECT_THAT(carried.dump(), Not(HasSubstr("user:")));
  // What was run without the table holds the events that it prices, and the other way round.
  EXPECT_EQ(done("price a/result.json --quiet --output p.json --costs mine", "p.json"), mine);
  EXPECT_EQ(done("price b/result.json --quiet --output p.json", "p.json"), carried);
}

TEST_F(CostsOption, PointsOfASweepDependOnTheTables) {
  const auto carried = done("sweep grid.yaml --output s --quiet", "s/sweep.jsonl");
  const auto mine = done("sweep grid.yaml --output s --quiet --costs mine", "s/sweep.jsonl");
  EXPECT_NE(mine.at("key"), carried.at("key"));
  EXPECT_GT(mine.at("energy_uj"), carried.at("energy_uj"));
  EXPECT_EQ(mine.at("cycles"), carried.at("cycles"));
}

TEST_F(CostsOption, ServesComparisons) {
  const auto energy = [&](const std::string& options) {
    return done("compare one.yaml embedded --output c --quiet" + options, "c/compare.json")
        .at("tables")
        .at(0)
        .at("rows")
        .at(0)
        .at("energy_uj")
        .get<double>();
  };
  EXPECT_GT(energy(" --costs mine"), energy(""));
}

TEST_F(CostsOption, ServesChecks) {
  ASSERT_EQ(lutra_command(scratch_, "check one.yaml --golden g --update").exit_code, 0);
  const CommandResult other = lutra_command(scratch_, "check one.yaml --golden g --costs mine");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.output, HasSubstr("energy"));
}

TEST_F(CostsOption, ABadTableIsRefusedWithItsLineByEveryCommand) {
  ASSERT_EQ(lutra_command(scratch_, "run one.yaml --quiet --no-float --output a").exit_code, 0);
  for (const char* command :
       {"run one.yaml", "describe one.yaml", "sweep grid.yaml --output s", "compare one.yaml embedded --output c",
        "check one.yaml --golden g", "price a/result.json"}) {
    const CommandResult refused = lutra_command(scratch_, std::string(command) + " --costs bad");
    EXPECT_EQ(refused.exit_code, 1) << command;
    EXPECT_THAT(refused.errors, AllOf(StartsWith("lutra: error: "), HasSubstr("bad/energy/45nm/hart.yaml:2:")))
        << command;
  }
}

}  // namespace
}  // namespace lutra::test
