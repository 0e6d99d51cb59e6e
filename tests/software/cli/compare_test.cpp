#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* three_rows =
    "comparison: two\n"
    "base: embedded\n"
    "device: {name: zynq-7020, cap_percent: 75, rows: [4, 8], columns: [8], lanes: [4, 8], post_lanes: [4],\n"
    "  compiled: 40}\n"
    "area: {mm2: 1, rows: [4, 8], columns: [8], lanes: [4], post_lanes: [4], compiled: 20}\n"
    "rows:\n"
    "  - name: mac\n"
    "    set: {run: {images: 20, simulate: 1}, scheme.calibration_images: 4}\n"
    "  - name: chosen\n"
    "    note: whatever is cheapest\n"
    "    set: {run: {images: 20, simulate: 1}, scheme.calibration_images: 4, scheme.weight_bits: 2, engine: auto}\n";

class CompareCommand : public testing::Test {
 protected:
  CommandResult compare(const std::string& arguments) { return lutra_command(scratch_, "compare " + arguments); }
  std::string file(const std::string& name) { return read_text_file(scratch_ / name); }

  Scratch scratch_;
};

TEST_F(CompareCommand, WritesEveryTableAndKeepsEveryBudget) {
  write_file(scratch_ / "two.yaml",
             std::string(three_rows).substr(0, std::string(three_rows).find("  - name: chosen")));
  const CommandResult printed = compare("two.yaml --output out --jobs 2");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  const auto json = nlohmann::json::parse(file("out/compare.json"));
  ASSERT_EQ(json.at("tables").size(), 3U);
  const auto& equal_device = json.at("tables").at(1).at("rows").at(0);
  EXPECT_EQ(equal_device.at("verified_images"), 1);
  EXPECT_LE(equal_device.at("dsp"), 165);
  EXPECT_LE(equal_device.at("lut"), 39900);
  EXPECT_THAT(file("out/compare.csv"), HasSubstr("\nequal device,zynq-7020 filled up to 75 %,mac,"));
  const auto& designs = json.at("tables").at(1).at("designs");
  EXPECT_EQ(designs.at("shapes"), 8);
  EXPECT_LE(designs.at("simulated"), 3);
  EXPECT_EQ(equal_device.at("minimised"), "cycles");
  EXPECT_LE(equal_device.at("bound"), equal_device.at("cycles"));
  EXPECT_NEAR(equal_device.at("above_bound_percent").get<double>(),
              100 * (equal_device.at("cycles").get<double>() / equal_device.at("bound").get<double>() - 1), 0.5);
  EXPECT_THAT(equal_device.at("found").dump(), HasSubstr("engine.lanes="));
  EXPECT_THAT(equal_device.at("found").dump(), Not(HasSubstr("engine.columns=")));  // there is one choice
  EXPECT_THAT(equal_device.at("given").dump(), HasSubstr("run={"));

  const auto& equal_area = json.at("tables").at(2).at("rows").at(0);
  EXPECT_EQ(json.at("tables").at(2).at("budget"), "1 mm2 at 45nm");
  EXPECT_LE(equal_area.at("engine_area_um2"), 1e6);
  const double own_mhz = equal_area.at("own_clock_mhz");
  EXPECT_EQ(own_mhz, std::floor(equal_area.at("closes_at_mhz").get<double>()));
  EXPECT_GE(equal_area.at("own_clock_time_ms").get<double>() * own_mhz * 1000, equal_area.at("cycles").get<double>());
  EXPECT_TRUE(json.at("tables").at(0).at("rows").at(0).at("own_clock_mhz").is_null());
  EXPECT_THAT(printed.output, HasSubstr("Equal area: 1 mm2 at 45nm; of each row the design with the fewest cycles"));
  EXPECT_THAT(printed.output,
              HasSubstr("found by the search: engine.rows, engine.lanes, engine.activation_buffer_bytes"));
  EXPECT_THAT(printed.errors, HasSubstr("arrays at zynq-7020 filled up to 75 %"));
  EXPECT_THAT(printed.output, Not(HasSubstr("streamed")));  // of the base: searched rows keep weights on chip
  EXPECT_THAT(printed.output, HasSubstr("Equal accuracy: no more than 0.5 or 1.0 points below the float network"));
  EXPECT_THAT(printed.output, HasSubstr("equal area, 1 mm2 at 45nm within 1.0: "));

  const std::string before = file("out/compare.csv");
  ASSERT_EQ(compare("two.yaml --output out --jobs 1").exit_code, 0);
  EXPECT_EQ(file("out/compare.csv"), before);
}

