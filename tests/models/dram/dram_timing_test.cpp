#include "models/dram/timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "models/base/dram_kinds.h"
#include "software/common/embedded.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string& file() {
  static const std::string text(find_embedded("models/dram/timing/lpddr4.yaml").value());
  return text;
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = file();
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the file no longer has: " + from);
  return text.replace(at, from.size(), to);
}

std::string message_of(const std::string& text) {
  try {
    parse_dram_timing(text, "x.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(DramTiming, TakesTheLargerOfTimeAndClocks) {
  EXPECT_EQ(parse_dram_timing(file(), "x").rtp, 12u) << "7.5 ns at 0.625 ns";
  const DramTiming slow = parse_dram_timing(replaced("{ns: 0.625,", "{ns: 1.25,"), "x");
  EXPECT_EQ(slow.rtp, 8u) << "7.5 ns are 6 clocks of 1.25 ns, and the minimum is 8";
  EXPECT_EQ(slow.rcd, 15u) << "18 ns are 14.4 clocks";
}

TEST(DramTiming, HasTheSizeOfItsDevice) {
  const DramTiming timing = embedded_dram_timing("lpddr4");
  EXPECT_EQ(timing.capacity_bytes(), std::uint64_t{1} << 30) << "8 Gb";
  EXPECT_EQ(timing.burst_bytes(), 32u);
}

TEST(DramTiming, EveryKindHasTheSizeAndThePeakOfItsDevices) {
  struct Device {
    const char* kind;
    std::uint64_t mib;
    double mb_per_s;
  };
  const Device devices[] = {{"ddr3", 512, 2133},
                            {"ddr3_x32", 1024, 4267},
                            {"ddr4", 1024, 4800},
                            {"lpddr2", 512, 3200},
                            {"lpddr4", 1024, 6400}};
  EXPECT_EQ(dram_kinds().size(), std::size(devices));
  for (const Device& device : devices) {
    SCOPED_TRACE(device.kind);
    const DramTiming timing = embedded_dram_timing(device.kind);
    EXPECT_EQ(timing.capacity_bytes(), device.mib << 20);
    EXPECT_NEAR(timing.width_bits / 8.0 * 2e6 / static_cast<double>(timing.clock_ps), device.mb_per_s, 3);
  }
}

// Zynq-7000 boards run DDR3-1066 as 7-7-7.
TEST(DramTiming, Ddr3HasTheClocksOfItsSpeedBin) {
  const DramTiming timing = embedded_dram_timing("ddr3");
  EXPECT_EQ(timing.rl, 7u);
  EXPECT_EQ(timing.rcd, 7u);
  EXPECT_EQ(timing.rppb, 7u);
  EXPECT_EQ(timing.ras, 20u);
  EXPECT_EQ(timing.rrd, 6u);
  EXPECT_EQ(timing.faw, 27u);
  EXPECT_EQ(timing.read_to_write(), 7u + 4 + 2 - 6) << "JESD79-3F: RL + BL/2 + 2 - WL";
}

TEST(DramTiming, BankGroupsHaveTimesOfTheirOwnAndOthersHaveNone) {
  const std::string ddr4(find_embedded("models/dram/timing/ddr4.yaml").value());
  const DramTiming timing = embedded_dram_timing("ddr4");
  EXPECT_EQ(timing.ccd, 4u);
  EXPECT_EQ(timing.ccd_l, 6u);
  EXPECT_EQ(embedded_dram_timing("ddr3").ccd_l, 4u);
  const auto without = [&](std::string text, const std::string& key) {
    const std::size_t at = text.find("  " + key);
    return text.erase(at, text.find('\n', at) + 1 - at);
  };
  EXPECT_THAT(message_of(without(ddr4, "tCCD_L")), HasSubstr("tCCD_L"));
  EXPECT_THAT(message_of(replaced("  tRTP:", "  tRRD_L: {clocks: 9, source: s}\n  tRTP:")),
              AllOf(HasSubstr("tRRD_L"), HasSubstr("one bank group")));
  std::string shorter = ddr4;
  shorter.replace(shorter.find("tCCD_L: {clocks: 6"), 18, "tCCD_L: {clocks: 3");
  EXPECT_THAT(message_of(shorter), AllOf(HasSubstr("tCCD_L"), HasSubstr("shorter")));
}

TEST(DramTiming, RefusesAnUnknownKind) {
  try {
    embedded_dram_timing("ddr17");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("ddr17"), HasSubstr("lpddr4")));
  }
}

TEST(DramTiming, RefusesWhatIsUnknownMissingOrImpossible) {
  EXPECT_THAT(message_of(replaced("  tRCD: ", "  tRDC: ")), AllOf(HasSubstr("x.yaml:"), HasSubstr("tRDC")));
  EXPECT_THAT(message_of(replaced("  tWTR:   {ns: 10, clocks: 8, source: \"JESD209-4B core AC timing\"}\n", "")),
              HasSubstr("tWTR"));
  EXPECT_THAT(message_of(replaced("{clocks: 28, source", "{clocks: -28, source")), HasSubstr("RL"));
  EXPECT_THAT(message_of(replaced("banks:        {value: 8", "banks:        {value: 6")), HasSubstr("power of two"));
  EXPECT_THAT(message_of(replaced("ns: 0.625", "ns: 0")), HasSubstr("tCK"));
  EXPECT_THAT(message_of(replaced("clocks: 6246", "clocks: 400")), HasSubstr("tREFI"));
  EXPECT_THAT(message_of(replaced("row_bank_column", "column_bank_row")), HasSubstr("address_mapping"));
  EXPECT_THAT(message_of(replaced("  phy_latency:", "  phy:")), HasSubstr("phy"));
  EXPECT_THAT(
      message_of(replaced("{ns: 10, source: \"gem5, src/mem/MemCtrl.py: static_frontend_latency\"}", "{ns: 10}")),
      AllOf(HasSubstr("latency"), HasSubstr("source")));
  EXPECT_THAT(message_of(replaced("{clocks: 14, source", "{clocks: 1000, source")), HasSubstr("WL"));
}

TEST(DramTiming, EveryValueNamesItsSource) {
  EXPECT_THAT(message_of(replaced(", source: \"JESD209-4B table 4.7.1: 3200 MT/s, set A\"", "")), HasSubstr("source"));
}

TEST(DramTiming, SurvivesMutation) {
  const std::uint32_t seed = 20240601;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string text = file();
    for (auto n = 1 + random() % 4; n > 0; --n) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) text.resize(random() % text.size());
    message_of(text);
  }
}

}  // namespace
}  // namespace lutra::models
