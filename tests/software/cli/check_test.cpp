#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

class CheckCommand : public testing::Test {
 protected:
  CheckCommand() {
    write_scenario("wide", "{family: mac}");
    write_scenario("narrow", "{family: mac, rows: 4}");
  }

  void write_scenario(const std::string& name, const std::string& engine) {
    write_file(scratch_ / (name + ".yaml"),
               "name: " + name +
                   "\nnetwork: {model: embedded, dataset: embedded}\n"
                   "scheme: {name: uniform, calibration_images: 4}\nrun: {images: 20, simulate: 1}\nengine: " +
                   engine + "\n");
  }
  CommandResult check(const std::string& arguments) { return lutra_command(scratch_, "check " + arguments); }
  nlohmann::ordered_json golden(const std::string& name) {
    return nlohmann::ordered_json::parse(read_text_file(scratch_ / ("golden/" + name + ".json")));
  }
  void make_golden() { ASSERT_EQ(check("wide.yaml narrow.yaml --golden golden --update").exit_code, 0); }

  Scratch scratch_;
};

TEST_F(CheckCommand, AcceptsAResultThatWasMadeGolden) {
  const CommandResult made = check("wide.yaml narrow.yaml --golden golden --update");
  EXPECT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_EQ(made.output, "wide.yaml: golden/wide.json is new\nnarrow.yaml: golden/narrow.json is new\n");
  const CommandResult same = check("wide.yaml narrow.yaml --golden golden --jobs 2");
  EXPECT_EQ(same.exit_code, 0) << same.errors;
  EXPECT_EQ(same.output, "wide.yaml: as golden/wide.json\nnarrow.yaml: as golden/narrow.json\n");
}

TEST_F(CheckCommand, ADifferenceIsNamedWithBothValuesAndIsAnError) {
  make_golden();
  nlohmann::ordered_json changed = golden("wide");
  const auto cycles = changed.at("cycles").at("total").get<std::uint64_t>();
  changed["cycles"]["total"] = 2 * cycles;
  write_file(scratch_ / "golden/wide.json", changed.dump());
  const CommandResult refused = check("wide.yaml narrow.yaml --golden golden");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.output, "wide.yaml: 1 figures differ from golden/wide.json\n  cycles.total: " +
                                std::to_string(2 * cycles) + " -> " + std::to_string(cycles) + " (-" +
                                std::to_string(cycles) + ", -50 %)\nnarrow.yaml: as golden/narrow.json\n");
  EXPECT_EQ(refused.errors, "lutra: error: 1 of 2 scenarios are not as their golden results\n");
  EXPECT_EQ(golden("wide"), changed);  // only --update writes
}

TEST_F(CheckCommand, AChangeOfTheScenarioIsFoundAndUpdateMakesItGolden) {
  make_golden();
  write_scenario("wide", "{family: mac, rows: 8}");
  const CommandResult refused = check("wide.yaml --golden golden");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("  engine: \"mac 16x16x1\" -> \"mac 8x16x1\"\n  cycles.total: "));
  const CommandResult updated = check("wide.yaml --golden golden --update");
  EXPECT_EQ(updated.exit_code, 0);
  EXPECT_THAT(updated.output, HasSubstr("figures changed in golden/wide.json\n  engine: "));
  EXPECT_EQ(check("wide.yaml --golden golden").exit_code, 0);
}

TEST_F(CheckCommand, WithoutScenariosEveryGoldenResultIsChecked) {
  ASSERT_EQ(check("embedded_w2a2 --golden golden --update").exit_code, 0);
  const CommandResult same = check("--golden golden");
  EXPECT_EQ(same.exit_code, 0) << same.errors;
  EXPECT_EQ(same.output, "embedded_w2a2: as golden/embedded_w2a2.json\n");
  std::filesystem::create_directories(scratch_ / "empty");
  for (const char* folder : {"empty", "absent"}) {
    const CommandResult none = check(std::string("--golden ") + folder);
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.errors, HasSubstr(std::string(folder) + ": holds no golden results"));
  }
}

TEST_F(CheckCommand, AMissingGoldenResultIsAnError) {
  const CommandResult refused = check("wide.yaml --golden golden");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.output, "wide.yaml: golden/wide.json does not exist; --update makes it\n");
}

TEST_F(CheckCommand, ARunThatFailsIsAnErrorAndTheOthersAreChecked) {
  make_golden();
  const std::string before = read_text_file(scratch_ / "golden/wide.json");
  write_scenario("wide", "{family: mac, weight_bits: 2}");
  for (const std::string update : {"", " --update"}) {
    const CommandResult refused = check("wide.yaml narrow.yaml --golden golden" + update);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.output, HasSubstr("wide.yaml: failed: "));
    EXPECT_THAT(refused.output, HasSubstr("narrow.yaml: as golden/narrow.json\n"));
    EXPECT_THAT(refused.errors, HasSubstr("1 of 2 scenarios"));
    EXPECT_EQ(read_text_file(scratch_ / "golden/wide.json"), before);
  }
}

TEST_F(CheckCommand, AGoldenResultThatIsNotJsonIsAnErrorAndUpdateReplacesIt) {
  write_file(scratch_ / "golden/wide.json", "{\"scenario\": ");
  const CommandResult refused = check("wide.yaml --golden golden");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("wide.yaml: failed: golden/wide.json: is not JSON"));
  EXPECT_EQ(check("wide.yaml --golden golden --update").exit_code, 0);
  EXPECT_EQ(check("wide.yaml --golden golden").exit_code, 0);
}

TEST_F(CheckCommand, TwoScenariosOfOneGoldenResultAreRefused) {
  EXPECT_THAT(check("wide.yaml ./wide.yaml --golden golden").errors, HasSubstr("have one golden result"));
}

}  // namespace
}  // namespace lutra::test