TEST_F(CompareCommand, ASearchMinimisesWhatIsAsked) {
  const std::string searched = "rows: [4, 8, 16], columns: [4, 8], lanes: [1, 4], post_lanes: [4], compiled: 60";
  write_file(scratch_ / "two.yaml",
             "comparison: two\nbase: embedded\n"
             "device: [{" +
                 searched + "}, {minimise: energy, " + searched + "}, {minimise: energy_delay, " + searched +
                 "}]\nrows:\n  - name: mac\n"
                 "    set: {run: {images: 20, simulate: 1}, scheme.calibration_images: 4}\n");
  const CommandResult printed = compare("two.yaml --output out --jobs 2");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  const auto json = nlohmann::json::parse(file("out/compare.json"));
  const auto row = [&](int table) { return json.at("tables").at(table).at("rows").at(0); };
  const auto cycles = [&](int table) { return row(table).at("cycles").get<double>(); };
  const auto energy = [&](int table) { return row(table).at("energy_uj").get<double>(); };
  EXPECT_LE(cycles(1), cycles(2));
  EXPECT_LE(energy(2), energy(1));
  EXPECT_LE(cycles(3) * energy(3), cycles(1) * energy(1));
  EXPECT_LE(cycles(3) * energy(3), cycles(2) * energy(2));
  for (const int table : {1, 2, 3}) EXPECT_GE(row(table).at("above_bound_percent"), 0) << table;
  EXPECT_LE(row(2).at("bound").get<double>(), energy(2));
  EXPECT_THAT(printed.output, HasSubstr("the design with the least energy that a search found"));

  write_file(scratch_ / "none.yaml",
             "comparison: x\nbase: embedded\nset: {implementations.asic: none}\nminimise: energy\ndevice: {}\n"
             "rows: [{name: a}]\n");
  EXPECT_THAT(compare("none.yaml --output none").errors,
              HasSubstr("none.yaml: row 'a': to minimise energy takes a node: implementations.asic: 45nm"));
}

TEST_F(CompareCommand, AnEngineIsChosenAndRowsThatFailAreNamedWhileTheOthersRun) {
  std::string text = three_rows;
  text.erase(text.find("device:"), text.find("rows:\n") - text.find("device:"));
  text += "  - name: refused\n    set: {engine.weight_bits: 2, run: {images: 20, simulate: 1}}\n";
  write_file(scratch_ / "two.yaml", text);
  const CommandResult printed = compare("two.yaml --output out --jobs 2");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("1 points failed"));
  EXPECT_THAT(printed.output, HasSubstr("weight_bits"));
  const auto json = nlohmann::json::parse(file("out/compare.json"));
  const auto& table = json.at("tables").at(0).at("rows");
  EXPECT_EQ(table.at(1).at("verified_images"), 1);
  EXPECT_NE(table.at(1).at("engine_label").get<std::string>().substr(0, 4), "auto");
  EXPECT_THAT(table.at(2).at("error").get<std::string>(), HasSubstr("on 2-bit multipliers"));
}

TEST_F(CompareCommand, ABrokenComparisonNamesFileAndLine) {
  write_file(scratch_ / "bad.yaml", "comparison: x\nbase: embedded\nrows:\n  - {name: a}\n  - {name: a}\n");
  const CommandResult printed = compare("bad.yaml --output out");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("bad.yaml:5: rows[1].name: there is a row 'a' already"));
  EXPECT_EQ(compare("bad.yaml").exit_code, 2);
  write_file(scratch_ / "twice.yaml",
             "comparison: x\nbase: embedded\ndevice:\n  rows: [4, 8, 4]\nrows:\n  - {name: a}\n");
  EXPECT_THAT(compare("twice.yaml --output out").errors, HasSubstr("twice.yaml:4: device.rows[2]: 4 is given twice"));
}

}  // namespace
}  // namespace lutra::test
