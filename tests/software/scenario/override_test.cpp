#include "software/scenario/override.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "software/common/files.h"
#include "tests/software/scenario/message.h"
#include "tests/support/scratch.h"

namespace lutra::scenario {
namespace {

using test::message_of;
using ::testing::HasSubstr;

constexpr const char* tiny =
    "name: tiny\n"
    "network: {model: embedded, dataset: embedded}\n"
    "scheme:\n"
    "  name: uniform\n"
    "  weight_bits: 4\n"
    "engine: {family: mac, rows: 8}\n"
    "fallback: cpu\n";

BaseScenario base(const std::string& text = tiny) { return {"tiny.yaml", parse_yaml(text, "tiny.yaml")}; }

Overrides overrides(const std::vector<std::string>& settings) {
  Overrides list;
  for (const std::string& setting : settings) list.push_back(parse_override(setting, "--set"));
  return list;
}

Variant variant(const std::vector<std::string>& settings) { return apply_overrides(base(), overrides(settings)); }

std::string refusal(const std::vector<std::string>& settings) {
  return message_of([&] { variant(settings); });
}

TEST(Override, ReplacesAValueAndLeavesTheOthers) {
  const Scenario scenario = variant({"engine.rows=12", "scheme.weight_bits=3"}).scenario;
  EXPECT_EQ(scenario.engine->rows, 12);
  EXPECT_EQ(scenario.engine->family, "mac");
  EXPECT_EQ(scenario.quantisation.options.weight_bits, 3);
  EXPECT_TRUE(scenario.cpu_fallback);
  EXPECT_EQ(scenario.file, "tiny.yaml");
}

TEST(Override, AddsKeysAndTheMappingsAroundThem) {
  const Scenario scenario = variant({"soc.hart.data_cache.ways=4", "network.normalisation.mean=[0.5]"}).scenario;
  EXPECT_EQ(scenario.soc.hart.data_cache.ways, 4U);
  EXPECT_EQ(scenario.network.normalisation.mean, std::vector<double>{0.5});
}

TEST(Override, AValueMayBeAMapping) {
  const Scenario scenario = variant({"engine={family: mac, columns: 4}", "engine.rows=5"}).scenario;
  EXPECT_EQ(scenario.engine->columns, 4);
  EXPECT_EQ(scenario.engine->rows, 5);
  EXPECT_FALSE(variant({"engine=none"}).scenario.engine);
}

TEST(Override, ATrainedNetworkTakesThePlaceOfTheSchemeAndBack) {
  const Scenario trained = variant({"quantized=embedded/twn_a8.onnx"}).scenario;
  EXPECT_EQ(trained.quantisation.file, "embedded/twn_a8.onnx");
  const Scenario back = variant({"quantized=embedded/twn_a8.onnx", "scheme={name: uniform, weight_bits: 3}"}).scenario;
  EXPECT_EQ(back.quantisation.file, "");
  EXPECT_EQ(back.quantisation.options.weight_bits, 3);
}

TEST(Override, TheTextIsTheSameForTheSameScenario) {
  EXPECT_EQ(variant({"engine.rows=12", "engine.columns=4"}).text, variant({"engine.columns=4", "engine.rows=12"}).text);
  EXPECT_EQ(variant({"engine.rows=8"}).text, variant({}).text);
  EXPECT_NE(variant({"engine.rows=9"}).text, variant({}).text);
}

TEST(Override, AMessageNamesThePlaceThatTheValueComesFrom) {
  EXPECT_EQ(refusal({"engine.rows=999"}),
            "--set engine.rows=999:1: engine.rows: '999' stands where a whole number from 1 to 255 is expected");
  EXPECT_EQ(refusal({"engin.rows=9"}), "--set engin.rows=9:1: key 'engin' is unknown here; did you mean 'engine'?");
  EXPECT_EQ(refusal({"engine.row=9"}), "--set engine.row=9:1: key 'row' is unknown in 'engine'; did you mean 'rows'?");
  const auto bad_base = [] {
    std::string text = tiny;
    text.replace(text.find("weight_bits: 4"), 14, "weight_bits: 9");
    apply_overrides(base(text), overrides({"engine.rows=9"}));
  };
  EXPECT_EQ(message_of(bad_base),
            "tiny.yaml:5: scheme.weight_bits: '9' stands where a whole number from 2 to 8 is expected");
}

TEST(Override, NothingCanBeSetInAWord) {
  EXPECT_EQ(refusal({"fallback.who=cpu"}),
            "--set fallback.who=cpu:1: fallback.who: 'fallback' is no mapping in tiny.yaml:7, so that nothing can be "
            "set in it; give 'fallback' a mapping as its value first");
}

TEST(Override, RefusesTextThatIsNotAKeyAndItsValue) {
  const auto message = [](const std::string& text) { return message_of([&] { parse_override(text, "--set"); }); };
  EXPECT_EQ(message("engine.rows"), "--set engine.rows: give key=value, as 'engine.rows=8'");
  for (const char* text : {"=8", ".=8", "a.=8", ".a=8", "a..b=8"})
    EXPECT_THAT(message(text), HasSubstr("names no key"));
  EXPECT_THAT(message(std::string(100'000, '.') + "=8"), HasSubstr("names no key"));
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_THAT(message(deep + "=8"), HasSubstr("more than 32 parts"));
  EXPECT_THAT(message("a=[1, "), HasSubstr("--set a=[1, "));
  for (const char* text : {"a=", "a=  ", "a=# 8"}) EXPECT_THAT(message(text), HasSubstr("no value stands behind '='"));
  EXPECT_EQ(message("engine.post_lanes=256:1:"),
            "--set engine.post_lanes=256:1:: '256:1:' is no value, but key and value ('256:1' and 'null'); give one "
            "value, as 'engine.rows=8', a list as 'key=[1, 2]' or a mapping as 'key={name: 1}'");
  EXPECT_THAT(message("a= b: 1"), HasSubstr("key and value ('b' and '1')"));
}

TEST(Override, ValuesKeepTheirTypes) {
  const auto json = [](const std::string& value) { return to_json(parse_override("k=" + value, "--set")->value); };
  EXPECT_EQ(json("8").dump(), "8");
  EXPECT_EQ(json("'8'").dump(), "\"8\"");
  EXPECT_EQ(json("0.5").dump(), "0.5");
  EXPECT_EQ(json("true").dump(), "true");
  EXPECT_EQ(json("nan").dump(), "\"nan\"");
  EXPECT_EQ(json("[1, {a: b}]").dump(), "[1,{\"a\":\"b\"}]");
  EXPECT_EQ(json(" {a: b}").dump(), "{\"a\":\"b\"}");
  EXPECT_EQ(parse_override("a.b=[1, x]", "--set")->label(), "a.b=[1,\"x\"]");
}

TEST(Override, TheBaseIsAFileOrCarried) {
  EXPECT_EQ(load_base("embedded").file, "scenarios/embedded.yaml");
  const test::Scratch scratch;
  const std::filesystem::path file = scratch / "base.yaml";
  write_file(file, tiny);
  EXPECT_EQ(apply_overrides(load_base(file.string()), {}).scenario.name, "tiny");
  EXPECT_THAT(message_of([] { load_base("embeded"); }), HasSubstr("did you mean 'embedded'?"));
}

}  // namespace
}  // namespace lutra::scenario
