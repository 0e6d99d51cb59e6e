#include <gmock/gmock.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

class Explain : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(lutra_command(scratch_, "run --no-float --quiet --images 1 --simulate 1 --output out").exit_code, 0);
  }
  std::string refusal(const std::string& text) {
    write_file(scratch_ / "r.json", text);
    const CommandResult printed = lutra_command(scratch_, "explain r.json");
    EXPECT_EQ(printed.exit_code, 1);
    return printed.errors;
  }
  Scratch scratch_;
};

TEST_F(Explain, SaysWhereTheCyclesOfARunWent) {
  const CommandResult printed = lutra_command(scratch_, "explain out/result.json");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.output, HasSubstr("-bound: "));
  EXPECT_THAT(printed.output, HasSubstr("weights resident on chip: at most "));

  const auto result = nlohmann::json::parse(read_text_file(scratch_ / "out/result.json"));
  const auto json = nlohmann::json::parse(lutra_command(scratch_, "explain out/result.json --json").output);
  EXPECT_EQ(json.at("cycles"), result.at("cycles").at("total"));
  ASSERT_EQ(json.at("layers").size(), result.at("layers").size());
  std::map<std::string, std::uint64_t> needs;
  for (const auto& layer : json.at("layers")) {
    if (!layer.at("array_cycles").is_null()) {
      double sum = 0;
      for (const auto& part : layer.at("array_cycles")) {
        EXPECT_GE(part.get<double>(), 0) << layer.at("layer");
        sum += part.get<double>();
      }
      EXPECT_NEAR(sum, layer.at("cycles").get<double>(), 1e-6) << layer.at("layer");
    }
    EXPECT_GE(layer.at("dram_read_bytes"), layer.at("minimum_read_bytes")) << layer.at("layer");
    EXPECT_GE(layer.at("dram_write_bytes"), layer.at("minimum_write_bytes")) << layer.at("layer");
    for (const auto& [limit, need] : layer.at("needs").items()) needs[limit] += need.get<std::uint64_t>();
    for (const char* own : {"compute", "software"})
      EXPECT_LE(layer.at("needs").at(own), layer.at("cycles")) << layer.at("layer");
  }
  // The other units work ahead of a layer's cycles.
  for (const auto& [limit, need] : needs) EXPECT_LE(need, json.at("cycles").get<std::uint64_t>()) << limit;
}

TEST_F(Explain, RefusesAFileThatIsNotAResult) {
  const std::string whole = read_text_file(scratch_ / "out/result.json");
  EXPECT_THAT(refusal(whole.substr(0, whole.size() / 2)), HasSubstr("r.json: is not JSON"));
  EXPECT_THAT(refusal("layer,cycles\n"), HasSubstr("r.json: is not JSON"));
  EXPECT_THAT(refusal("{\"traceEvents\": []}"), HasSubstr("r.json: is not a result of Lutra's"));
  EXPECT_THAT(refusal("[1]"), HasSubstr("r.json: is not a result of Lutra's"));
  auto other = nlohmann::json::parse(whole);
  other["schema_version"] = 1;
  EXPECT_THAT(refusal(other.dump()),
              HasSubstr("r.json: has schema version 1; this program reads version 4: run the scenario again"));
  EXPECT_EQ(lutra_command(scratch_, "explain absent.json").exit_code, 1);
  EXPECT_EQ(lutra_command(scratch_, "explain out").exit_code, 1);
  EXPECT_EQ(lutra_command(scratch_, "explain").exit_code, 2);
}

}  // namespace
}  // namespace lutra::test
