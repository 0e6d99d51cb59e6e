#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* smallest = "mac_element LANES=1 ACTIVATION_BITS=2 WEIGHT_BITS=2 ACCUMULATOR_BITS=16 PIPELINE=1";

class Synthesise : public testing::Test {
 protected:
  CommandResult run(const std::string& arguments) { return lutra_command(scratch_, "synthesise " + arguments); }
  bool has_yosys() { return shell(scratch_, "command -v yosys").exit_code == 0; }
  Scratch scratch_;
};

TEST_F(Synthesise, ListsUnitsWithTheirParameters) {
  const CommandResult listed = run("--list");
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_THAT(listed.output, HasSubstr("mac_element (mac): LANES, ACTIVATION_BITS, WEIGHT_BITS"));
  for (const char* unit : {"ternary_array", "serial_element", "power_of_two_array", "post_processor"})
    EXPECT_THAT(listed.output, HasSubstr(std::string(unit) + " ("));
}

TEST_F(Synthesise, AWrongCallSaysWhatIsRight) {
  EXPECT_EQ(run("").exit_code, 2);
  EXPECT_THAT(run("mac_element LANE=3").errors, HasSubstr("did you mean LANES?"));
  EXPECT_THAT(run("mac_element LANES=0").errors, HasSubstr("LANES=0: at least 1"));
  for (const char* parameter :
       {"LANES=-1", "LANES=1e3", "'LANES=4;exec sh'", "'LANES=4 x'", "lanes=4", "LANES=99999999"})
    EXPECT_THAT(run(std::string("mac_element ") + parameter).errors, HasSubstr("NAME=VALUE")) << parameter;
  EXPECT_THAT(run("mac_element --target spartan").errors, HasSubstr("xilinx7, ecp5, ice40"));
  EXPECT_THAT(run("mac_element LANES=4 LANES=8").errors, HasSubstr("LANES=8: LANES has a value already"));
  EXPECT_EQ(run("embedded LANES=4").exit_code, 2);
  EXPECT_THAT(run("embedded --target cells.lib").errors, HasSubstr("the family of an FPGA"));
  EXPECT_EQ(run("no_such_unit").exit_code, 1);
}

TEST_F(Synthesise, WithoutYosysThePackageIsNamed) {
  const CommandResult refused =
      shell(scratch_, std::string("PATH=/nowhere ") + LUTRA_COMMAND + " synthesise " + smallest);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("apt-get install yosys"));
}

// The registers of an element are declared: two operands of 2 bits, an accumulator and a drain register of 16, and the
// product's.
TEST_F(Synthesise, AUnitIsMappedOnceAndThenKept) {
  if (!has_yosys()) GTEST_SKIP() << "no yosys (apt-get install yosys)";
  const CommandResult first = run(std::string(smallest) + " --json --cache kept");
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  const auto cells = nlohmann::json::parse(first.output);
  EXPECT_EQ(cells.at("ff"), 2 + 2 + 2 * 16 + 4);
  EXPECT_GT(cells.at("lut"), 16);
  EXPECT_THAT(cells.at("tool"), testing::StartsWith("Yosys "));
  const std::string entries = shell(scratch_, "ls kept").output;
  EXPECT_EQ(std::count(entries.begin(), entries.end(), '\n'), 1);
  // A Yosys that only knows its version: what is kept is not done again, and what is not kept is.
  shell(scratch_,
        "mkdir bin; v=$(yosys -V); printf '#!/bin/sh\\n[ \"$1\" = -V ] && echo \"%s\"\\n' \"$v\" >bin/yosys; "
        "chmod +x bin/yosys");
  const std::string with_stub = std::string("PATH=$PWD/bin:$PATH ") + LUTRA_COMMAND + " synthesise ";
  EXPECT_EQ(shell(scratch_, with_stub + smallest + " --json --cache kept").output, first.output);
  const CommandResult other = shell(scratch_, with_stub + "mac_element LANES=2 --cache kept");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.errors, HasSubstr("Yosys does not synthesise it"));
}

// The price of an engine, beside a unit of the engine's parameters mapped alone.
TEST_F(Synthesise, AScenariosEngineIsPricedBesideWhatYosysMakesOfIt) {
  if (!has_yosys()) GTEST_SKIP() << "no yosys (apt-get install yosys)";
  write_file(scratch_ / "small.yaml",
             "name: small\nnetwork: {model: embedded, dataset: embedded}\nscheme: {name: uniform}\n"
             "engine: {family: mac, rows: 1, columns: 1, lanes: 1, post_lanes: 1, activation_bits: 8, weight_bits: 8, "
             "accumulator_bits: 24, use_dsp: false}\n");
  const CommandResult compared = run("small.yaml --target xilinx7 --json --cache kept");
  ASSERT_EQ(compared.exit_code, 0) << compared.errors;
  const auto rows = nlohmann::json::parse(compared.output);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("part"), "element");
  EXPECT_EQ(rows[1].at("unit"), "mac_array");
  EXPECT_EQ(rows[2].at("unit"), "post_processor");
  const auto alone = nlohmann::json::parse(
      run("mac_element LANES=1 ACTIVATION_BITS=8 WEIGHT_BITS=8 ACCUMULATOR_BITS=24 PIPELINE=1 --json --cache kept")
          .output);
  for (const char* cells : {"lut", "ff", "dsp"}) EXPECT_EQ(rows[0].at(cells), alone.at(cells)) << cells;
  for (const auto& row : rows) {
    const double lut = row.at("lut"), priced = row.at("priced").at("lut");
    EXPECT_NEAR(priced / lut, 1, 0.1) << row.at("part");
  }
  const CommandResult table = run("small.yaml --target xilinx7 --cache kept");
  EXPECT_THAT(table.output, HasSubstr("error %: of the price against Yosys on xilinx7"));
}

}  // namespace
}  // namespace lutra::test
