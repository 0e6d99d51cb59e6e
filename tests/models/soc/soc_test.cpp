#include "models/soc/soc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <numeric>

#include "models/interface/memory_map.h"
#include "software/common/error.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using testing::HasSubstr;

std::string message_of(const std::function<void(SocConfig&)>& change) {
  SocConfig config;
  change(config);
  try {
    Soc soc("soc", config);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Soc, HasTheConfiguredClock) {
  SocConfig config;
  config.clock_mhz = 300;
  Soc soc("soc", config);
  EXPECT_EQ(soc.clock_period().value(), 3333u) << "picoseconds, rounded to the nearest";
}

TEST(Soc, TheHostReadsAndWritesEveryMemory) {
  Soc soc("soc", SocConfig{});
  std::array<std::uint8_t, 256> out{};
  std::array<std::uint8_t, 256> in{};
  std::iota(out.begin(), out.end(), std::uint8_t{0});
  for (const std::uint32_t base : {LUTRA_TCM_BASE, LUTRA_SRAM_BASE, LUTRA_MAIN_BASE}) {
    soc.write_memory(base + 12, out);
    in.fill(0);
    soc.read_memory(base + 12, in);
    EXPECT_EQ(in, out);
  }
  EXPECT_THAT(soc.statistics().snapshot(), testing::Each(0u)) << "the host's accesses count nothing";
}

TEST(Soc, TheHostReachesNothingButMemories) {
  Soc soc("soc", SocConfig{});
  std::array<std::uint8_t, 8> data{};
  for (const std::uint32_t address : {0u, LUTRA_CONSOLE_BASE, LUTRA_TCM_BASE - 4, LUTRA_TCM_BASE + (256u << 10) - 4,
                                      LUTRA_SRAM_BASE + (1u << 20), LUTRA_MAIN_BASE + (64u << 20) - 4, 0xFFFFFFFCu}) {
    EXPECT_THROW(soc.read_memory(address, data), Error) << std::hex << address;
    EXPECT_THROW(soc.write_memory(address, data), Error) << std::hex << address;
  }
}

TEST(Soc, RefusesImpossibleConfigurations) {
  EXPECT_THAT(message_of([](SocConfig& c) { c.clock_mhz = 0; }), HasSubstr("clock"));
  EXPECT_THAT(message_of([](SocConfig& c) { c.clock_mhz = -5; }), HasSubstr("clock"));
  EXPECT_THAT(message_of([](SocConfig& c) { c.clock_mhz = std::numeric_limits<double>::quiet_NaN(); }),
              HasSubstr("clock"));
  EXPECT_THAT(message_of([](SocConfig& c) { c.tcm_bytes = 1u << 29; }), HasSubstr("TCM"));
}

TEST(Soc, RefusesAnUnknownMainMemory) {
  EXPECT_THAT(message_of([](SocConfig& c) { c.main_memory.kind = "drum"; }), HasSubstr("drum"));
}

TEST(Soc, RefusesMoreMainMemoryThanTheAddressSpaceHas) {
  EXPECT_THAT(message_of([](SocConfig& c) { c.main_memory.bytes = (1u << 31) + 4; }), HasSubstr("main memory"));
}

TEST(Soc, TakesAnotherInitiator) {
  Soc soc("soc", SocConfig{});
  const std::array<std::uint8_t, 12> program{0x73, 0x60, 0x44, 0x30,   // csrrsi x0, mie, 8
                                             0x73, 0x00, 0x50, 0x10,   // wfi
                                             0x6F, 0xF0, 0xDF, 0xFF};  // j -4
  soc.write_memory(LUTRA_TCM_BASE, program);
  soc.hart().set_reset_vector(LUTRA_TCM_BASE);
  test::Initiator engine(
      "engine",
      [&](test::Initiator& i) {
        EXPECT_TRUE(i.write(LUTRA_MAIN_BASE + 64, 0xCAFE).ok());
        EXPECT_EQ(i.read(LUTRA_MAIN_BASE + 64).value, 0xCAFEu);
        EXPECT_EQ(i.read(LUTRA_TCM_BASE).status, tlm::TLM_ADDRESS_ERROR_RESPONSE) << "the TCM is the hart's alone";
        soc.stop(3);
      },
      soc.clock_period());
  soc.interconnect().attach_initiator("engine", engine.socket);
  const RunResult result = soc.run();
  EXPECT_EQ(result.end, RunEnd::exited) << result.message;
  EXPECT_EQ(result.exit_code, 3);
}

}  // namespace
}  // namespace lutra::models
