#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/family/check_knob.h"
#include "accelerators/family/engine_knobs.h"
#include "software/common/files.h"
#include "software/common/yaml.h"
#include "software/result/configuration_json.h"
#include "software/scenario/knob_table.h"
#include "software/scenario/scenario_hardware.h"

namespace lutra::scenario {

namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

accelerators::EngineConfig engine_of(const std::string& yaml) {
  const YamlDocument document = parse_yaml(yaml, "e.yaml");
  return *read_engine(YamlReader(document));
}

models::SocConfig soc_of(const std::string& yaml) {
  const YamlDocument document = parse_yaml(yaml, "s.yaml");
  return read_soc(YamlReader(document));
}

TEST(Knobs, StandInTheTablesOfTheScenariosPage) {
  const std::string page = read_text_file(std::filesystem::path(LUTRA_SOURCE_DIR) / "scenarios/README.md");
  EXPECT_THAT(page, HasSubstr(fmt::format("### engine\n\n{}", engine_key_table())))
      << "'lutra keys' prints what belongs there";
  EXPECT_THAT(page, HasSubstr(fmt::format("### memory\n\n{}", memory_key_table())))
      << "'lutra keys' prints what belongs there";
  EXPECT_THAT(page, HasSubstr(fmt::format("### network.dataset\n\n{}", dataset_key_table())))
      << "'lutra keys' prints what belongs there";
  EXPECT_THAT(page, HasSubstr(fmt::format("### soc\n\n{}", soc_key_table())))
      << "'lutra keys' prints what belongs there";
  EXPECT_THAT(page, HasSubstr(fmt::format("### run\n\n{}", run_key_table())))
      << "'lutra keys' prints what belongs there";
}

// One value of each range that is not the default, and one outside of it.
TEST(Knobs, GoFromAScenarioToAResultAndBackAndRefuseWhatLiesOutside) {
  accelerators::EngineConfig probe;
  int ranges = 0;
  accelerators::for_each_knob(probe, [&]<typename Field, typename Accepted>(const char* name, Field& field,
                                                                            const Accepted& accepted, const char*) {
    if constexpr (std::is_same_v<Accepted, KnobRange>) {
      ++ranges;
      field = static_cast<Field>(accepted.low);
      const accelerators::EngineConfig read = engine_of(fmt::format("{{family: mac, {}: {}}}", name, accepted.low));
      const nlohmann::ordered_json json = result::write_engine(read);
      EXPECT_EQ(json[name], accepted.low) << name;
      EXPECT_EQ(result::write_engine(result::read_engine(JsonReader(json, "r"))), json) << name;
      EXPECT_THAT([&] { engine_of(fmt::format("{}: {}", name, accepted.low - 1)); },
                  ThrowsMessage<Error>(HasSubstr(fmt::format("e.yaml:1: {}", name))));
      const auto outside = std::max(accepted.high, accepted.also) + 1;
      EXPECT_THAT([&] { engine_of(fmt::format("{}: {}", name, outside)); },
                  ThrowsMessage<Error>(HasSubstr(fmt::format("{}", outside))));
      EXPECT_THAT([&] { accelerators::check_knob(name, outside, accepted); },
                  ThrowsMessage<Error>(HasSubstr(fmt::format("{} is {}", name, outside))));
    } else if constexpr (std::is_same_v<Accepted, KnobWords>) {
      const char* last = std::data(accepted.words)[accepted.words.size() - 1];
      nlohmann::ordered_json json = result::write_engine(engine_of(fmt::format("{}: {}", name, last)));
      EXPECT_EQ(json[name], last);
      EXPECT_EQ(result::write_engine(result::read_engine(JsonReader(json, "r"))), json) << name;
      EXPECT_THAT([&] { engine_of(fmt::format("{}: {}x", name, last)); },
                  ThrowsMessage<Error>(HasSubstr(fmt::format("e.yaml:1: {}", name))));
      json[name] = "lottery";
      EXPECT_THAT([&] { result::read_engine(JsonReader(json, "r")); }, ThrowsMessage<Error>(HasSubstr("is none of")));
    }
  });
  EXPECT_GT(ranges, 15);
}

TEST(Knobs, OfAPartOfTheSocAreReadWithinItsMapping) {
  const models::SocConfig soc = soc_of("{hart: {data_cache: {bytes: 0, line_bytes: 64}}, sram: {bytes: 8192}}");
  EXPECT_EQ(soc.hart.data_cache.bytes, 0u);
  EXPECT_EQ(soc.hart.data_cache.line_bytes, 64u);
  EXPECT_EQ(soc.sram.bytes, 8192u);
  EXPECT_THAT([] { soc_of("hart: {data_cache: {line: 64}}"); }, ThrowsMessage<Error>(HasSubstr("line_bytes")));
  EXPECT_THAT([] { soc_of("interconnect: {width_bytes: 12}"); },
              ThrowsMessage<Error>(HasSubstr("12 is not a power of two")));
}

}  // namespace

}  // namespace lutra::scenario
