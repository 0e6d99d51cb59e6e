#include <gmock/gmock.h>

#include "software/common/files.h"
#include "software/scenario/override.h"
#include "tests/software/scenario/message.h"
#include "tests/support/scratch.h"

namespace lutra::scenario {
namespace {

using test::message_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HardwareFile : public testing::Test {
 protected:
  Hardware load(const std::string& text, const std::vector<std::string>& settings = {}) {
    write_file(scratch_ / "soc.yaml", text);
    return load_hardware((scratch_ / "soc.yaml").string(), parsed(settings));
  }
  std::string refusal(const std::string& text, const std::vector<std::string>& settings = {}) {
    return message_of([&] { load(text, settings); });
  }
  static Overrides parsed(const std::vector<std::string>& settings) {
    Overrides list;
    for (const std::string& setting : settings) list.push_back(parse_override(setting, "--set"));
    return list;
  }

  test::Scratch scratch_;
};

TEST_F(HardwareFile, MayHoldTheSocAlone) {
  const Hardware hardware = load("soc: {clock_mhz: 50}\n");
  EXPECT_EQ(hardware.soc.clock_mhz, 50);
  EXPECT_FALSE(hardware.engine);
}

TEST_F(HardwareFile, MayHoldAnEngineAndAName) {
  const Hardware hardware = load("name: mine\ndescription: a board\nengine: {family: mac, rows: 4}\n");
  ASSERT_TRUE(hardware.engine);
  EXPECT_EQ(hardware.engine->rows, 4);
  EXPECT_EQ(hardware.soc.clock_mhz, models::SocConfig{}.clock_mhz);
  EXPECT_FALSE(load("engine: none\n").engine);
}

TEST_F(HardwareFile, MayBeAWholeScenario) {
  const Hardware hardware = load_hardware("embedded", {});
  EXPECT_TRUE(hardware.engine);
  EXPECT_FALSE(load_hardware("embedded_cpu", {}).engine);
  EXPECT_EQ(load_hardware("embedded", parsed({"engine.rows=4"})).engine->rows, 4);
}

TEST_F(HardwareFile, ChangesWithOverrides) {
  const Hardware hardware = load("soc: {clock_mhz: 50}\n", {"soc.tcm_bytes=65536", "engine.family=mac"});
  EXPECT_EQ(hardware.soc.clock_mhz, 50);
  EXPECT_EQ(hardware.soc.tcm_bytes, 65536U);
  EXPECT_TRUE(hardware.engine);
}

TEST_F(HardwareFile, NeedsNoFile) {
  EXPECT_EQ(load_hardware({}, {}).soc.tcm_bytes, models::SocConfig{}.tcm_bytes);
  EXPECT_EQ(load_hardware({}, parsed({"soc.hart.data_cache.bytes=0"})).soc.hart.data_cache.bytes, 0U);
  EXPECT_THAT(message_of([] { load_hardware({}, parsed({"soc.tcm_bytes=3"})); }),
              StartsWith("--set soc.tcm_bytes=3:1: soc.tcm_bytes: "));
}

TEST_F(HardwareFile, RefusesWhatScenariosRefuse) {
  EXPECT_THAT(refusal("soc: {clock: 50}\n"), HasSubstr("soc.yaml:1: key 'clock' is unknown"));
  EXPECT_THAT(refusal("sock: {}\n"), HasSubstr("key 'sock' is unknown"));
  EXPECT_THAT(refusal("engine: {burst_bytes: 256}\nsoc: {interconnect: {max_burst_bytes: 64}}\n"),
              HasSubstr("burst_bytes 256 is more than the interconnect carries"));
  EXPECT_THAT(refusal("- soc\n"), HasSubstr("soc.yaml:1"));
}

TEST_F(HardwareFile, RefusesAnEngineThatIsChosenForANetwork) {
  EXPECT_THAT(refusal("engine: auto\n"), HasSubstr("chosen for a network"));
  EXPECT_THAT(refusal("engine: {family: auto}\n"), HasSubstr("set engine.family"));
}

}  // namespace
}  // namespace lutra::scenario
